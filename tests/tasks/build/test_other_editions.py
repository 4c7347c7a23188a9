"""Edition links have correct URLs, and adding them takes time linear in the page."""

from __future__ import annotations

import time
from pathlib import Path

from oerbook.model.book import Book, Chapter
from oerbook.tasks.build.other_editions import FRONT_PAGE_FILE, Editions, add_edition_links

BOOK = Book(Path(), "A book", Chapter("index", "chapters/index.md", "A book"), edition="2")
PAGE = "<html><body><!-- editions -->old<!-- /editions --><main id=m>Text<!-- editions-link --><!-- /editions-link -->"


def test_edition_names_are_percent_encoded_in_links() -> None:
    known = Editions(BOOK, ("2",), ("v1: a b#?", "v0%41"), frozenset({FRONT_PAGE_FILE, "on time/100%.html"}))
    front = add_edition_links(PAGE.encode(), FRONT_PAGE_FILE, "", known).decode()
    assert 'href="v1%3A%20a%20b%23%3F/index.html"' in front
    assert 'href="v0%2541/index.html"' in front
    assert ">v1: a b#?</a>" in front
    old = add_edition_links(PAGE.encode(), "on time/100%.html", "v0%41", known).decode()
    assert 'href="../../on%20time/100%25.html"' in old
    assert add_edition_links(old.encode(), "on time/100%.html", "v0%41", known).decode() == old


def test_unclosed_comments_take_linear_time() -> None:
    known = Editions(BOOK, ("2",), ("1",), frozenset({FRONT_PAGE_FILE}))
    marks = "".join(f"<!-- {name} --><main" for name in ("editions", "editions-link", "edition"))
    page = marks * 60_000 + "<main>"
    begun = time.process_time()
    assert add_edition_links(page.encode(), FRONT_PAGE_FILE, "1", known).decode().startswith(page)
    assert time.process_time() - begun < 3
