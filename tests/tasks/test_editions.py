"""What pages say of other editions: links that lead there whatever things are called, in time that any page allows."""

from __future__ import annotations

import time
from pathlib import Path

from oerbook.model.book import Book, Chapter
from oerbook.tasks.build.other_editions import FIRST, Editions, dressed

BOOK = Book(Path(), "A book", Chapter("index", "chapters/index.md", "A book"), edition="2")
PAGE = "<html><body><!-- editions -->old<!-- /editions --><main id=m>Text<!-- editions-link --><!-- /editions-link -->"


def test_addresses_are_written_so_that_browsers_go_there() -> None:
    known = Editions(BOOK, ("2",), ("v1: a b#?", "v0%41"), frozenset({FIRST, "on time/100%.html"}))
    front = dressed(PAGE.encode(), FIRST, "", known).decode()
    assert 'href="v1%3A%20a%20b%23%3F/index.html"' in front
    assert 'href="v0%2541/index.html"' in front
    assert ">v1: a b#?</a>" in front
    old = dressed(PAGE.encode(), "on time/100%.html", "v0%41", known).decode()
    assert 'href="../../on%20time/100%25.html"' in old
    assert dressed(old.encode(), "on time/100%.html", "v0%41", known).decode() == old


def test_marks_that_nobody_closed_cost_no_more_than_the_page() -> None:
    known = Editions(BOOK, ("2",), ("1",), frozenset({FIRST}))
    marks = "".join(f"<!-- {name} --><main" for name in ("editions", "editions-link", "edition"))
    page = marks * 60_000 + "<main>"
    begun = time.process_time()
    assert dressed(page.encode(), FIRST, "1", known).decode().startswith(page)
    assert time.process_time() - begun < 3
