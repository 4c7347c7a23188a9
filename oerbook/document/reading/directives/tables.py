"""`{table}` with anything in it, and `{list-table}` with rows of unequal length: nothing of their content is lost."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst.directives.tables import ListTable, RSTTable
from docutils.parsers.rst.states import RSTState

from oerbook.document.context.build_context import current_context

NO_TABLE_HINT = "Write a table with | between cells and a line of hyphens below its head; for a picture, use {figure}."


class CaptionedTable(RSTTable):
    """`{table}`: the caption belongs to the first table of the content, or to its picture."""

    def run(self) -> Any:
        """Return a list of nodes: the table with what stands before and behind it."""
        state: Any = self.state
        if isinstance(state, RSTState) or not self.content:
            return list(super().run())
        content: Any = nodes.Element()
        state.nested_parse(self.content, self.content_offset, content)
        children = list(content.children)
        index = next((n for n, child in enumerate(children) if isinstance(child, nodes.table)), None)
        if index is None:
            return self._figure(children)
        # docutils parses the content itself: give it the table that is parsed already.
        state.nested_parse = lambda _content, _offset, node: node.append(children[index])
        return [*children[:index], *super().run(), *children[index + 1 :]]

    def _figure(self, children: list[nodes.Node]) -> list[nodes.Node]:
        """Return content without a table as a figure, which has a caption and a number as well."""
        message = "{table} contains no table, so it is set as a figure"
        current_context().report_problem(
            self.state.document.settings.env.docname, "markup", message, self.lineno, hint=NO_TABLE_HINT
        )
        words: Any = self.state.inline_text(self.arguments[0], self.lineno)[0] if self.arguments else []
        figure = nodes.figure("", *children, align="default")
        figure.source, figure.line = self.state_machine.get_source_and_line(self.lineno)
        if words:
            figure += nodes.caption("", "", *words)
        self.add_name(figure)
        return [figure]


class PaddedListTable(ListTable):
    """`{list-table}`: short rows end with empty cells."""

    def check_list_content(self, node: nodes.Element) -> Any:
        """Fill the short rows and report them; then do what docutils does."""
        rows: list[Any] = list(node.children[0].children) if len(node.children) == 1 else []
        cells_of_rows = [row.children[0] for row in rows if len(row.children) == 1]
        lists = [cells for cells in cells_of_rows if isinstance(cells, nodes.bullet_list)]
        width = max((len(cells.children) for cells in lists), default=0)
        for number, cells in enumerate(lists if len(lists) == len(rows) else (), start=1):
            missing = width - len(cells.children)
            if missing:
                message = f"row {number} of this table has {width - missing} cells, but its longest row has {width}"
                hint = "The missing cells are empty. Write each cell on a line of its own, after a hyphen."
                docname = self.state.document.settings.env.docname
                current_context().report_problem(docname, "markup", message, self.lineno, hint=hint)
                cells += [nodes.list_item("") for _cell in range(missing)]
        return super().check_list_content(node)  # type: ignore[no-untyped-call]


DIRECTIVES = {"table": CaptionedTable, "list-table": PaddedListTable}
