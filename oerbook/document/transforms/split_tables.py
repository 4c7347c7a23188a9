"""Join HTML tables that Markdown divided at blank lines: their cells hold MyST between lines of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx.domains.std import StandardDomain

from oerbook.document.transforms.html_nodes import HELD_TAG, HtmlToNodes


def join_table(writer: HtmlToNodes, pieces: Sequence[Any]) -> list[nodes.Node]:
    """Return a table from raw HTML and the blocks between it.

    Blocks that stand in no cell and not in the caption follow the table.
    """
    writer.held = {str(number): piece for number, piece in enumerate(pieces) if not isinstance(piece, nodes.raw)}
    markup = "".join(
        piece.astext() if isinstance(piece, nodes.raw) else f'<{HELD_TAG} id="{number}"></{HELD_TAG}>'
        for number, piece in enumerate(pieces)
    )
    converted = writer.to_blocks(markup)
    rest = list(writer.held.values())
    writer.held = {}
    return [*converted, *rest]


def number_tables(doctree: nodes.document, docname: str, standard: StandardDomain) -> None:
    """Give captioned tables an id, without which Sphinx cannot number them; an id that the author wrote is a label."""
    for table in doctree.findall(nodes.table):
        caption = next((child for child in table.children if isinstance(child, nodes.title)), None)
        if caption is None:
            continue
        if not table["ids"]:
            doctree.note_implicit_target(table, table)
        elif "from-html" in table["classes"] and not table["names"]:
            name = nodes.fully_normalize_name(table["ids"][0])
            doctree.ids.setdefault(table["ids"][0], table)
            standard.anonlabels.setdefault(name, (docname, table["ids"][0]))
            standard.labels.setdefault(name, (docname, table["ids"][0], caption.astext()))
