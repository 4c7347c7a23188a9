"""Marks of a problem that docutils leaves in a page become plain words: the finding says what is wrong."""

from __future__ import annotations

import json
import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import spot_of
from oerbook.source.notebook import to_markdown
from oerbook.source.text import load


def mend(app: Sphinx, doctree: nodes.document) -> None:
    """Take system messages out of a page and unlink what pointed at them; their text stays."""
    for mark in list(doctree.findall(nodes.problematic)):
        words = nodes.inline("", mark.astext(), classes=["problematic"], ids=mark["ids"])
        mark.replace_self(words)
    for message in list(doctree.findall(nodes.system_message)):
        kept = [child for child in message.children if isinstance(child, nodes.literal_block)]
        message.parent.remove(message) if not kept else message.replace_self(kept)


def place(app: Sphinx, doctree: nodes.document) -> None:
    """Give references that MyST made anew the line that their words have kept."""
    rows: dict[str, list[str]] = {}  # by file, its lines
    for asked in doctree.findall(addnodes.pending_xref):
        if not asked.line:
            asked.line, asked.source = spot_of(asked)
            if not asked.astext():  # [](#label), which has no words
                if asked.source not in rows:
                    rows[asked.source] = _rows(asked.source)
                asked.line += _below(rows[asked.source][max(asked.line - 1, 0) :], str(asked.get("reftarget", "")))


def _rows(source: str) -> list[str]:
    text, _problem = load(source, desk().book.root)
    return (to_markdown(json.loads(text)) if text and source.endswith(".ipynb") else text).split("\n")


def _below(rows: list[str], label: str) -> int:
    """Return how many lines below the first of a paragraph a label is named; 0 when none names it."""
    paragraph = rows[: next((n for n, row in enumerate(rows) if not row.strip()), len(rows))]
    return next((n for n, row in enumerate(paragraph) if f"#{label}" in row), 0)


INNER = re.compile(r"(proof|exercise|solution|[a-z]+)-content")


def unfold(app: Sphinx, doctree: nodes.document) -> None:
    """Make the inner sections of statements and exercises plain containers: they all carry the same id."""
    for section in list(doctree.findall(nodes.section)):
        if isinstance(section.parent, nodes.Admonition) and any(INNER.fullmatch(i) for i in section["ids"]):
            inner = nodes.container("", *section.children, classes=section["classes"])
            section.replace_self(inner)
            inner["ids"], inner["names"] = [], []  # docutils hands the section's on
    for proof in doctree.findall(nodes.admonition):
        if "proof" in proof["classes"]:
            proof["ids"] = []
