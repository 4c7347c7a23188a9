"""Write pandoc's blocks as MyST."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.myst_writer.boxes import write_div
from oerbook.importers.myst_writer.code import write_code_block
from oerbook.importers.myst_writer.figures import write_figure, write_picture
from oerbook.importers.myst_writer.inlines import write_inlines
from oerbook.importers.myst_writer.lists import write_bullet_list, write_definition_list, write_ordered_list
from oerbook.importers.myst_writer.state import PageState
from oerbook.importers.myst_writer.tables import write_table
from oerbook.importers.myst_writer.wrap import single_line, wrap_paragraph
from oerbook.manuscript.pandoc_ast import Block

MAX_LEVEL = 6


def write_blocks(state: PageState, blocks: Sequence[Block]) -> str:
    """Return blocks as MyST, with blank lines between them."""
    return "\n\n".join(text for block in blocks if (text := write_block(state, block)))


def write_block(state: PageState, block: Block) -> str:
    """Return a block as MyST, below the labels and index entries of the places in it."""
    labels, entries = len(state.pending_labels), len(state.pending_index)
    writer = WRITER_BY_BLOCK_TYPE.get(block["t"])
    if writer is None:
        state.report("import-markup", f"a block of an unknown kind was left out: {block['t']}")
        return ""
    text = writer(state, block)
    above = [*_write_labels(state, labels), *_write_index(state, entries)]
    return "\n".join([*above, text]) if above else text


def _write_labels(state: PageState, start: int) -> list[str]:
    labels = state.pending_labels[start:]
    del state.pending_labels[start:]
    return [f"({label})=" for label in dict.fromkeys(labels)]


def _write_index(state: PageState, start: int) -> list[str]:
    """Return the directives of index entries; entries without commas share one."""
    entries = list(dict.fromkeys(state.pending_index[start:]))
    del state.pending_index[start:]
    short = [entry for entry in entries if not re.search(r"[,:!]", entry)]
    arguments = [", ".join(short)] if short else []
    arguments += [f"single: {entry}" for entry in entries if entry not in short]
    return [f"```{{index}} {argument}\n```" for argument in arguments]


def _write_paragraph(state: PageState, block: Block) -> str:
    inlines = block["c"]
    state.count_text(inlines)
    if len(inlines) == 1 and inlines[0]["t"] == "Image":
        return write_picture(state, inlines[0])
    return wrap_paragraph(write_inlines(state, inlines))


def _write_heading(state: PageState, block: Block) -> str:
    level, (identifier, classes, _pairs), content = block["c"]
    if len(content) == 1 and content[0]["t"] in ("Strong", "Emph", "Underline"):
        content = content[0]["c"]  # all of it looks so because it is a heading
    state.count_text(content)
    text = single_line(write_inlines(state, content))
    if not text:
        return ""
    if "rubric" in classes:
        return f"```{{rubric}} {text}\n```"
    text = re.sub(r"(\s)(#+)$", r"\1\\\2", text)
    if identifier in state.context.labels:
        state.pending_labels.append(state.context.labels[identifier])
    return f"{'#' * min(level, MAX_LEVEL)} {text}"


def _write_quote(state: PageState, block: Block) -> str:
    text = write_blocks(state, block["c"])
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def _write_lines(state: PageState, block: Block) -> str:
    state.count_text([{"t": "Para", "c": line} for line in block["c"]])
    lines = [single_line(write_inlines(state, line)) for line in block["c"]]
    return "\n".join(f"| {line}".rstrip() for line in lines)


def _write_raw(state: PageState, block: Block) -> str:
    form, text = block["c"]
    if form == "myst":
        return str(text).strip("\n")
    if not text.strip() or re.fullmatch(r"\s*<!--.*-->\s*", text, re.S):
        return ""
    state.report("import-markup", f"this {form} markup has no equivalent and is shown as code: {text.strip()[:80]}")
    return write_code_block(state, {"t": "CodeBlock", "c": [["", [form], []], text.strip("\n")]})


WRITER_BY_BLOCK_TYPE: dict[str, Callable[[PageState, Block], str]] = {
    "Para": _write_paragraph,
    "Plain": _write_paragraph,
    "Header": _write_heading,
    "BlockQuote": _write_quote,
    "LineBlock": _write_lines,
    "CodeBlock": write_code_block,
    "RawBlock": _write_raw,
    "HorizontalRule": lambda _state, _block: "---",
    "BulletList": lambda state, block: write_bullet_list(state, block, write_blocks),
    "OrderedList": lambda state, block: write_ordered_list(state, block, write_blocks),
    "DefinitionList": lambda state, block: write_definition_list(state, block, write_blocks),
    "Figure": lambda state, block: write_figure(state, block, write_blocks),
    "Table": lambda state, block: write_table(state, block, write_blocks),
    "Div": lambda state, block: write_div(state, block, write_blocks),
    "Null": lambda _state, _block: "",
}
