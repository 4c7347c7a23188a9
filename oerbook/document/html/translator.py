"""HTML in which passages name their language and direction."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from oerbook.document.context.languages import direction_attributes


class BookTranslator(HTML5Translator):
    """HTML translator that adds `dir` attributes for direction classes."""

    def starttag(self, node: Any, *args: Any, **kwargs: Any) -> str:
        """Return an opening tag, with the direction of its node."""
        direction = (
            direction_attributes(node.get("classes", [])).get("dir") if isinstance(node, nodes.Element) else None
        )
        return super().starttag(node, *args, **({"dir": direction} | kwargs if direction else kwargs))
