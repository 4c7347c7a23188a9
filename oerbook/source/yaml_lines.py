"""Parse the YAML of front matter: no aliases, limited size, a line for each value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import yaml

from oerbook.text.characters import FORBIDDEN_IN_YAML

YamlScalarValue: TypeAlias = str | int | float | bool | date | None
YamlData: TypeAlias = "YamlScalarValue | list[YamlData] | dict[str, YamlData]"

MAX_FRONT_MATTER_BYTES = 64_000
MAX_DEPTH = 20
MAX_TOKENS = 20_000
FAST_LOADER: type[yaml.SafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml, if PyYAML was built with it
SCALAR_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)
OPENING_TOKENS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
CLOSING_TOKENS = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


@dataclass(frozen=True, slots=True)
class YamlValue:
    """A YAML value and the 1-based line on which it starts."""

    data: YamlScalarValue | list[YamlValue] | YamlMapping
    line: int


DEFAULT_HINT = (
    'Each line is a key, a colon, a space and a value; quote texts that contain special characters: title: "…".'
)
PARSER_MESSAGES = (  # part of PyYAML's message, plain message, hint ("": the default hint)
    ("character '\\t'", "a tab is used where only spaces are allowed", "Indent with spaces, not with tabs."),
    (
        "mapping values are not allowed",
        "there is a colon inside a value",
        'Put text that contains a colon in quotes: title: "Soil: a history".',
    ),
    (
        "expected ',' or ']'",
        "a list that starts with [ is not closed, or a comma is missing in it",
        "Write it as [soil, water].",
    ),
    ("expected ',' or '}'", "a { is not closed", ""),
    (
        "while scanning a quoted scalar",
        "a quotation mark is not closed",
        "End the text with the same mark that starts it.",
    ),
    ("found unknown escape character", "there is a backslash inside double quotes", "Use single quotes instead: '…'."),
    ("could not find expected ':'", "a line has no colon after its key", ""),
    (
        "that cannot start any token",
        "a value starts with a character that has a special meaning in YAML",
        'Put it in quotes: title: "@home".',
    ),
    ("expected <block end>", "the lines are not indented alike, or there is text after a closing quotation mark", ""),
    ("unacceptable character", "there is an invisible character", "Type the line again."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """Why a text cannot be used as front matter: message, 1-based line, hint."""

    message: str
    line: int
    hint: str = ""


def parse_yaml(text: str, first_line: int = 1) -> YamlValue | YamlProblem:
    """Parse a YAML text that starts on `first_line`; return its value or a problem."""
    if len(text.encode()) > MAX_FRONT_MATTER_BYTES:
        return YamlProblem(
            f"the front matter is longer than {MAX_FRONT_MATTER_BYTES} bytes",
            first_line,
            "Move the text into the body.",
        )
    try:
        return _compose(text, first_line, FAST_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError):
        pass  # parse again: the pure Python loader has clearer messages
    try:
        return _compose(text, first_line, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        message, hint = _explain(str(error), error.problem or "")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = first_line
        message, hint = _explain(str(error), str(error).splitlines()[0][:100])
    return YamlProblem(f"the front matter cannot be read: {message}", line, hint)


def _compose(text: str, first_line: int, loader: type[yaml.SafeLoader]) -> YamlValue | YamlProblem:
    problem = _check_tokens(text, first_line, loader)
    if problem:
        return problem
    node = yaml.compose(text, Loader=loader)
    return _value(node, first_line) if node is not None else YamlValue(None, first_line)


def _explain(error: str, problem: str) -> tuple[str, str]:
    """Return a plain message (by default `problem`) and a hint for an error of PyYAML."""
    for part, message, hint in PARSER_MESSAGES:
        if part in error:
            return message, hint or DEFAULT_HINT
    return problem, DEFAULT_HINT


def _check_tokens(text: str, first_line: int, loader: type[yaml.SafeLoader]) -> YamlProblem | None:
    """Reject aliases, deep nesting and invisible characters before building values."""
    depth = 0
    for count, token in enumerate(yaml.scan(text, Loader=loader)):
        line = first_line + token.start_mark.line
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
            hint = "Write the value out in full; put it in quotes if it starts with & or *."
            return YamlProblem("anchors (&) and aliases (*) are not allowed in front matter", line, hint)
        depth += isinstance(token, OPENING_TOKENS) - isinstance(token, CLOSING_TOKENS)
        hidden = FORBIDDEN_IN_YAML.search(token.value) if isinstance(token, yaml.ScalarToken) else None
        if hidden and hidden[0] not in text:
            message = f"an invisible character (U+{ord(hidden[0]):04X}) is written as an escape"
            return YamlProblem(message, line, "Remove the backslash and the code after it.")
        if depth > MAX_DEPTH or count > MAX_TOKENS:
            return YamlProblem("the front matter is nested too deeply or too long", line, "Keep it flat and short.")
    return None


def _value(node: yaml.Node, first_line: int) -> YamlValue | YamlProblem:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, first_line)
    if isinstance(node, yaml.SequenceNode):
        return _sequence(node, first_line)
    return YamlValue(_scalar(node), first_line + node.start_mark.line)


def _sequence(node: yaml.SequenceNode, first_line: int) -> YamlValue | YamlProblem:
    items = []
    for item_node in node.value:
        item = _value(item_node, first_line)
        if isinstance(item, YamlProblem):
            return item
        items.append(item)
    return YamlValue(items, first_line + node.start_mark.line)


def _mapping(node: yaml.MappingNode, first_line: int) -> YamlValue | YamlProblem:
    pairs, seen = [], set()
    for key_node, value_node in node.value:
        key_line = first_line + key_node.start_mark.line
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        if key in seen:
            return YamlProblem(f"the key {key} is used twice", key_line, "Keep one of them.")
        seen.add(key)
        value = _value(value_node, first_line)
        if isinstance(value, YamlProblem):
            return value
        pairs.append((key, key_line, value))
    return YamlValue(YamlMapping(tuple(pairs)), first_line + node.start_mark.line)


def _scalar(node: yaml.Node) -> YamlScalarValue:
    """Return a scalar: text, number, boolean, date or None."""
    if node.tag not in SCALAR_TAGS:
        return str(node.value)
    try:
        data: YamlScalarValue = yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, yaml.YAMLError):
        return str(node.value)
    return data.date() if isinstance(data, datetime) else data


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys in the order of the file, each with its line and value."""

    pairs: tuple[tuple[str, int, YamlValue], ...]

    def get(self, key: str) -> YamlValue | None:
        """Return the value of a key."""
        return next((value for name, _line, value in self.pairs if name == key), None)

    def __iter__(self) -> Iterator[tuple[str, int, YamlValue]]:
        return iter(self.pairs)


def without_line_numbers(value: YamlValue | None) -> YamlData:
    """Return a value without its lines: dicts, lists, scalars."""
    if value is None:
        return None
    if isinstance(value.data, YamlMapping):
        return {key: without_line_numbers(item) for key, _line, item in value.data}
    if isinstance(value.data, list):
        return [without_line_numbers(item) for item in value.data]
    return value.data


def scalar_as_text(data: object) -> str:
    """Return a scalar as the text that the author meant.

    >>> scalar_as_text(True), scalar_as_text(2), scalar_as_text(date(2026, 1, 2)), scalar_as_text(None)
    ('true', '2', '2026-01-02', '')
    """
    if data is None:
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    return data.isoformat() if isinstance(data, date) else str(data)
