"""Limit what extensions expand, so that a short page cannot become gigabytes."""

from __future__ import annotations

import re

import sphinx.directives.code as code
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.directives.other import HList

MAX_COLUMNS = 20
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


class LimitedHList(HList):
    """The `hlist` directive with a limited number of columns."""

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the list."""
        self.options["columns"] = max(1, min(int(self.options.get("columns", 2)), MAX_COLUMNS))
        return super().run()


def install(app: Sphinx) -> None:
    """Install the limits in Sphinx."""
    app.add_directive("hlist", LimitedHList, override=True)
    code.parse_line_num_spec = parse_line_numbers  # type: ignore[attr-defined]
