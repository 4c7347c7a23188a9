"""Addresses in front matter are web addresses, names are no e-mail addresses, and pages of the site keep their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.source.book import read_book
from tests.conftest import INDEX, write

EVIL = [
    "javascript://evil.example/%0aalert(1)//",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//evil.example/x",
    "file:///etc/passwd",
    "https://ada:secret@example.org/",
    'https://example.org/"><script>',
]


def read(tmp_path: Path, index: str = INDEX, **files: str) -> tuple[object, list[str]]:
    chapters = {"chapters/index.md": index, "chapters/01-a.md": "# A\n\nWords.\n"}
    book, findings = read_book(write(tmp_path, {**chapters, **files}))
    return book, [f"{finding.code} {finding.message}" for finding in findings]


@pytest.mark.parametrize("address", EVIL)
@pytest.mark.parametrize("key", ["github", "repository", "url"])
def test_an_address_of_the_book_is_a_web_address_or_left_out(tmp_path: Path, key: str, address: str) -> None:
    book, said = read(tmp_path, INDEX.replace("license:", f"{key}: '{address}'\nlicense:"))
    assert (book.repository, book.url) == ("", "")  # type: ignore[attr-defined]
    assert any(line.startswith(f"front-matter-value {key}:") for line in said), said


@pytest.mark.parametrize("address", EVIL)
@pytest.mark.parametrize("key", ["website", "url", "github"])
def test_an_address_of_a_person_is_a_web_address_or_left_out(tmp_path: Path, key: str, address: str) -> None:
    file = f"---\nname: Eve Low\n{key}: '{address}'\n---\n\nWrites.\n"
    book, said = read(tmp_path, **{"contributors/eve.md": file})
    (person,) = book.people  # type: ignore[attr-defined]
    assert (person.website, person.github) == ("", "")
    assert any(line.startswith(f"front-matter-value {key}:") for line in said), said


@pytest.mark.parametrize("address", EVIL[:4])
def test_an_address_of_an_affiliation_or_a_source_is_a_web_address(tmp_path: Path, address: str) -> None:
    affiliation = f"---\nname: Eve Low\naffiliations:\n  - name: University\n    url: '{address}'\n---\n\nWrites.\n"
    page = f"---\nsources:\n  - title: Soil\n    source: '{address}'\n---\n\n# B\n\nWords.\n"
    book, said = read(tmp_path, **{"contributors/eve.md": affiliation, "chapters/02-b.md": page})
    assert address not in repr(book)
    assert sum(line.startswith("front-matter-value") for line in said) == 2, said


def test_ordinary_addresses_are_kept(tmp_path: Path) -> None:
    index = INDEX.replace("license:", "github: ada/soil\nurl: https://example.org/book/\nlicense:")
    person = "---\nname: Ada Lee\ngithub: '@adal'\nwebsite: https://example.org/~ada?x=1#me\n---\n\nWrites.\n"
    book, said = read(tmp_path, index, **{"contributors/ada.md": person})
    assert (book.repository, book.url) == ("https://github.com/ada/soil", "https://example.org/book/")  # type: ignore[attr-defined]
    assert (book.people[0].github, book.people[0].website) == ("adal", "https://example.org/~ada?x=1#me")  # type: ignore[attr-defined]
    assert not [line for line in said if line.startswith("front-matter")]


@pytest.mark.parametrize(
    "name",
    ["m@secret.example", "Mallory m@secret.example", "m＠secret.example", "m @secret.example", "'@ m@localhost'"],
)
def test_an_e_mail_address_is_no_name(tmp_path: Path, name: str) -> None:
    person = f"---\nname: '{name.strip(chr(39))}'\n---\n\nWrites.\n"
    page = f'---\nauthors: [Ada Lee, "{name.strip(chr(39))}"]\n---\n\n# B\n\nWords.\n'
    book, said = read(tmp_path, **{"contributors/mallory.md": person, "chapters/02-b.md": page})
    assert "secret" not in repr(book) and "localhost" not in repr(book)
    assert [author.name for author in book.chapters[1].authors] == ["Ada Lee"]  # type: ignore[attr-defined]
    assert sum("an e-mail address is not printed" in line for line in said) == 2, said


def test_a_file_named_by_an_address_is_no_person(tmp_path: Path) -> None:
    book, said = read(tmp_path, **{"contributors/m@secret.example.md": "---\nname: Eve\n---\n\nWrites.\n"})
    assert book.people == ()  # type: ignore[attr-defined]
    assert any("its name is an e-mail address" in line for line in said)


@pytest.mark.parametrize(
    "file", ["02-search.md", "genindex.md", "03-copyright-page.ipynb", "Search.md", "downloads/01-b.md", "_static/x.md"]
)
def test_a_chapter_named_like_a_page_of_the_site_gets_another_name(tmp_path: Path, file: str) -> None:
    text = (
        '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'
        if file.endswith("ipynb")
        else "# B\n\nWords.\n"
    )
    book, said = read(tmp_path, **{f"chapters/{file}": text})
    pages = [page for page in book.chapters if page.path.endswith(file.rpartition("/")[2])]  # type: ignore[attr-defined]
    if file.startswith("_"):  # folders with an underscore hold no chapters
        assert not pages
        return
    assert [page.slug.startswith("chapter-") for page in pages] == [True]
    assert any(line.startswith("slug-reserved") for line in said), said
