"""Register the citations of a book with Sphinx."""

from __future__ import annotations

from typing import Any

from oerbook.citations.library import bibliography_files
from oerbook.document.citations.bibliography_nodes import FootnoteWorkNode
from oerbook.document.citations.bibliography_problems import report_bibliography_files
from oerbook.document.citations.domain import CitationDomain, CitationRole
from oerbook.document.context.build_context import context_of


def install(app: Any) -> None:
    """Put our domain and roles in the place of those of sphinxcontrib-bibtex."""
    app.add_domain(CitationDomain, override=True)
    app.add_role("cite", CitationRole(), override=True)
    app.add_node(FootnoteWorkNode, override=True)
    app.connect("builder-inited", _report_files, priority=2)


def _report_files(app: Any) -> None:
    """Report the mistakes in the bibliography files."""
    context = context_of(app)
    report_bibliography_files(context, bibliography_files(context.book))
