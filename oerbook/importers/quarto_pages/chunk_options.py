"""Read the options of a code chunk: those in its first line and those in `#|` lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from oerbook.model.untyped import Yaml

CHUNK_INFO = re.compile(r"(?P<mark>`{3,}|~{3,})\s*\{(?P<engine>[A-Za-z][\w+.-]*)(?P<rest>(?:[\s,].*)?)\}\s*$")
OPTION_LINE = re.compile(r"^(?:#|//|%%|--)\|[ \t]?(?P<text>.*)$")
ASSIGNMENT = re.compile(r"(?P<key>[A-Za-z][\w.-]*)\s*=\s*(?P<value>.+)", re.S)
MAX_OPTION_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A code chunk: its language, label and options, whether these stand in `#|` lines, and its code."""

    engine: str
    label: str
    options: dict[str, str]
    option_lines: tuple[str, ...]
    code: tuple[str, ...]

    def is_false(self, key: str) -> bool:
        """Say whether an option is switched off."""
        return self.options.get(key, "").lower() in ("false", "f", "no")

    def is_true(self, key: str) -> bool:
        """Say whether an option is switched on."""
        return self.options.get(key, "").lower() in ("true", "t", "yes")


def read_chunk(info: str, content: Sequence[str]) -> Chunk | None:
    """Return the chunk of a fence, None if the fence is ordinary code.

    >>> read_chunk('```{r rain, echo=FALSE, fig.cap="A, b"}', ["plot(x)"]).options
    {'echo': 'FALSE', 'fig-cap': 'A, b'}
    """
    match = CHUNK_INFO.fullmatch(info)
    if match is None:
        return None
    label, options = _read_header(match["rest"])
    count = next((n for n, line in enumerate(content) if not OPTION_LINE.match(line)), len(content))
    written = _read_option_lines(content[:count])
    options |= {key.replace(".", "-"): value for key, value in written.items()}
    label = options.pop("label", label)
    return Chunk(match["engine"].lower(), label, options, tuple(content[:count]), tuple(content[count:]))


def _read_header(text: str) -> tuple[str, dict[str, str]]:
    """Return the label and the options in the first line of a chunk."""
    label, options = "", {}
    for number, part in enumerate(split_arguments(text.strip().lstrip(","))):
        match = ASSIGNMENT.fullmatch(part)
        if match:
            options[match["key"].replace(".", "-")] = unquote(match["value"])
        elif number == 0 and part:
            label = unquote(part)
    return label, options


def split_arguments(text: str) -> list[str]:
    """Return the parts of text between commas that are in no quotation marks or brackets.

    >>> split_arguments('a, b = c(1, 2), d = "x, y"')
    ['a', 'b = c(1, 2)', 'd = "x, y"']
    """
    parts, depth, quote, start = [], 0, "", 0
    index = 0
    while index < len(text):
        char = text[index]
        if quote:
            index += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
        index += 1
    return [*parts, text[start:].strip()]


def unquote(value: str) -> str:
    """Return the text of a string of R or Python, other values as they are.

    >>> unquote("'It\\\\'s'"), unquote("TRUE")
    ("It's", 'TRUE')
    """
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value[1:-1])
    return value


def _read_option_lines(lines: Sequence[str]) -> dict[str, str]:
    texts = [match["text"] for line in lines if (match := OPTION_LINE.match(line))]
    if not texts:
        return {}
    if all(ASSIGNMENT.match(text) and ":" not in text.partition("=")[0] for text in texts if text.strip()):
        return _read_header(f"label = '', {', '.join(text.rstrip(', ') for text in texts)}")[1]
    text = "\n".join(texts)
    try:
        has_alias = len(text) > MAX_OPTION_CHARS or any(
            isinstance(token, yaml.AliasToken | yaml.AnchorToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)
        )
        data: Yaml = None if has_alias else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        pairs = (line.partition(":") for line in texts)
        return {key.strip(): unquote(value) for key, colon, value in pairs if colon and " " not in key.strip()}
    return {str(key): _as_text(value) for key, value in data.items()} if isinstance(data, dict) else {}


def _as_text(value: Yaml) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value).strip()
