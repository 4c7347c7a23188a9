"""The interface through which tags, templates and links convert the wikitext inside them."""

from __future__ import annotations

from typing import Protocol

from mwparserfromhell.wikicode import Wikicode

from oerbook.importers.wikitext.lines import Content, Piece
from oerbook.importers.wikitext.state import WikiState
from oerbook.model.untyped import XmlElement


class PageConverter(Protocol):
    """Converts wikitext of one page."""

    state: WikiState

    def blocks(self, code: Wikicode) -> list[XmlElement]:
        """Return wikitext as blocks."""
        ...

    def inline(self, code: Wikicode) -> Content:
        """Return wikitext as one line."""
        ...

    def content(self, code: Wikicode) -> Content:
        """Return wikitext as one line if it is one, else as blocks."""
        ...

    def pieces(self, code: Wikicode) -> list[Piece]:
        """Return the pieces of wikitext."""
        ...
