"""Cached results of the checks of pages give the same findings as checking every page again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oerbook.checks import CHECKS
from oerbook.model.book import Book, Chapter
from oerbook.model.check_input import CheckedPage, CheckInput, Link, Passage
from oerbook.model.findings import Finding, Place
from oerbook.storage.cache import Cache
from oerbook.tasks.check.run_checks import (
    CHECKS_CACHED_PER_PAGE,
    blame_copies_on_new_page,
    preload_cached_checks,
    run_cached_checks,
)

SHARED = " ".join(f"word{n} of the commons" for n in range(12))


def page(name: str, *texts: str) -> CheckedPage:
    path = f"chapters/{name}.md"
    passages = tuple(Passage(text, Place(path, 3 + 2 * n)) for n, text in enumerate(texts))
    links = (Link("here", "https://example.org", Place(path, 9)),)
    return CheckedPage(name, path, "\n\n".join(texts), passages=passages, links=links)


def without_cache(book: Book, check_input: CheckInput) -> list[Finding]:
    return sorted((f for check in CHECKS.values() for f in check(book, check_input)), key=lambda f: f.sort_key)


def test_cached_results_equal_new_ones(tmp_path: Path) -> None:
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    first = (
        page("a", "Studies show that soil lives.", SHARED),
        page("b", "TODO: say more.", "Nothing odd."),
        page("c", "Plain."),
    )
    second = (first[0], first[1], page("c", "Plain.", SHARED), page("d", "Lorem ipsum dolor sit amet."))
    checked: list[set[str]] = []

    def claims(book: Book, check_input: CheckInput) -> Iterator[Finding]:
        checked.append({page.slug for page in check_input.pages})
        return CHECKS["uncited_claims"](book, check_input)

    checks = {**CHECKS, "uncited_claims": claims}
    for pages in (first, second, first, first):
        check_input = CheckInput(pages)
        findings = sorted(run_cached_checks(book, check_input, Cache(tmp_path), checks), key=lambda f: f.sort_key)
        assert findings == without_cache(book, check_input)
    assert checked == [{"a", "b", "c"}, {"c", "d"}, {"c"}, set()]
    copied = [f for f in run_cached_checks(book, CheckInput(second), Cache(tmp_path)) if f.code == "text-copied"]
    assert [(f.place.path, f.place.line) for f in copied] == [("chapters/c.md", 5)]
    checked.clear()
    run_cached_checks(
        book, replace(CheckInput(second), texts_by_others=(("other.txt", SHARED),)), Cache(tmp_path), checks
    )
    assert checked == [set()]
    for cached in tmp_path.glob("*/*"):
        cached.write_bytes(b"{")
    assert len(run_cached_checks(book, CheckInput(second), Cache(tmp_path))) == len(
        without_cache(book, CheckInput(second))
    )


def test_a_passage_copied_by_a_submission_is_reported_in_its_new_chapter(tmp_path: Path) -> None:
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    check_input = CheckInput((page("a", "New.", SHARED), page("b", SHARED), page("c", "Plain.")))
    found = run_cached_checks(book, check_input, Cache(tmp_path))
    assert [f.place.path for f in found if f.code == "text-copied"] == ["chapters/b.md"]
    copied = [
        f
        for f in blame_copies_on_new_page(book, check_input, found, {"chapters/a.md": "added"})
        if f.code == "text-copied"
    ]
    assert [(f.place.path, f.place.line) for f in copied] == [("chapters/a.md", 5)]
    assert "chapters/b.md" in copied[0].message and copied[0].related_path == "chapters/b.md"
    assert (
        blame_copies_on_new_page(book, check_input, found, {"chapters/c.md": "added", "chapters/a.md": "changed"})
        == found
    )


def test_cached_results_are_loaded_into_memory_before_a_review(tmp_path: Path) -> None:
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    check_input = CheckInput((page("a", SHARED), page("b", SHARED)))
    findings = run_cached_checks(book, check_input, Cache(tmp_path))
    preload_cached_checks(Cache(tmp_path), [SHARED])
    assert run_cached_checks(book, check_input, Cache(tmp_path)) == findings


@pytest.mark.parametrize("name", CHECKS_CACHED_PER_PAGE)
def test_checks_of_single_pages_do_not_depend_on_other_pages(name: str, tmp_path: Path) -> None:
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    pages = [
        page(n, "Studies show that soil lives.", "TODO: say more.", "Lorem ipsum. pаypal\u200b", SHARED) for n in "abc"
    ]
    together = list(CHECKS[name](book, CheckInput(tuple(pages))))
    apart = [f for one in pages for f in CHECKS[name](book, CheckInput((one,)))]
    assert together == apart


@pytest.mark.parametrize("seed", range(4))
def test_cached_copied_passages_equal_those_of_a_full_comparison(tmp_path: Path, seed: int) -> None:
    rnd = random.Random(seed)
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    runs = [" ".join(f"{rnd.choice('abcdefgh')}{rnd.randrange(9)}" for _ in range(30)) for _ in range(9)]
    phrase = " ".join(f"phrase{n}" for n in range(26))
    pages = {f"p{n:02}": page(f"p{n:02}", f"Page {n}.", phrase, *rnd.sample(runs, 2)) for n in range(24)}
    for n in range(30, 40):
        pages[f"p{n}"] = page(f"p{n}", f"Alone {n} " + " ".join(f"only{n}x{m}" for m in range(40)))
    compared: list[int] = []

    def counting(book: Book, check_input: CheckInput) -> Iterator[Finding]:
        compared.append(len(check_input.pages))
        return CHECKS["copied_text"](book, check_input)

    checks = {**CHECKS, "copied_text": counting}

    for _ in range(6):
        check_input = CheckInput(tuple(pages[name] for name in sorted(pages)))
        findings = sorted(run_cached_checks(book, check_input, Cache(tmp_path)), key=lambda f: f.sort_key)
        assert findings == without_cache(book, check_input)
        assert any(f.code == "text-copied" for f in findings)
        name = rnd.choice(sorted(pages))
        if rnd.random() < 0.3:
            del pages[name]
        else:
            pages[name] = page(name, f"Page {rnd.random()}.", *rnd.sample([*runs, phrase], 2))
    check_input = CheckInput(tuple(pages[name] for name in sorted(pages)))
    run_cached_checks(book, check_input, Cache(tmp_path))
    run_cached_checks(book, check_input, Cache(tmp_path), checks)
    check_input = replace(check_input, pages=(*check_input.pages, page("p99", " ".join(f"new{n}" for n in range(60)))))
    run_cached_checks(book, check_input, Cache(tmp_path), checks)
    assert compared == [0, 0]
