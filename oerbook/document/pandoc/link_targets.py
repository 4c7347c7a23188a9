"""Links as HTML writes them, folded back to the page and the anchor they mean."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from oerbook.document.resolving.builder import BookBuilder


def folder(builder: BookBuilder) -> Callable[[str, str], tuple[str, str] | None]:
    """Return the function that turns a link as HTML would write it back into page and anchor."""
    pages = {builder.get_target_uri(name): name for name in [*builder.env.found_docs, "genindex"]}

    def fold(docname: str, uri: str) -> tuple[str, str] | None:
        path, _hash, fragment = uri.partition("#")
        if not path:
            return docname, fragment
        here = posixpath.dirname(builder.get_target_uri(docname))
        found = pages.get(posixpath.normpath(posixpath.join(here, path)))
        return (found, fragment) if found else None

    return fold
