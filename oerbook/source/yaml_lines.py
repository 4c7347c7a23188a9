"""Front matter as data: plain YAML without aliases, bounded in size and depth, every value with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

MOST_BYTES = 64_000
MOST_DEPTH = 20
MOST_NODES = 20_000
# What commands a terminal, turns the text, hides in it, or is no sign at all; XML cannot hold some of them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where PyYAML was built with it


@dataclass(frozen=True, slots=True)
class Value:
    """A YAML value and the 1-based line it stands on: text, number, truth, date, list of Value or (key, line, Value)s."""

    data: Any
    line: int


HINT = 'Each line is a key, a colon, a space and a value; quote texts with special signs: title: "…".'
TROUBLES = (  # what the reader says, what it means, what to do
    ("character '\\t'", "a tab stands where only blanks may", "Indent with spaces, never with tabs."),
    ("mapping values are not allowed", "there is a colon in what stands behind a key", 'A text with a colon in it needs quotes: title: "Soil: a history".'),
    ("expected ',' or ']'", "a list that begins with [ is not closed, or a comma is missing in it", "Write it as [soil, water]."),
    ("expected ',' or '}'", "a { is not closed", ""),
    ("while scanning a quoted scalar", "a quotation mark is not closed", "End the text with the mark that begins it."),
    ("found unknown escape character", "a backslash stands in double quotes", "Write the text in single quotes: '…'."),
    ("could not find expected ':'", "a line has no colon behind its key", ""),
    ("that cannot start any token", "a value begins with a sign that has a meaning of its own", 'Put it into quotes: title: "@home".'),
    ("expected <block end>", "the lines are not indented alike, or words follow a text in quotes", ""),
    ("unacceptable character", "there is a sign that nobody sees", "Type the line anew."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is not front matter, and on which line."""

    message: str
    line: int
    hint: str = ""


def parse(text: str, first_line: int = 1) -> Value | Fault:
    """Return the value of a YAML text that begins on `first_line` of its file, or the fault that is in it."""
    if len(text.encode()) > MOST_BYTES:
        return Fault(f"the front matter is longer than {MOST_BYTES} bytes", first_line, "Move the text into the body.")
    try:
        return _read(text, first_line, FAST)
    except (yaml.YAMLError, RecursionError, ValueError):
        pass  # the slow reader has the better words for what is wrong
    try:
        return _read(text, first_line, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        words, hint = _plainly(str(error), error.problem or "")
        return Fault(f"the front matter cannot be read: {words}", line, hint)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        words, hint = _plainly(str(error), str(error).splitlines()[0][:100])
        return Fault(f"the front matter cannot be read: {words}", first_line, hint)


def _read(text: str, first_line: int, loader: Any) -> Value | Fault:
    fault = _scan(text, first_line, loader)
    if fault:
        return fault
    node = yaml.compose(text, Loader=loader)
    return _value(node, first_line, 0) if node is not None else Value(None, first_line)


def _plainly(error: str, problem: str) -> tuple[str, str]:
    """Return what is wrong in plain words, and what to do."""
    found = next((told for sign, *told in TROUBLES if sign in error), None)
    return (found[0], found[1] or HINT) if found else (problem, HINT)


def _scan(text: str, first_line: int, loader: Any) -> Fault | None:
    """Refuse aliases, too deep nesting and unseen signs that hide behind a code before anything is built."""
    depth = 0
    for count, token in enumerate(yaml.scan(text, Loader=loader)):
        line = first_line + token.start_mark.line
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
            hint = "Write the value out in full, in quotes if it begins with & or *."
            return Fault("anchors (&) and aliases (*) are not allowed in front matter", line, hint)
        if isinstance(
            token,
            (
                yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken | yaml.FlowMappingStartToken,
                yaml.FlowSequenceStartToken,
            ),
        ):
            depth += 1
        elif isinstance(token, yaml.BlockEndToken | yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            depth -= 1
        found = UNSEEN.search(token.value) if isinstance(token, yaml.ScalarToken) else None
        if found and found[0] not in text:
            words = f"a sign that nobody sees (U+{ord(found[0]):04X}) is written as a code"
            return Fault(words, line, "Take out the backslash and what stands for the sign behind it.")
        if depth > MOST_DEPTH or count > MOST_NODES:
            return Fault("the front matter is nested too deeply or too long", line, "Keep it flat and short.")
    return None


def _value(node: yaml.Node, first_line: int, depth: int) -> Value | Fault:
    line = first_line + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        pairs, seen = [], set()
        for key_node, value_node in node.value:
            key_line = first_line + key_node.start_mark.line
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in seen:
                return Fault(f"the key {key} stands here twice", key_line, "Keep one of them.")
            seen.add(key)
            value = _value(value_node, first_line, depth + 1)
            if isinstance(value, Fault):
                return value
            pairs.append((key, key_line, value))
        return Value(Mapping(tuple(pairs)), line)
    if isinstance(node, yaml.SequenceNode):
        items = [_value(item, first_line, depth + 1) for item in node.value]
        fault = next((item for item in items if isinstance(item, Fault)), None)
        return fault or Value(items, line)
    return Value(_scalar(node), line)


def _scalar(node: Any) -> Any:
    """Return a plain scalar: text, number, truth, date or None."""
    if node.tag not in {
        f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
    }:
        return str(node.value)
    try:
        made = yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, yaml.YAMLError):
        return str(node.value)
    return made.date() if isinstance(made, datetime) else made


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the author's order, each with its line and value."""

    pairs: tuple[tuple[str, int, Value], ...]

    def get(self, key: str) -> Value | None:
        """Return the value of a key."""
        return next((value for name, _line, value in self.pairs if name == key), None)

    def __iter__(self) -> Iterator[tuple[str, int, Value]]:
        return iter(self.pairs)


def plain(value: Value | None) -> Any:
    """Return a value without its lines: dictionaries, lists, scalars."""
    if value is None:
        return None
    if isinstance(value.data, Mapping):
        return {key: plain(item) for key, _line, item in value.data}
    if isinstance(value.data, list):
        return [plain(item) for item in value.data]
    return value.data


def text_of(data: Any) -> str:
    """Return a scalar as the text an author meant.

    >>> text_of(True), text_of(2), text_of(date(2026, 1, 2)), text_of(None)
    ('true', '2', '2026-01-02', '')
    """
    if data is None:
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    return data.isoformat() if isinstance(data, date) else str(data)
