"""The TeX macros of a page."""

from __future__ import annotations

from oerbook.document.context.build_context import BuildContext
from oerbook.model.findings import Pairs


def macros_of(context: BuildContext, docname: str) -> Pairs:
    """Return the TeX macros of a page; its own override those of the book."""
    page = context.pages.get(docname)
    merged = {**dict(context.book.math), **(dict(page.math) if page else {})}
    return tuple(sorted(merged.items()))
