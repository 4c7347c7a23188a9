"""Write one page: its blocks, with the labels that something refers to and the notes below what they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.importers.myst_writer.blocks import write_block
from oerbook.importers.myst_writer.normalize import normalize_blocks
from oerbook.importers.myst_writer.state import PageContext, PageState
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding

__all__ = ["PageContext", "WrittenPage", "write_page"]


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """The MyST of a page without front matter, what could not be written, and the numbers of things and words in it."""

    text: str
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


def write_page(blocks: Sequence[Block], context: PageContext) -> WrittenPage:
    """Return pandoc blocks as MyST."""
    state = PageState(context)
    pieces: list[str] = []
    for block in normalize_blocks(blocks):
        text = write_block(state, block)
        pieces += [text] if text else []
        pieces += _write_notes(state)
    text = "\n\n".join(pieces)
    return WrittenPage(f"{text}\n" if text else "", tuple(state.findings), state.counts, state.words)


def _write_notes(state: PageState) -> list[str]:
    """Return the definitions of the notes that the last block refers to; notes may have notes."""
    definitions = []
    while state.pending_notes:
        label, blocks = state.pending_notes.pop(0)
        paragraphs = [text for block in blocks if (text := write_block(state, block))]
        body = "\n\n".join(paragraphs).replace("\n", "\n    ").replace("\n    \n", "\n\n")
        definitions.append(f"[^{label}]: {body}")
    return definitions
