"""Add links to other editions, and a note on earlier ones, to pages of a site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from oerbook.metadata.labels import translated_label
from oerbook.model.book import Book

# layout.html and titlepage.html hold these comments; the note is placed after <main> in pages of any version.
# An opening comment that is not closed before the next one is skipped: pages of other tools may hold thousands.
EDITION_LIST, EDITION_LINK, EDITION_NOTE = (
    re.compile(rf"<!-- {name} -->(?:(?!<!-- {name} -->).)*?<!-- /{name} -->", re.DOTALL)
    for name in ("editions", "editions-link", "edition")
)
MAIN_TAG = re.compile(r"<main\b[^<>]*>")
FRONT_PAGE_FILE = "index.html"


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a site: current and earlier folders, and current pages."""

    book: Book
    current: tuple[str, ...]
    earlier: tuple[str, ...]
    pages: frozenset[str]

    @property
    def newest(self) -> str:
        """Return the name of the newest edition."""
        return self.current[0] if self.current else self.book.edition or self.book.title


def add_edition_links(page: bytes, path: str, folder: str, editions: Editions) -> bytes:
    """Return a page with links to other editions; unchanged when there are none.

    `path` is relative to the edition; `folder` is the edition's, "" for the newest at the root of the site.
    """
    text = page.decode("utf-8", "surrogateescape")
    up = "../" * path.count("/")
    top = up + "../" if folder else up
    links = list(_links(top, folder, editions))
    heading = html.escape(translated_label(editions.book, "editions"))
    nav = f'<nav class="editions" id="editions" aria-label="{heading}"><p>{heading}: {", ".join(links)}</p></nav>'
    link = f'<p><a href="{up}{FRONT_PAGE_FILE}#editions">{heading}</a></p>'
    if path == FRONT_PAGE_FILE:
        text = EDITION_LIST.sub(lambda _m: f"<!-- editions -->{nav if links else ''}<!-- /editions -->", text, count=1)
    text = EDITION_LINK.sub(
        lambda _m: f"<!-- editions-link -->{link if links else ''}<!-- /editions-link -->", text, count=1
    )
    text = EDITION_NOTE.sub("", text)
    if folder in editions.earlier:
        target = top + (path if path in editions.pages else FRONT_PAGE_FILE)
        text = MAIN_TAG.sub(lambda m: m[0] + _note(target, folder, editions), text, count=1)
    return text.encode("utf-8", "surrogateescape")


def _links(top: str, folder: str, editions: Editions) -> Iterator[str]:
    if folder in editions.earlier:
        yield _link(f"{top}{FRONT_PAGE_FILE}", editions.newest)
    for name in editions.earlier:
        if name != folder:
            yield _link(f"{top}{name}/{FRONT_PAGE_FILE}", name)


def _link(target: str, text: str) -> str:
    return f'<a href="{quote(target)}">{html.escape(text)}</a>'


def _note(target: str, folder: str, editions: Editions) -> str:
    message = translated_label(editions.book, "earlier").format(html.escape(folder), _link(target, editions.newest))
    return f'<!-- edition --><p class="edition-note" role="note">{message}</p><!-- /edition -->'


def select_html_pages(paths: Iterable[str]) -> frozenset[str]:
    """Return the paths of HTML pages.

    >>> sorted(select_html_pages(["index.html", "_static/book.js"]))
    ['index.html']
    """
    return frozenset(path for path in paths if path.endswith(".html"))
