"""Clamp the line numbers of `:emphasize-lines:` and the like, so that a short page cannot become gigabytes.

Written for Sphinx 9.0, which makes a list of all numbers of a range, however far beyond the text:
https://github.com/sphinx-doc/sphinx/blob/v9.0.4/sphinx/util/_lines.py
"""

from __future__ import annotations

import re

import sphinx.directives.code as code

from oerbook.document.context.build_context import BuildContext

DIGITS = re.compile(r"\d+")
_parse_line_num_spec = code.parse_line_num_spec  # type: ignore[attr-defined]


def parse_line_numbers(spec: str, total: int) -> list[int]:
    """Return the 0-based indices for "1,3-5"; numbers beyond the text are clamped.

    >>> parse_line_numbers("1,3-900000000", 4)
    [0, 2, 3, 4]
    """
    beyond = str(total + 1)

    def clamp(match: re.Match[str]) -> str:
        return beyond if len(match[0]) > 9 or int(match[0]) > total else match[0]

    indices: list[int] = _parse_line_num_spec(DIGITS.sub(clamp, spec), total)
    return indices


def install(_context: BuildContext) -> None:
    """Replace the parsing of line numbers."""
    code.parse_line_num_spec = parse_line_numbers  # type: ignore[attr-defined]
