"""Limit what extensions expand, so that a short page cannot become gigabytes."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.directives.other import HList

MAX_COLUMNS = 20


class LimitedHList(HList):
    """The `hlist` directive with a limited number of columns."""

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the list."""
        self.options["columns"] = max(1, min(int(self.options.get("columns", 2)), MAX_COLUMNS))
        return super().run()


def install(app: Sphinx) -> None:
    """Replace the directive."""
    app.add_directive("hlist", LimitedHList, override=True)
