"""`{grid}` whose children are anything, as in mystmd: each picture, card or text is a cell."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx_design.grids import GridDirective
from sphinx_design.shared import create_component, is_component, is_ignorable_child


class Grid(GridDirective):
    """A grid; what is no `{grid-item}` becomes one."""

    def run_with_defaults(self) -> list[nodes.Node]:
        """Return the grid. The content is parsed here, since sphinx-design reports cells without `{grid-item}`."""
        content, offset = self.content, self.content_offset
        self.assert_has_content()
        self.content = StringList([""], "")
        grid: Any = super().run_with_defaults()[0]
        row = grid.children[0]
        self.state.nested_parse(content, offset, row)
        for child in list(row.children):
            if not is_component(child, "grid-item") and not is_ignorable_child(child):
                item = create_component("grid-item", ["sd-col", "sd-d-flex-column"])
                item.source, item.line = self.get_source_info()
                child.replace_self(item)
                item += child
        return [grid]
