"""Render the markup that `markdown_rules` adds to MyST."""

from __future__ import annotations

from typing import Any

from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer

from oerbook.document.reading import at_references


class AddedMarkup(SphinxRenderer):
    """Render methods for lists by letters and `@label`."""

    def render_at_reference(self, token: SyntaxTreeNode) -> None:
        """Render `@label`."""
        at_references.render_at_reference(self, token)

    def render_ordered_list(self, token: SyntaxTreeNode) -> None:
        """Render an ordered list with the punctuation of its markers."""
        super().render_ordered_list(token)
        delimiters = str(token.attrs.get("delimiters", token.markup))
        node: Any = self.current_node[-1]
        node["prefix"], node["suffix"] = delimiters[:-1], delimiters[-1:]
        if delimiters == "()" or (delimiters == ")" and node["enumtype"] != "arabic"):
            node["classes"].append("in-parentheses" if delimiters == "()" else "before-parenthesis")
