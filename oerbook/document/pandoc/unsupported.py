"""The finding for a docutils node that has no translation rule."""

from __future__ import annotations

from docutils import nodes

from oerbook.document.pandoc.page_context import TranslationContext
from oerbook.model.findings import Finding, Severity

FORMAT_NAMES = {"epub": "EPUB", "docx": "DOCX", "typst": "PDF"}


def unsupported_node(context: TranslationContext, node: nodes.Node) -> Finding:
    """Return the finding for a node that the target does not support."""
    name = type(node).__name__
    target = FORMAT_NAMES.get(context.target, context.target)
    message = f"“{name}” is not supported in {target}: its text is kept without formatting"
    hint = f"Check this passage in the {target} output. The handbook lists what every format supports."
    return Finding("node-unsupported", message, context.place_of(node), Severity.WARNING, hint)
