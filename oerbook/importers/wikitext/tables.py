"""Convert tables of wikitext, with cells that span rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import mwparserfromhell
from mwparserfromhell import nodes

from oerbook.importers.web.elements import append_content, make
from oerbook.importers.wikitext.page_converter import PageConverter
from oerbook.model.untyped import WikiNode, XmlElement

NUMBER = re.compile(r"\d{1,3}")
CELL_SPANS = ("rowspan", "colspan")


def convert_table(converter: PageConverter, node: WikiNode) -> Iterator[XmlElement]:
    """Yield a table; a table with one cell is its content."""
    table = make("table")
    row = make("tr")
    for child in _children(node):
        name = tag_name(child)
        if name == "tr":
            if len(row):
                table.append(row)
            row = make("tr")
            for cell in _children(child):
                _add_cell(converter, row, cell)
        elif name in ("td", "th") and str(child.wiki_markup or "") == "|" and str(child.contents).startswith("+"):
            _add_caption(converter, table, child)
        elif name == "caption":
            table.insert(0, append_content(make("caption"), converter.inline(child.contents)))
        elif name in ("tbody", "thead"):
            table.extend([row for part in convert_table(converter, child) for row in part.iter("tr")])
        else:
            _add_cell(converter, row, child)
    if len(row):
        table.append(row)
    cells = list(table.iter("td", "th"))
    if len(cells) == 1 and table.find("caption") is None:
        holder = make("div")
        holder.text = cells[0].text
        holder.extend(list(cells[0]))
        yield holder
    elif cells:
        _mark_head(table)
        yield table


def tag_name(node: WikiNode) -> str:
    """Return the name of a tag, "" for other nodes."""
    return str(node.tag).strip().lower() if isinstance(node, nodes.Tag) else ""


def _children(node: WikiNode) -> list[WikiNode]:
    return list(node.contents.nodes) if node.contents is not None else []


def _add_caption(converter: PageConverter, table: XmlElement, node: WikiNode) -> None:
    text = str(node.contents)[1:]
    head, bar, rest = text.partition("|")
    caption = rest if bar and "[[" not in head and "{{" not in head and "=" in head else text
    table.insert(0, append_content(make("caption"), converter.inline(mwparserfromhell.parse(caption.strip()))))


def _add_cell(converter: PageConverter, row: XmlElement, node: WikiNode) -> None:
    name = tag_name(node)
    if name not in ("td", "th"):
        if isinstance(node, nodes.Template | nodes.Text) and str(node).strip():
            content = converter.inline(mwparserfromhell.parse(str(node)))
            if any(not isinstance(piece, str) or piece.strip() for piece in content) and len(row):
                append_content(row[-1], content)
        return
    cell = make(name)
    for key in CELL_SPANS:
        value = next((str(a.value or "") for a in node.attributes if str(a.name).strip().lower() == key), "")
        match = NUMBER.search(value)
        if match and int(match[0]) > 1:
            cell.set(key, match[0])
    append_content(cell, converter.content(node.contents))
    if cell.text:
        cell.text = cell.text.lstrip()
    row.append(cell)


def _mark_head(table: XmlElement) -> None:
    """Put the first rows of headings into a head."""
    rows = [row for row in table if row.tag == "tr"]
    head = []
    for row in rows:
        if not all(cell.tag == "th" for cell in row):
            break
        head.append(row)
    if head and len(head) < len(rows):
        holder = make("thead")
        table.insert(list(table).index(head[0]), holder)
        holder.extend(head)
