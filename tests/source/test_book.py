from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.source import front_matter
from oerbook.source.book import read_book
from oerbook.source.text import inside


def slugs(root: Path) -> list[str]:
    return [chapter.slug for chapter in read_book(root)[0].chapters]


def codes(root: Path) -> list[str]:
    return [finding.code for finding in read_book(root)[1]]


def test_numbers_order_and_the_rest_names(make: Callable[..., Path]) -> None:
    root = make({"chapters/10-end.md": "# End", "chapters/2-middle.md": "# Middle", "chapters/1-start.md": "# Start"})
    assert slugs(root) == ["start", "middle", "end"]


def test_folders_are_parts_and_their_index_opens_them(make: Callable[..., Path]) -> None:
    root = make(
        {
            "chapters/02-water/index.md": "# Water",
            "chapters/02-water/01-rain.md": "# Rain",
            "chapters/01-soil.md": "# Soil",
        }
    )
    book = read_book(root)[0]
    assert [(part.title, part.opener is not None) for part in book.parts] == [("", False), ("Water", True)]
    assert slugs(root) == ["soil", "water/index", "water/rain"]


def test_two_chapters_with_one_number_are_a_remark(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-b.md": "# B", "chapters/01-a.md": "# A"})
    assert slugs(root) == ["a", "b"]
    assert codes(root) == ["same-number"]


def test_two_chapters_with_one_name_are_both_kept(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-soil.md": "# Soil", "chapters/02-soil.md": "# Soil again"})
    assert slugs(root) == ["soil", "02-soil"]
    assert "duplicate-slug" in codes(root)


def test_drafts_and_hidden_files_stay_out(make: Callable[..., Path]) -> None:
    root = make(
        {"chapters/01-a.md": "---\ndraft: true\n---\n# A", "chapters/_notes.md": "x", "chapters/_img/x.md": "x"}
    )
    assert slugs(root) == []


def test_a_toc_overrules_file_names(make: Callable[..., Path]) -> None:
    toc = (
        "---\ntitle: T\nlicense: CC0-1.0\ntoc:\n  - file: b.md\n  - title: Part\n    children:\n      - file: a\n---\n"
    )
    root = make({"chapters/a.md": "# A", "chapters/b.md": "# B", "chapters/c.md": "# C"}, toc)
    assert slugs(root) == ["b", "a"]
    assert codes(root) == ["not-in-toc"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("- file: nowhere.md", "toc-missing"),
        ("- file: ../secret.md", "toc-missing"),
        ("- file: a.md\n  - file: a", "toc-twice"),
    ],
)
def test_a_toc_that_cannot_be_followed_says_where(make: Callable[..., Path], entry: str, code: str) -> None:
    root = make({"chapters/a.md": "# A"}, f"---\ntitle: T\nlicense: CC0-1.0\ntoc:\n  {entry}\n---\n")
    found = [finding for finding in read_book(root)[1] if finding.code == code]
    assert found
    assert found[0].place.line >= 5


def test_a_link_out_of_the_book_is_not_read(make: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    root = make({})
    (root / "chapters/01-a.md").symlink_to(tmp_path / "secret.md")
    book, findings = read_book(root)
    assert book.chapters[0].problem
    assert "Secret" not in book.chapters[0].title
    assert [finding.code for finding in findings] == ["chapter-unreadable"]


def test_a_folder_without_chapters_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(OerbookError) as caught:
        read_book(tmp_path)
    assert "chapters/" in caught.value.hint


def test_people_have_a_file_each(make: Callable[..., Path]) -> None:
    root = make({"contributors/ada.md": "---\nname: Ada Lee\ngithub: ada\nroles: [Software]\n---\nAda writes.\n"})
    person = read_book(root)[0].people[0]
    assert (person.id, person.name, person.roles, person.biography) == ("ada", "Ada Lee", ("Software",), "Ada writes.")


def test_a_page_that_is_the_same_is_understood_once_and_a_changed_one_anew(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make({"chapters/01-soil.md": "# Soil\n\nSoil.\n", "chapters/02-water.md": "# Water\n\nWet.\n"})
    first = read_book(root)
    understood: list[str] = []
    plain = front_matter.read

    def watched(text: str, path: str, schema: Mapping[str, str]) -> front_matter.Matter:
        understood.append(path)
        return plain(text, path, schema)

    monkeypatch.setattr(front_matter, "read", watched)
    assert read_book(root) == first
    assert understood == []
    clock = (root / "chapters/01-soil.md").stat()
    (root / "chapters/01-soil.md").write_text("---\nnonsense: 1\n---\n# Loam\n")
    os.utime(root / "chapters/01-soil.md", ns=(clock.st_atime_ns, clock.st_mtime_ns))
    book, found = read_book(root)
    assert understood == ["chapters/01-soil.md"]
    assert book.chapters[0].title == "Loam"
    assert [f.code for f in found if f.place.path == "chapters/01-soil.md"] == ["front-matter-key"]


def test_a_file_is_inside_wherever_links_lead(tmp_path: Path) -> None:
    root, outside = tmp_path / "book", tmp_path / "outside"
    for folder in (root / "chapters", outside):
        folder.mkdir(parents=True)
        (folder / "a.md").write_text("# A\n")
    (root / "chapters/out.md").symlink_to(outside / "a.md")
    (root / "chapters/in.md").symlink_to(root / "chapters/a.md")
    (root / "away").symlink_to(outside, target_is_directory=True)
    (tmp_path / "door").symlink_to(root, target_is_directory=True)
    (tmp_path / "bookish").mkdir()
    found = {
        name: inside(tmp_path / name, root)
        for name in (
            *("book/chapters/a.md", "book/chapters/in.md", "door/chapters/a.md", "book/chapters/../chapters/a.md"),
            *("book/chapters/out.md", "book/away/a.md", "book/../outside/a.md", "outside/a.md", "bookish/a.md"),
        )
    }
    assert [name for name, good in found.items() if good] == list(found)[:4]
    assert inside(root / "chapters/a.md", tmp_path / "door")
    assert inside(tmp_path / "door/chapters/a.md", tmp_path / "door")
    assert not inside(tmp_path / "door/chapters/out.md", tmp_path / "door")
