"""What checks said of a page is kept, and said again: the whole is the same as if all had been looked at anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oerbook.checks import CHECKS
from oerbook.evidence import Link, PageProof, Passage, Proof
from oerbook.model import Book, Chapter, Finding, Place
from oerbook.tasks import looking
from oerbook.tasks.looking import PAGEWISE, look

SHARED = " ".join(f"word{n} of the commons" for n in range(12))


def page(name: str, *texts: str) -> PageProof:
    path = f"chapters/{name}.md"
    passages = tuple(Passage(text, Place(path, 3 + 2 * n)) for n, text in enumerate(texts))
    links = (Link("here", "https://example.org", Place(path, 9)),)
    return PageProof(name, path, "\n\n".join(texts), passages=passages, links=links)


def anew(book: Book, proof: Proof) -> list[Finding]:
    return sorted((f for check in CHECKS.values() for f in check(book, proof)), key=lambda f: f.sort_key)


def test_what_is_kept_says_the_same_as_looking_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    first = (
        page("a", "Studies show that soil lives.", SHARED),
        page("b", "TODO: say more.", "Nothing odd."),
        page("c", "Plain."),
    )
    second = (first[0], first[1], page("c", "Plain.", SHARED), page("d", "Lorem ipsum dolor sit amet."))
    keep = tmp_path / "looked.json"
    fresh: list[set[str]] = []
    plain = CHECKS["claims"]

    def claims(book: Book, proof: Proof):  # type: ignore[no-untyped-def]
        fresh.append({one.slug for one in proof.pages})
        return plain(book, proof)

    monkeypatch.setitem(looking.CHECKS, "claims", claims)
    for pages in (first, second, first, first):
        proof = Proof(pages)
        found = sorted(look(book, proof, keep), key=lambda f: f.sort_key)
        seen = fresh.pop()
        assert found == anew(book, proof)
        fresh[:] = [seen]
    assert fresh == [set()]
    copied = [f for f in look(book, Proof(second), keep) if f.code == "text-copied"]
    assert [(f.place.path, f.place.line) for f in copied] == [("chapters/c.md", 5)]
    fresh.clear()
    look(book, replace(Proof(second), others=(("other.txt", SHARED),)), keep)
    assert fresh == [set()]
    keep.write_text("{")
    assert len(look(book, Proof(second), keep)) == len(anew(book, Proof(second)))


@pytest.mark.parametrize("name", PAGEWISE)
def test_a_check_of_pages_says_of_one_page_the_same_whatever_stands_beside_it(name: str, tmp_path: Path) -> None:
    book = Book(tmp_path, "A book", Chapter("index", "chapters/index.md", "A book"))
    pages = [
        page(n, "Studies show that soil lives.", "TODO: say more.", "Lorem ipsum. pаypal\u200b", SHARED) for n in "abc"
    ]
    together = list(CHECKS[name](book, Proof(tuple(pages))))
    apart = [f for one in pages for f in CHECKS[name](book, Proof((one,)))]
    assert together == apart
