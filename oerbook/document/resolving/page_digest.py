"""The fingerprint of a page: one digest of all that reading it depends on, so that the same page is not read twice."""

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
    """Return a digest of a page's source (or of what was read of it, `own`) and of every file that went into it."""
    here = desk()
    source = here.source(docname)
    below = reading_order.children(here, docname)  # a new chapter changes the page that leads to it
    found = hashlib.sha256("\0".join((_shared(here), said_of(here.pages.get(docname)), repr(below))).encode())
    found.update(own or digest_of(source))
    for path in sorted(str(Path(env.srcdir, name)) for name in env.dependencies.get(docname, ())):
        found.update(digest_of(path))
    found.update(repr(_led_to(source)).encode())
    return found.hexdigest()


def _shared(here: Desk) -> str:
    """Return a digest of what every page is read with, worked out once for a run."""
    if not here.shared:
        book = here.book
        here.shared = digest(
            code_digest(*READING), *map(said_of, (book.substitutions, book.abbreviations, book.settings))
        )
    return here.shared


def _led_to(page: str) -> list[str]:
    """Return the pages that a page links to by their files and that are there: how a link is read depends on it."""
    text, _problem = load(page, desk().book.root)
    names = linked(text)
    return [name for name in names if (Path(page).parent / name).is_file()] if names else []


@functools.lru_cache(maxsize=5000)
def linked(text: str) -> tuple[str, ...]:
    """Return the files of pages that a text links to."""
    found = PAGE_LINK.findall(text) if ".md" in text or ".ipynb" in text else ()
    return tuple(one or other for one, other in found)
