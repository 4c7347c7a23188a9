"""What the pages of a site say of the book's other editions: where they are, and that one in hand is not the newest."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from oerbook.metadata.labels import word
from oerbook.model.book import Book

# layout.html and titlepage.html mark where; the note finds its place in pages of any age.
# A mark that is not closed before the next begins is passed over: pages of other tools may hold thousands.
LIST, LINK, NOTE = (
    re.compile(rf"<!-- {name} -->(?:(?!<!-- {name} -->).)*?<!-- /{name} -->", re.DOTALL)
    for name in ("editions", "editions-link", "edition")
)
MAIN = re.compile(r"<main\b[^<>]*>")
FIRST = "index.html"


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions that a site holds: folders of the newest and of the earlier ones, and the pages of the newest."""

    book: Book
    now: tuple[str, ...]
    earlier: tuple[str, ...]
    pages: frozenset[str]

    @property
    def newest(self) -> str:
        """Return what the newest edition is called."""
        return self.now[0] if self.now else self.book.edition or self.book.title


def dressed(page: bytes, path: str, folder: str, known: Editions) -> bytes:
    """Return a page that says what there is to say of other editions; the same page where there is nothing.

    `path` is the page's inside of its edition, `folder` the edition's: "" for the newest, which a site opens with.
    """
    text = page.decode("utf-8", "surrogateescape")
    up = "../" * path.count("/")
    top = up + "../" if folder else up
    links = list(_links(top, folder, known))
    label = html.escape(word(known.book, "editions"))
    listed = f'<nav class="editions" id="editions" aria-label="{label}"><p>{label}: {", ".join(links)}</p></nav>'
    link = f'<p><a href="{up}{FIRST}#editions">{label}</a></p>'
    if path == FIRST:
        text = LIST.sub(lambda _m: f"<!-- editions -->{listed if links else ''}<!-- /editions -->", text, count=1)
    text = LINK.sub(lambda _m: f"<!-- editions-link -->{link if links else ''}<!-- /editions-link -->", text, count=1)
    text = NOTE.sub("", text)
    if folder in known.earlier:
        target = top + (path if path in known.pages else FIRST)
        text = MAIN.sub(lambda m: m[0] + _note(target, folder, known), text, count=1)
    return text.encode("utf-8", "surrogateescape")


def _links(top: str, folder: str, known: Editions) -> Iterator[str]:
    if folder in known.earlier:
        yield _link(f"{top}{FIRST}", known.newest)
    for name in known.earlier:
        if name != folder:
            yield _link(f"{top}{name}/{FIRST}", name)


def _link(target: str, words: str) -> str:
    return f'<a href="{quote(target)}">{html.escape(words)}</a>'


def _note(target: str, folder: str, known: Editions) -> str:
    said = word(known.book, "earlier").format(html.escape(folder), _link(target, known.newest))
    return f'<!-- edition --><p class="edition-note" role="note">{said}</p><!-- /edition -->'


def pages_among(paths: Iterable[str]) -> frozenset[str]:
    """Return the paths of pages.

    >>> sorted(pages_among(["index.html", "_static/book.js"]))
    ['index.html']
    """
    return frozenset(path for path in paths if path.endswith(".html"))
