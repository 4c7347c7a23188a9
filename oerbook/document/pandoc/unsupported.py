"""A node that the translator does not know: its words are shown, and a finding names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oerbook.document.pandoc.page_context import Inline, Page
from oerbook.manuscript import pandoc_ast
from oerbook.model.findings import Finding, Severity

NAMES = {"epub": "EPUB", "docx": "DOCX", "typst": "PDF"}


def say(page: Page, node: Any) -> None:
    """Report a node that has no form of its own in this target."""
    kind = type(node).__name__
    message = f"{NAMES.get(page.target, page.target)} has no form for “{kind}”, so its text is set plainly"
    hint = "Look at the place in that format; the handbook lists what has a form everywhere."
    finding = Finding("unknown-node", message, page.context.place(node), Severity.WARNING, hint)
    if finding not in page.findings:
        page.findings.append(finding)


def unmapped(page: Page, node: Any, inlines: Callable[..., list[Inline]]) -> list[Inline]:
    """Return the words of an unknown inline node."""
    if not node.children and not node.astext().strip():
        return []
    say(page, node)
    return inlines(page, node.children) if node.children else pandoc_ast.words(node.astext())
