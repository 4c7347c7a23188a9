"""Digest all that reading a page depends on: an unchanged page is not read again."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any

from oerbook.citations import citation_syntax
from oerbook.document.citations import bibliography_lists
from oerbook.document.context import reading_order
from oerbook.document.context.build_context import BuildContext
from oerbook.source.text import load_page_text
from oerbook.storage.cache import make_cache_key, memoized_repr
from oerbook.storage.code_digest import code_digest
from oerbook.storage.file_cache import file_digest

# The packages whose code decides what a page is read as.
READING_PACKAGES = (
    "citations",
    "document",
    "formulas",
    "images",
    "licensing",
    "locale",
    "manuscript",
    "markup",
    "model",
    "sandbox",
    "source",
    "text",
    "tools",
)
CITE_ROLE_PATTERN = re.compile(r"\{cite(?::\w+)?\}`([^`\n]{1,2000})`")
PAGE_LINK = re.compile(
    r"\]\(<?([^()<>\s#:]{1,500}\.(?:md|ipynb))\b|^\s*\[[^\]\n]+\]:\s*<?([^<>\s#:]{1,500}\.(?:md|ipynb))\b", re.M
)


def page_digest(context: BuildContext, env: Any, docname: str, own: bytes | None = None) -> str:
    """Return a digest of a page's source and of every file that it depends on.

    `own` is the digest of the source as it was read, which may have been saved again since.
    """
    source = context.absolute_path_str(docname)
    children = reading_order.child_pages(context, docname)  # a new chapter changes the page that lists it
    result = hashlib.sha256(
        "\0".join((_shared(context), memoized_repr(context.pages.get(docname)), repr(children))).encode()
    )
    result.update(own or file_digest(source))
    for path in sorted(str(Path(env.srcdir, name)) for name in env.dependencies.get(docname, ())):
        result.update(file_digest(path))
    result.update(repr(_existing_links(context, source)).encode())
    result.update(repr(_cited_entries(context, source)).encode())
    return result.hexdigest()


def _shared(context: BuildContext) -> str:
    """Return a digest of what every page depends on, computed once a run."""
    if not context.shared_digest:
        book = context.book
        context.shared_digest = make_cache_key(
            code_digest(*READING_PACKAGES), *map(memoized_repr, (book.substitutions, book.abbreviations, book.settings))
        )
    return context.shared_digest


def _existing_links(context: BuildContext, page: str) -> list[str]:
    """Return linked page files that exist: how MyST reads a link depends on it."""
    text, _problem = load_page_text(page, context.book.root)
    names = linked_page_files(text)
    return [name for name in names if (Path(page).parent / name).is_file()] if names else []


def _cited_entries(context: BuildContext, page: str) -> list[str]:
    """Return the keys of entries that a page may cite: whether `@name` is a citation depends on them."""
    text, _problem = load_page_text(page, context.book.root)
    names = possible_citation_keys(text)
    library = bibliography_lists.library_for_book(context.book) if names else None
    return [library.find_key(name) for name in names] if library else []


@functools.lru_cache(maxsize=5000)
def possible_citation_keys(text: str) -> tuple[str, ...]:
    """Return what may be a key of a bibliography in a text.

    >>> possible_citation_keys("As @lee says {cite:p}`roe,{see}doe` on @{x:y} [](https://doi.org/10.1000/1)")
    ('doe', 'https://doi.org/10.1000/1', 'lee', 'roe', 'x:y')
    """
    if "@" not in text and "{cite" not in text and "doi" not in text:
        return ()
    names = {match["key"] or match["braced"] for match in citation_syntax.CITATION_KEY_PATTERN.finditer(text)}
    names |= {match["doi"] for match in citation_syntax.DOI_LINK.finditer(text)}
    for target in CITE_ROLE_PATTERN.findall(text):
        names |= {match["key"] for match in citation_syntax.ROLE_TARGET.finditer(target)}
    return tuple(sorted(names))


@functools.lru_cache(maxsize=5000)
def linked_page_files(text: str) -> tuple[str, ...]:
    """Return the page files that a text links to, as they are written."""
    matches = PAGE_LINK.findall(text) if ".md" in text or ".ipynb" in text else ()
    return tuple(inline or definition for inline, definition in matches)
