"""Limit what extensions expand, so that a short page cannot become gigabytes."""

from __future__ import annotations

import re

import sphinx.directives.code as code
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.directives.other import HList

MOST_COLUMNS = 20
NUMBER = re.compile(r"\d+")

_parse_line_num_spec = code.parse_line_num_spec  # type: ignore[attr-defined]


def lines(spec: str, total: int) -> list[int]:
    """Return the 0-based indices for "1,3-5"; numbers beyond the text are clamped.

    >>> lines("1,3-900000000", 4)
    [0, 2, 3, 4]
    """
    beyond = str(total + 1)

    def clamp(match: re.Match[str]) -> str:
        return beyond if len(match[0]) > 9 or int(match[0]) > total else match[0]

    indices: list[int] = _parse_line_num_spec(NUMBER.sub(clamp, spec), total)
    return indices


class Columns(HList):
    """The `hlist` directive with a limited number of columns."""

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the list."""
        self.options["columns"] = max(1, min(int(self.options.get("columns", 2)), MOST_COLUMNS))
        return super().run()


def install(app: Sphinx) -> None:
    """Install the limits in Sphinx."""
    app.add_directive("hlist", Columns, override=True)
    code.parse_line_num_spec = lines  # type: ignore[attr-defined]
