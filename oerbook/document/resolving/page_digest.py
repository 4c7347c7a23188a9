"""Digest all that reading a page depends on: an unchanged page is not read again."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any

from oerbook.document.context import reading_order
from oerbook.document.context.build_context import Desk, desk
from oerbook.source.text import load
from oerbook.storage.cache import digest, said_of
from oerbook.storage.code_digest import code_digest
from oerbook.storage.file_cache import digest_of

# The packages whose code decides what a page is read as.
READING = ("document", "licensing", "manuscript", "model", "sandbox", "source", "text", "tools")
PAGE_LINK = re.compile(
    r"\]\(<?([^()<>\s#:]{1,500}\.(?:md|ipynb))\b|^\s*\[[^\]\n]+\]:\s*<?([^<>\s#:]{1,500}\.(?:md|ipynb))\b", re.M
)


def fingerprint(env: Any, docname: str, own: bytes | None = None) -> str:
    """Return a digest of a page's source and of every file that it depends on.

    `own` is the digest of the source as it was read, which may have been saved again since.
    """
    context = desk()
    source = context.source(docname)
    children = reading_order.children(context, docname)  # a new chapter changes the page that lists it
    result = hashlib.sha256("\0".join((_shared(context), said_of(context.pages.get(docname)), repr(children))).encode())
    result.update(own or digest_of(source))
    for path in sorted(str(Path(env.srcdir, name)) for name in env.dependencies.get(docname, ())):
        result.update(digest_of(path))
    result.update(repr(_existing_links(source)).encode())
    return result.hexdigest()


def _shared(context: Desk) -> str:
    """Return a digest of what every page depends on, computed once a run."""
    if not context.shared:
        book = context.book
        context.shared = digest(
            code_digest(*READING), *map(said_of, (book.substitutions, book.abbreviations, book.settings))
        )
    return context.shared


def _existing_links(page: str) -> list[str]:
    """Return linked page files that exist: how MyST reads a link depends on it."""
    text, _problem = load(page, desk().book.root)
    names = linked(text)
    return [name for name in names if (Path(page).parent / name).is_file()] if names else []


@functools.lru_cache(maxsize=5000)
def linked(text: str) -> tuple[str, ...]:
    """Return the page files that a text links to, as they are written."""
    matches = PAGE_LINK.findall(text) if ".md" in text or ".ipynb" in text else ()
    return tuple(inline or definition for inline, definition in matches)
