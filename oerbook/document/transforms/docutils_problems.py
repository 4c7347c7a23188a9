"""Repair what docutils and extensions leave in a page: messages, lines, sections."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.context.line_numbers import line_and_source
from oerbook.document.context.page_state import page_state
from oerbook.source.notebook import notebook_to_markdown
from oerbook.source.text import load_page_text

INNER_SECTION_ID = re.compile(r"(proof|exercise|solution|[a-z]+)-content")


def record_keys_cited_in_footnotes(app: Sphinx, _doctree: nodes.document) -> None:
    """Record the keys cited in footnotes, which sphinxcontrib-bibtex does not keep."""
    keys = frozenset(app.env.temp_data.get("bibtex_footcite_names") or ())
    page_state(app.env, app.env.current_document.docname).footnote_citations = keys


def remove_system_messages(_app: Sphinx, doctree: nodes.document) -> None:
    """Remove system messages, which become findings; the text that they mark stays."""
    for problem in list(doctree.findall(nodes.problematic)):
        text = nodes.inline("", problem.astext(), classes=["problematic"], ids=problem["ids"])
        problem.replace_self(text)
    for message in list(doctree.findall(nodes.system_message)):
        source = [child for child in message.children if isinstance(child, nodes.literal_block)]
        message.parent.remove(message) if not source else message.replace_self(source)


def restore_reference_lines(app: Sphinx, doctree: nodes.document) -> None:
    """Set the line of references that MyST recreated without one."""
    root, source_lines = context_of(app).book.root, dict[str, list[str]]()  # by file
    for reference in doctree.findall(addnodes.pending_xref):
        if reference.line:
            continue
        reference.line, reference.source = line_and_source(reference)
        if not reference.astext():  # [](#label) has no text node that carries a line
            if reference.source not in source_lines:
                source_lines[reference.source] = _lines_of(reference.source, root)
            following = source_lines[reference.source][max(reference.line - 1, 0) :]
            reference.line += _lines_before(following, str(reference.get("reftarget", "")))


def _lines_of(source: str, root: Path) -> list[str]:
    text, _problem = load_page_text(source, root)
    return (notebook_to_markdown(json.loads(text)) if text and source.endswith(".ipynb") else text).split("\n")


def _lines_before(lines: list[str], label: str) -> int:
    """Return the offset of `#label` in the first paragraph of `lines`, or 0."""
    paragraph = lines[: next((n for n, line in enumerate(lines) if not line.strip()), len(lines))]
    return next((n for n, line in enumerate(paragraph) if f"#{label}" in line), 0)


def flatten_theorems_and_exercises(_app: Sphinx, doctree: nodes.document) -> None:
    """Turn the inner sections of theorems and exercises into containers.

    The extensions give the same id to all of them.
    """
    for section in list(doctree.findall(nodes.section)):
        if isinstance(section.parent, nodes.Admonition) and any(INNER_SECTION_ID.fullmatch(i) for i in section["ids"]):
            container = nodes.container("", *section.children, classes=section["classes"])
            section.replace_self(container)
            container["ids"], container["names"] = [], []  # replace_self copies those of the section
    for proof in doctree.findall(nodes.admonition):
        if "proof" in proof["classes"]:
            proof["ids"] = []
