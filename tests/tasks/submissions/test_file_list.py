"""The files of a commit are sorted into book, texts and themes; a submission is read up to a limit."""

from __future__ import annotations

from oerbook.git.objects import TreeDifference, TreeEntry
from oerbook.tasks.submissions import file_list
from oerbook.tasks.submissions.file_list import FileList


def kept(path: str, mode: str = "100644", size: int = 10) -> TreeEntry:
    return TreeEntry(path, mode, path.rjust(40, "0")[:40], size)


FILES = [
    kept("book/chapters/index.md"),
    kept("book/chapters/01-soil.md", "100755"),
    kept("book/chapters/soil.svg"),
    kept("book/chapters/link.md", "120000"),
    kept("book/chapters/huge.png", size=file_list.MAX_FILE_BYTES + 1),
    kept("book/chapters/.git/config"),
    kept("book/themes/ours/theme.toml"),
    kept("book/themes/ours/run.sh", "100755"),
    kept("book/conf.py"),
    kept("chapters/other.md"),
]


def test_files_are_sorted_into_book_texts_and_themes() -> None:
    found = FileList.of("book/", FILES)
    assert set(found.files) == {one.path for one in FILES}
    assert set(found.book) == {"chapters/index.md", "chapters/01-soil.md", "chapters/soil.svg"}
    assert set(found.texts) == {"chapters/index.md", "chapters/01-soil.md"}
    assert set(found.themes) == {"themes/ours/theme.toml"}
    assert set(found.select_texts(["chapters/soil.svg", "conf.py"])) == set(found.book)
    assert set(found.title_page()) == {"chapters/index.md"}


def test_applying_differences_gives_the_same_list_as_reading_the_commit() -> None:
    before = FileList.of("book/", FILES)
    differences = [
        TreeDifference("removed", "", "100644", kept("book/chapters/soil.svg", "000000", 0)),
        TreeDifference("renamed", "book/chapters/01-soil.md", "100755", kept("book/chapters/02-soil.md")),
        TreeDifference("added", "", "", kept("book/chapters/01-soil.md/deep.md")),
        TreeDifference("changed", "", "100644", kept("book/chapters/index.md", "120000")),
        TreeDifference("removed", "", "100644", kept("book/themes/ours/theme.toml", "000000", 0)),
    ]
    after = before.with_changes(differences)
    gone = {
        "book/chapters/soil.svg",
        "book/chapters/01-soil.md",
        "book/chapters/index.md",
        "book/themes/ours/theme.toml",
    }
    now = [one for one in FILES if one.path not in gone]
    now += [d.entry for d in differences if d.kind != "removed"]
    assert after == FileList.of("book/", now)
    assert not after.title_page()
    assert before == FileList.of("book/", FILES)


def test_files_of_a_submission_beyond_the_limits_are_left_out() -> None:
    found = FileList.of(
        "", [kept("chapters/a.md", size=60), kept("chapters/b.md", size=60), kept("chapters/c.md", size=60)]
    )
    assert set(found.without_oversized(["chapters/b.md", "chapters/c.md", "gone.md"], max_bytes=130)) == set(found.book)
    assert set(found.without_oversized(found.book, max_bytes=130)) == {"chapters/a.md", "chapters/b.md"}
    assert set(found.without_oversized(["chapters/b.md", "chapters/c.md"], max_files=1)) == {
        "chapters/a.md",
        "chapters/b.md",
    }
