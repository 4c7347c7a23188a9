from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.source.book import read_book
from oerbook.source.page import read_page
from oerbook.source.text import is_file_inside


def slugs(root: Path) -> list[str]:
    return [chapter.slug for chapter in read_book(root)[0].chapters]


def codes(root: Path) -> list[str]:
    return [finding.code for finding in read_book(root)[1]]


def test_numbers_set_the_order_and_the_rest_the_slug(make: Callable[..., Path]) -> None:
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


def test_two_chapters_with_the_same_number_are_a_note(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-b.md": "# B", "chapters/01-a.md": "# A"})
    assert slugs(root) == ["a", "b"]
    assert codes(root) == ["number-duplicate"]


def test_two_chapters_with_the_same_name_are_both_kept(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-soil.md": "# Soil", "chapters/02-soil.md": "# Soil again"})
    assert slugs(root) == ["soil", "02-soil"]
    assert "slug-duplicate" in codes(root)


def test_the_name_of_a_draft_clashes_with_no_chapter(make: Callable[..., Path]) -> None:
    draft = "---\ndraft: true\n---\n# Soil anew"
    root = make({"chapters/01-soil.md": "# Soil", "chapters/02-soil.md": draft, "chapters/search.md": draft})
    assert slugs(root) == ["soil"]
    assert codes(root) == []


def test_drafts_and_hidden_files_are_left_out(make: Callable[..., Path]) -> None:
    root = make(
        {"chapters/01-a.md": "---\ndraft: true\n---\n# A", "chapters/_notes.md": "x", "chapters/_img/x.md": "x"}
    )
    assert slugs(root) == []


def test_toc_takes_precedence_over_file_names(make: Callable[..., Path]) -> None:
    toc = (
        "---\ntitle: T\nlicense: CC0-1.0\ntoc:\n  - file: b.md\n  - title: Part\n    children:\n      - file: a\n---\n"
    )
    root = make({"chapters/a.md": "# A", "chapters/b.md": "# B", "chapters/c.md": "# C"}, toc)
    assert slugs(root) == ["b", "a"]
    assert codes(root) == ["toc-unlisted"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("- file: nowhere.md", "toc-missing"),
        ("- file: ../secret.md", "toc-missing"),
        ("- file: a.md\n  - file: a", "toc-duplicate"),
    ],
)
def test_an_invalid_toc_entry_is_reported_with_its_line(make: Callable[..., Path], entry: str, code: str) -> None:
    root = make({"chapters/a.md": "# A"}, f"---\ntitle: T\nlicense: CC0-1.0\ntoc:\n  {entry}\n---\n")
    findings = [finding for finding in read_book(root)[1] if finding.code == code]
    assert findings
    assert findings[0].place.line >= 5


def test_a_symbolic_link_out_of_the_book_is_not_read(make: Callable[..., Path], tmp_path: Path) -> None:
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


def test_an_unchanged_page_is_parsed_once_and_a_changed_one_again(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-soil.md": "# Soil\n\nSoil.\n", "chapters/02-water.md": "# Water\n\nWet.\n"})
    paths = {"soil": "chapters/01-soil.md", "water": "chapters/02-water.md"}
    first = {slug: read_page(root, path, slug) for slug, path in paths.items()}
    assert all(read_page(root, path, slug) is first[slug] for slug, path in paths.items())
    assert all(chapter is first[chapter.slug].chapter for chapter in read_book(root)[0].chapters)
    status = (root / "chapters/01-soil.md").stat()
    (root / "chapters/01-soil.md").write_text("---\nnonsense: 1\n---\n# Loam\n")
    os.utime(root / "chapters/01-soil.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    book, findings = read_book(root)
    assert read_page(root, paths["water"], "water") is first["water"]
    assert book.chapters[0].title == "Loam"
    assert [f.code for f in findings if f.place.path == "chapters/01-soil.md"] == ["front-matter-key"]


def test_links_are_followed_to_decide_whether_a_file_is_inside(tmp_path: Path) -> None:
    root, outside = tmp_path / "book", tmp_path / "outside"
    for folder in (root / "chapters", outside):
        folder.mkdir(parents=True)
        (folder / "a.md").write_text("# A\n")
    (root / "chapters/out.md").symlink_to(outside / "a.md")
    (root / "chapters/in.md").symlink_to(root / "chapters/a.md")
    (root / "away").symlink_to(outside, target_is_directory=True)
    (tmp_path / "door").symlink_to(root, target_is_directory=True)
    (tmp_path / "bookish").mkdir()
    result = {
        name: is_file_inside(tmp_path / name, root)
        for name in (
            *("book/chapters/a.md", "book/chapters/in.md", "door/chapters/a.md", "book/chapters/../chapters/a.md"),
            *("book/chapters/out.md", "book/away/a.md", "book/../outside/a.md", "outside/a.md", "bookish/a.md"),
        )
    }
    assert [name for name, is_below in result.items() if is_below] == list(result)[:4]
    assert is_file_inside(root / "chapters/a.md", tmp_path / "door")
    assert is_file_inside(tmp_path / "door/chapters/a.md", tmp_path / "door")
    assert not is_file_inside(tmp_path / "door/chapters/out.md", tmp_path / "door")
