"""Resolve links as HTML writes them to the page and the id that they lead to."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from oerbook.document.resolving.builder import BookBuilder


def link_resolver(builder: BookBuilder) -> Callable[[str, str], tuple[str, str] | None]:
    """Return a function from page and URI to page and id (None: outside the book)."""
    pages = {builder.get_target_uri(name): name for name in [*builder.env.found_docs, "genindex"]}

    def resolve_link(docname: str, uri: str) -> tuple[str, str] | None:
        path, _hash, fragment = uri.partition("#")
        if not path:
            return docname, fragment
        base = posixpath.dirname(builder.get_target_uri(docname))
        page = pages.get(posixpath.normpath(posixpath.join(base, path)))
        return (page, fragment) if page else None

    return resolve_link
