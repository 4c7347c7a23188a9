"""Read the options of a code cell: those of MyST above the code, and lines `#| key: value` at its head."""

from __future__ import annotations

import re
from typing import Any

import yaml

from oerbook.text.myst_scan import split_options

MAX_OPTION_CHARS = 20_000
COMMENT_OPTION = re.compile(r"#\|[ \t]?(.*)")
# Options of Quarto that hide something when they are false -> tags of Jupyter Book.
TAG_BY_QUARTO_OPTION = {"echo": "remove-input", "include": "remove-cell", "output": "remove-output"}


def split_options_from_code(content: str) -> tuple[dict[str, Any], str]:
    """Split a cell's text into its options (in either of MyST's forms) and its code.

    >>> split_options_from_code(":tags: [hide-input]\\n\\nprint(1)")
    ({'tags': ['hide-input']}, 'print(1)')
    >>> split_options_from_code("#| label: rain\\n#| echo: false\\nprint(1)")
    ({'mystnb': {'figure': {'name': 'rain'}}, 'tags': ['remove-input']}, 'print(1)')
    """
    text, count = split_options(content)
    options = _parse_options(text)
    code = "\n".join(content.split("\n")[count:]).strip("\n")
    written, code = _split_comment_options(code)
    return {**options, **_translate(written, options)} if written else options, code


def _split_comment_options(code: str) -> tuple[dict[str, Any], str]:
    """Return the options in `#|` lines at the head of code, and the code below them."""
    lines = code.split("\n")
    count = next((index for index, line in enumerate(lines) if not COMMENT_OPTION.match(line)), len(lines))
    options = _parse_options("\n".join(line[2:].removeprefix(" ") for line in lines[:count])) if count else {}
    return (options, "\n".join(lines[count:]).strip("\n")) if options else ({}, code)


def _translate(written: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Return options in mystmd's and Quarto's words as those that MyST-NB knows."""
    caption = written.get("fig-cap", written.get("caption"))
    alt = written.get("fig-alt", written.get("alt"))
    settings = {
        "figure": {key: str(value) for key, value in (("name", written.get("label")), ("caption", caption)) if value},
        "image": {"alt": str(alt)} if alt else {},
    }
    used = {key: value for key, value in settings.items() if value}
    tags = [*_as_tags(options.get("tags")), *_as_tags(written.get("tags"))]
    tags += [tag for key, tag in TAG_BY_QUARTO_OPTION.items() if written.get(key) is False]
    mystnb = options.get("mystnb") or used
    return {**({"mystnb": mystnb} if mystnb else {}), **({"tags": tags} if tags else {})}


def _as_tags(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(tag) for tag in value] if isinstance(value, list) else []


def _parse_options(text: str) -> dict[str, Any]:
    """Parse options as YAML; return {} for aliases, long text and invalid text."""
    if len(text) > MAX_OPTION_CHARS:
        return {}
    try:
        tokens = list(yaml.scan(text, Loader=yaml.SafeLoader))
        has_aliases = any(isinstance(token, yaml.AliasToken | yaml.AnchorToken) for token in tokens)
        options = None if has_aliases else yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return options if isinstance(options, dict) else {}
