"""Undoing a merge, and the list of submissions that wait, in real repositories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import oerbook
from tests.support.merging import BOOK, START, merge, person, prose, submission
from tests.support.repository import begin, commit, git

PAGE = START + "".join(f"\nParagraph {n} says {prose(n)}\n" for n in range(3))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    begin(book, {**BOOK, "chapters/01-start.md": PAGE})
    git(book, "reset", "-q", "--hard")
    git(book, "config", "user.name", "Eva Moss")
    git(book, "config", "user.email", "eva.moss@example.org")
    return book


def words(root: Path) -> dict[str, float]:
    ran = oerbook("credits", "--format", "json", "-C", root)
    assert ran.code == 0, ran.err
    return {row["person"]: row["words"] for row in json.loads(ran.out)["book"] if row["words"]}


def test_undo_keeps_later_changes_and_restores_the_authors_of_replaced_words(root: Path) -> None:
    before = words(root)
    reworded = PAGE.replace("It says how the book began and why it goes on.", "Nobody knows why it was ever written.")
    commit(
        root,
        "rewording",
        {"chapters/01-start.md": reworded, "chapters/09-new.md": f"# New\n\n{prose(9)}\n"},
        "Bo Field",
    )
    assert merge(root, "rewording")[0] == 0
    commit(root, "main", {"chapters/08-later.md": f"# Later\n\n{prose(8)}\n"}, "Cy Brook")
    git(root, "reset", "-q", "--hard", "main")
    history = git(root, "rev-list", "main").split()

    would = oerbook("undo", "rewording", "--dry-run", "-C", root)
    assert would.code == 0 and "chapters/09-new.md" in would.out and git(root, "rev-list", "main").split() == history
    ran = oerbook("undo", "rewording", "-C", root)
    assert ran.code == 0 and "undone Merge rewording" in ran.out, ran.err
    assert git(root, "rev-list", "main").split()[1:] == history
    assert git(root, "symbolic-ref", "HEAD") == "refs/heads/main" and git(root, "status", "--porcelain", "-uno") == ""
    assert (root / "chapters/01-start.md").read_text() == PAGE and not (root / "chapters/09-new.md").exists()
    assert (root / "chapters/08-later.md").is_file()
    after = words(root)
    assert after.pop("cy-brook") > 50 and after == before
    assert git(root, "log", "-1", "--format=%B", "main").startswith('Revert "Merge rewording"\n\nThis reverts commit ')

    again = oerbook("undo", "rewording", "-C", root)
    assert again.code == 1 and "nothing to undo" in again.err
    back = oerbook("undo", git(root, "rev-parse", "main"), "-C", root)
    assert back.code == 0 and (root / "chapters/09-new.md").is_file(), back.err
    assert words(root)["bo-field"] > 50


def test_undo_refuses_a_merge_with_overlapping_later_changes_and_unknown_merges(root: Path) -> None:
    first = git(root, "rev-parse", "main")
    commit(root, "rewording", {"chapters/01-start.md": PAGE.replace("how the book began", "what began")}, "Bo Field")
    git(root, "merge", "-q", "--no-ff", "-m", "Merge pull request #7 from bo/rewording", "rewording")
    commit(root, "main", {"chapters/01-start.md": PAGE.replace("how the book began", "what else began")}, "Cy Brook")
    git(root, "reset", "-q", "--hard", "main")
    refused = oerbook("undo", "#7", "-C", root)
    assert refused.code == 1 and "later changes touch the same passages in chapters/01-start.md" in refused.err
    assert "git revert -m 1" in refused.err
    for name, reason in (("#8", "there is no merge"), (first, "first commit"), ("oak", "there is no merge")):
        ran = oerbook("undo", name, "-C", root)
        assert ran.code == 1 and reason in ran.err, ran.err


def test_open_submissions_are_listed_with_their_state(root: Path) -> None:
    commit(root, "oak", submission(1), person(1), "A chapter\n\nReviewed-by: Dee Wu <dee@example.org>")
    commit(root, "bad", {**submission(2), "Makefile": "all:\n"}, person(2))
    commit(root, "clash", {"chapters/01-start.md": PAGE.replace("how the book began", "what began")}, "Bo Field")
    commit(root, "main", {"chapters/01-start.md": PAGE.replace("how the book began", "when it began")}, "Ada Lee")
    git(root, "update-ref", "refs/pull/7/head", commit(root, "pull", submission(4), person(4)))
    git(root, "update-ref", "-d", "refs/heads/pull")

    def listed() -> dict[str, Any]:
        ran = oerbook("submissions", "--format", "json", "-C", root)
        assert ran.code == 0 and "@" not in ran.out, ran.err
        return {row["branch"]: row for row in json.loads(ran.out)["submissions"]}

    rows = listed()
    assert set(rows) == {"oak", "bad", "clash", "pull/7/head"}
    assert rows["oak"]["people"] == [person(1)] and rows["oak"]["reviewers"] == ["Dee Wu"]
    assert rows["clash"]["conflicts"] == ["chapters/01-start.md"] and rows["oak"]["check"] is None
    git(root, "switch", "-q", "bad")
    assert oerbook("check", "--base", "main", "-C", root).code == 1
    git(root, "switch", "-q", "main")
    rows = listed()
    assert rows["bad"]["check"]["errors"] == 1 and rows["oak"]["check"] is None
    merge(root, "--dry-run")
    rows = listed()
    assert rows["bad"]["check"]["errors"] and not rows["oak"]["check"]["errors"] and not rows["oak"]["outdated"]
    merge(root, "oak")
    assert "oak" not in listed() and listed()["bad"]["outdated"]
    text = oerbook("submissions", "-C", root)
    assert "days old" in text.out and "last check: 1 error" in text.out and "conflicts with the book in" in text.out
    assert "not checked yet" in text.out and "3 open submissions to main" in text.err
