"""Bounds on what other packages unfold: a few signs of a chapter must not become a billion."""

from __future__ import annotations

import re

import sphinx.directives.code as code
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.directives.other import HList

MOST_COLUMNS = 20
NUMBER = re.compile(r"\d+")

_lines = code.parse_line_num_spec  # type: ignore[attr-defined]


def lines(spec: str, total: int) -> list[int]:
    """Return the lines that a specification such as "1,3-5" names; what lies beyond the text counts as its end.

    >>> lines("1,3-900000000", 4)
    [0, 2, 3, 4]
    """
    past = str(total + 1)

    def within(match: re.Match[str]) -> str:
        return past if len(match[0]) > 9 or int(match[0]) > total else match[0]

    found: list[int] = _lines(NUMBER.sub(within, spec), total)
    return found


class Columns(HList):
    """A list in columns, of which no page holds more than a few."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        self.options["columns"] = max(1, min(int(self.options.get("columns", 2)), MOST_COLUMNS))
        return super().run()


def install(app: Sphinx) -> None:
    """Put the bounds in place."""
    app.add_directive("hlist", Columns, override=True)
    code.parse_line_num_spec = lines  # type: ignore[attr-defined]
