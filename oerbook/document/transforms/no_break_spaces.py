"""Keep a word and its number on one line in references: `Fig.` and `2.1`, `Theorem` and `8.1`."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

WORD_AND_NUMBER = re.compile(r"^(\w+\.?) (?=\(?(?:[A-Z]\.)?\d)")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def insert_no_break_spaces(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put no-break spaces before the numbers of references in the book."""
    for reference in list(doctree.findall(nodes.reference)):
        if reference.get("internal"):
            for text in list(reference.findall(nodes.Text)):
                bound = WORD_AND_NUMBER.sub(rf"\1{NO_BREAK_SPACE}", text.astext())
                if bound != text.astext():
                    text.parent.replace(text, nodes.Text(bound))
