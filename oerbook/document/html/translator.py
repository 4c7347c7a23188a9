"""HTML in which passages name their language and direction."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from oerbook.document.context.languages import spoken


class BookTranslator(HTML5Translator):
    """HTML in which passages say which way they run."""

    def starttag(self, node: Any, *rest: Any, **more: Any) -> str:
        """Return an opening tag, with the way of its node."""
        way = spoken(node.get("classes", [])).get("dir") if isinstance(node, nodes.Element) else None
        return super().starttag(node, *rest, **({"dir": way} | more if way else more))
