"""Roles of other tools."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.util.docutils import SphinxRole


class StyledRole(SphinxRole):
    """Text with a CSS class: underline, small capitals, deleted."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self.style = style

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text with its class."""
        return [nodes.inline(self.rawtext, self.text, classes=[self.style])], []


class IconRole(SphinxRole):
    """`{fa}`: an icon, which is decoration and left out."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return nothing."""
        return [], []


class FormulaRole(SphinxRole):
    """`{chem}` and `{si}` of mystmd: a formula of chemistry, a quantity with its unit."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the formula."""
        quantity = re.fullmatch(r"(?P<number>[^<]*?)\s*<(?P<unit>[^>]*)>", self.text)
        tex = f"\\ce{{{self.text}}}"
        if self.name == "si":
            tex = f"\\qty{{{quantity['number']}}}{{{quantity['unit']}}}" if quantity else f"\\unit{{{self.text}}}"
        return [nodes.math(tex, tex)], []


class ButtonRole(SphinxRole):
    """`{button}` of mystmd: a link."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, or the text if there is no address."""
        match = re.fullmatch(r"(?P<words>[^<]*?)\s*<(?P<url>https?://[^<>\s]+)>", self.text)
        if not match:
            return [nodes.inline(self.rawtext, self.text)], []
        words = match["words"] or match["url"]
        return [nodes.reference(self.rawtext, words, refuri=match["url"])], []
