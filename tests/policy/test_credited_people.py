"""Whom a submission credits is named before it is merged: anybody can write a name below a commit."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import INDEX, oerbook
from tests.support.repository import begin, commit, git

NOTE = """More

Co-authored-by: Edith Editor <edith@secret.example>
Co-authored-by: Mallory Marsh <mallory.marsh@example.org>
Reviewed-by: Prof. Known <known@secret.example>
Reviewed-by: Mallory Marsh <mallory.marsh@example.org>
Translated-by: Bare Name
Assisted-by: Some Tool
"""


def test_everybody_who_is_credited_and_wrote_nothing_is_named(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": INDEX, "chapters/01-a.md": "# A\n\nWords of the page.\n"})
    commit(root, "more", {"chapters/02-b.md": "# B\n\nWords of another page.\n"}, "Mallory Marsh", NOTE)
    git(root, "checkout", "-q", "-f", "more")
    ran = oerbook("check", "--base", "main", "--format", "json", cwd=root)
    told = [(f["message"].split(" credits ")[1], f["severity"]) for f in ran.findings("credit-claimed")]
    assert sorted(told) == [
        ("Bare Name as a translator", "warning"),
        ("Edith Editor as a co-author", "warning"),
        ("Mallory Marsh as a reviewer", "warning"),
        ("Prof. Known as a reviewer", "warning"),
    ]
    assert "secret.example" not in ran.out


def test_whom_a_chapter_names_for_the_first_time_is_reported(tmp_path: Path) -> None:
    root = tmp_path / "book"
    people = {"contributors/mallory.md": "---\nname: Mallory Marsh\n---\n\nAn author.\n"}
    old = "---\nauthors: [Ann Author]\nreviewers: [Rita Reader]\n---\n\n# A\n\nWords of the page.\n"
    begin(root, {"chapters/index.md": INDEX, "chapters/01-a.md": old, **people})
    new = "---\nauthors: [mallory, Prof. Known]\neditors: [Edith Editor]\nreviewers: [mallory]\n---\n\n# B\n\nMore words.\n"
    commit(root, "more", {"chapters/02-b.md": new, "chapters/01-a.md": old + "More.\n"}, "Mallory Marsh", "More")
    git(root, "checkout", "-q", "-f", "more")
    ran = oerbook("check", "--base", "main", "--format", "json", cwd=root)
    told = [(f["path"], f["message"], f["severity"]) for f in ran.findings("credit-claimed")]
    assert sorted(told) == [
        ("chapters/02-b.md", "this chapter names Edith Editor as an editor", "warning"),
        ("chapters/02-b.md", "this chapter names Mallory Marsh as a reviewer", "warning"),
        ("chapters/02-b.md", "this chapter names Prof. Known as an author", "info"),
    ]


def test_reviewers_and_editors_of_a_chapter_are_protected_like_its_authors(tmp_path: Path) -> None:
    root = tmp_path / "book"
    page = "---\nauthors: [Ann Author]\nreviewers: [Rita Reader]\n---\n\n# A\n\nWords of the page.\n"
    begin(root, {"chapters/index.md": INDEX, "chapters/01-a.md": page})
    commit(root, "more", {"chapters/01-a.md": page.replace("Rita Reader", "Bo Chan")}, "Mallory Marsh", "More")
    git(root, "checkout", "-q", "-f", "more")
    ran = oerbook("check", "--base", "main", "--format", "json", cwd=root)
    assert [f["message"] for f in ran.findings("author-removed")] == ["Rita Reader would no longer be listed here"]
    assert [f["message"] for f in ran.findings("author-added")] == [
        "Bo Chan would be credited in other people's chapter"
    ]
