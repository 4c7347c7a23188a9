"""The page that a web server shows for an address that does not exist: GitHub Pages takes `404.html`.

It is shown at any depth, so its links are whole addresses: of the book's `url`, or of GitHub Pages for a book there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.metadata.labels import translated_label
from oerbook.model.book import Book

NOT_FOUND_PAGE = "404"
GITHUB_REPOSITORY = re.compile(r"https://github\.com/([\w-]+)/([\w.-]+?)(?:\.git)?/?")
RELATIVE_LINK = re.compile(r'\b(href|src|data-content_root)="(?![a-z][a-z0-9+.-]*:|#|/)([^"]*)"')
SCRIPT_LIST = re.compile(r'(data-scripts=")([^"]*)"')


def site_url(book: Book) -> str:
    """Return the address of the web site with a slash at its end, "" if it is not known."""
    if book.url:
        return book.url.rstrip("/") + "/"
    match = GITHUB_REPOSITORY.fullmatch(book.repository)
    if not match:
        return ""
    owner, name = match.groups()
    own_site = name.lower() == f"{owner}.github.io".lower()
    return f"https://{owner.lower()}.github.io/" + ("" if own_site else f"{name}/")


def collect_not_found_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page, if the address of the site is known."""
    book = context_of(app).book
    if not site_url(book):
        return
    title = translated_label(book, "not_found")
    hint = translated_label(book, "not_found_hint")
    body = f"<section><h1>{html.escape(title)}</h1>\n<p>{html.escape(hint)}</p></section>"
    yield NOT_FOUND_PAGE, {"title": title, "body": body}, "page.html"


def complete_not_found_page(book: Book, site: Path) -> None:
    """Replace the relative links of the finished page, or delete one that is no longer wanted."""
    path, base = site / f"{NOT_FOUND_PAGE}.html", site_url(book)
    if not base:
        path.unlink(missing_ok=True)
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    completed = RELATIVE_LINK.sub(lambda match: f'{match[1]}="{html.escape(base)}{match[2].removeprefix("./")}"', text)
    completed = SCRIPT_LIST.sub(
        lambda match: match[1] + " ".join(html.escape(base) + name for name in match[2].split()) + '"', completed
    )
    path.write_text(completed, encoding="utf-8")
