"""Write tables: with pipes if every cell is a line of text, as a list if not, in HTML if cells span others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from oerbook.importers.myst_writer.escaping import fence_for
from oerbook.importers.myst_writer.state import PageState
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

WriteBlocks = Callable[[PageState, Sequence[Block]], str]
DELIMITER_BY_ALIGNMENT = {"AlignLeft": ":---", "AlignRight": "---:", "AlignCenter": ":---:", "AlignDefault": "---"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its MyST, and how many rows and columns it spans."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells, and whether it is a head."""

    cells: tuple[Cell, ...]
    is_head: bool = False


def write_table(state: PageState, block: Block, write_blocks: WriteBlocks) -> str:
    """Return a table in the plainest form that holds it, with its caption and label."""
    (identifier, _classes, _pairs), (_short, caption), columns, head, bodies, foot = block["c"]
    rows = [row for row in _rows(state, (head, bodies, foot), write_blocks) if row.cells]
    if not rows:
        return ""
    state.counts["tables"] += 1
    label = state.context.labels.get(identifier, "")
    caption_text = " ".join(write_blocks(state, caption).split())
    if any(cell.rows > 1 or cell.columns > 1 for row in rows for cell in row.cells):
        return _html_table(rows, caption_text, label)
    if rows[0].is_head and _is_plain(rows):
        text = _pipe_table(rows, [column[0]["t"] for column in columns])
    else:
        return _list_table(rows, caption_text, label)
    if not caption_text and not label:
        return text
    options = [f":name: {label}"] if label else []
    fence = fence_for(text, ":")
    head_line = f"{fence}{{table}} {caption_text}".rstrip()
    return "\n".join([head_line, *options, "", text, fence])


def _rows(state: PageState, parts: tuple[Json, Json, Json], write_blocks: WriteBlocks) -> Iterator[Row]:
    head, bodies, foot = parts
    groups = [(head[1], True)]
    for _attributes, _stub_columns, heads, rows in bodies:
        groups += [(heads, True), (rows, False)]
    groups.append((foot[1], False))
    for rows, is_head in groups:
        for _attributes, cells in rows:
            written = tuple(
                Cell(write_blocks(state, content), int(row_span), int(column_span))
                for _attr, _align, row_span, column_span, content in cells
            )
            yield Row(written, is_head)


def _is_plain(rows: Sequence[Row]) -> bool:
    """Say whether all cells are one paragraph, and only the first row is a head."""
    texts = [cell.text for row in rows for cell in row.cells]
    return not any(row.is_head for row in rows[1:]) and not any(
        "\n\n" in text or "\\\n" in text or text.startswith(("- ", "1. ", "```", ":::", ">", "$$")) for text in texts
    )


def _pipe_table(rows: Sequence[Row], alignments: Sequence[str]) -> str:
    texts = [[cell.text.replace("\n", " ").replace("|", r"\|") for cell in row.cells] for row in rows]
    width = max(map(len, texts))
    texts = [row + [""] * (width - len(row)) for row in texts]
    rules = [DELIMITER_BY_ALIGNMENT.get(name, "---") for name in alignments[:width]]
    rules += ["---"] * (width - len(rules))
    lines = [texts[0], rules, *texts[1:]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _list_table(rows: Sequence[Row], caption: str, label: str) -> str:
    width = max(len(row.cells) for row in rows)
    lines = []
    for row in rows:
        cells = [cell.text for cell in row.cells] + [""] * (width - len(row.cells))
        for number, text in enumerate(cells):
            indented = text.replace("\n", "\n    ").replace("\n    \n", "\n\n")
            lines.append(f"{'* - ' if number == 0 else '  - '}{indented}".rstrip())
    body = "\n".join(lines)
    fence = fence_for(body, ":")
    heads = sum(1 for row in rows if row.is_head)
    options = [f":header-rows: {heads}", *([f":name: {label}"] if label else [])]
    return "\n".join([f"{fence}{{list-table}} {caption}".rstrip(), *options, "", body, fence])


def _html_table(rows: Sequence[Row], caption: str, label: str) -> str:
    """Return a table in HTML whose caption and cells hold MyST between blank lines."""
    lines = [f'<table id="{label}">' if label else "<table>"]
    lines += ["<caption>", "", caption, "", "</caption>"] if caption else []
    for row in rows:
        lines.append("<tr>")
        for cell in row.cells:
            tag = "th" if row.is_head else "td"
            spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            lines += [f"<{tag}{spans}>", "", cell.text, "", f"</{tag}>"] if cell.text else [f"<{tag}{spans}></{tag}>"]
        lines.append("</tr>")
    return "\n".join([*lines, "</table>"])
