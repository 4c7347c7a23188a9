"""Submissions whose history is forged: names that hold what divides lists, merges that change files, odd branches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oerbook.git import commits as git_commits
from oerbook.git import refs
from oerbook.git.process import last_commit_time
from oerbook.tasks.submissions import merge as queue
from tests.conftest import oerbook
from tests.support.merging import BOOK, START, chapter, codes, merge, prose, submission
from tests.support.repository import Tree, begin, commit, forged, git

BO = "contributors/bo-field.md"
BOS = "---\nname: Bo Field\n---\n\nHe digs.\n\nHe sails.\n\nHe sings.\n"
MOCKED = BOS.replace("digs", "lies")


def book(root: Path) -> Path:
    """Make a book to which Bo has brought a file and a chapter."""
    begin(root, BOOK)
    commit(root, "main", {BO: BOS, "chapters/02-bo.md": f"---\nauthors: [bo-field]\n---\n\n{chapter(4)}"}, "Bo Field")
    return root


def joined(root: Path, branch: str, parents: tuple[str, ...], files: Tree, name: str) -> None:
    """Let a branch end in a merge that holds some files."""
    tree = git(root, "rev-parse", f"{commit(root, 'laid-out', files, name)}^{{tree}}")
    git(root, "update-ref", "-d", "refs/heads/laid-out")
    parts = (("NAME", name), ("EMAIL", f"{name}@example.org"))
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in parts}
    above = [word for parent in parents for word in ("-p", parent)]
    made = git(root, "commit-tree", tree, *above, "-m", "Up to date", **who, GIT_COMMITTER_DATE="1760000000 +0000")
    git(root, "update-ref", f"refs/heads/{branch}", made)


def dated(root: Path, moment: str) -> str:
    """Return a commit onto main that says to be of a moment, and changes a chapter."""
    changed = commit(root, "dated", {"chapters/02-bo.md": chapter(5)}, "Eve")
    told = git(root, "cat-file", "commit", changed)
    text = "\n".join(
        f"{row.partition('> ')[0]}> {moment}" if row.startswith("committer ") else row for row in told.split("\n")
    )
    git(root, "update-ref", "-d", "refs/heads/dated")
    return git(root, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", source=f"{text}\n".encode())


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment", ["0 +0000", "4354819200 +0000", "253402300800 +0000", "99999999999999999999 +0000", "-5 +0000", "soon"]
)
def test_a_book_with_an_invalid_commit_date_is_built(tmp_path: Path, moment: str) -> None:
    """A commit has the time that its author states; the archives that a book is packed in begin with 1980 and end with 2107."""
    root = book(tmp_path / "book")
    git(root, "update-ref", "refs/heads/main", dated(root, moment))
    git(root, "checkout", "-q", "-f", "main")
    ran = oerbook("build", "html", "epub", "docx", "-C", root)
    assert ran.code == 0, ran.err
    assert oerbook("check", "--base", "main~1", "-C", root).code in (0, 1)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["99999999999999999999 +0000", "253402300800 +0000", "-5 +0000", "soon"])
def test_a_commit_with_an_invalid_date_is_not_merged(tmp_path: Path, moment: str) -> None:
    """git takes it in without a word; on top of two of them, it drew the graph of the history for ever."""
    root = book(tmp_path / "book")
    git(root, "update-ref", "refs/heads/eve", dated(root, moment))
    assert git(root, "merge-tree", "--write-tree", "main", "eve") == git(root, "rev-parse", "eve^{tree}")
    before = git(root, "rev-parse", "main")
    ran = oerbook("merge", "eve", "--onto", "main", "-C", root)
    assert ran.code == 1 and "has an invalid date" in ran.out
    assert git(root, "rev-parse", "main") == before
    git(root, "symbolic-ref", "HEAD", "refs/heads/eve")
    assert "has an invalid date" in oerbook("check", "--base", "main", "-C", root).out


def test_a_merge_commit_is_dated_with_the_time_of_the_merge(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    above = [word for parent in ("main", dated(root, "4000000000 +0000")) for word in ("-p", parent)]
    who = {f"GIT_{role}_{key}": "ada" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    merged = git(
        root, "commit-tree", f"{above[3]}^{{tree}}", *above, "-m", "Merge", **who, GIT_COMMITTER_DATE="1770000000 +0000"
    )
    git(root, "update-ref", "refs/heads/main", merged)
    assert last_commit_time(root) == 1_770_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mail"),
    [("Eve", "eve@x"), ("Eve\x01", "eve@x"), ("Eve", "eve@x\x01"), ("by", "by"), (":100644", "x\x02"), ("", "")],
)
def test_a_forged_author_name_does_not_hide_the_change_of_another_persons_file(
    tmp_path: Path, name: str, mail: str
) -> None:
    root = book(tmp_path / "book")
    commit(root, "eve", {BO: MOCKED}, "Eve")
    forged(root, "eve", name, mail)
    assert codes(merge(root, "eve")[1]["eve"]) == {"contributor-not-own"}


def test_authors_of_a_file_are_found_despite_unusual_names(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "odd", {":100644 by": "x", BO: MOCKED}, "by")
    forged(root, "odd", "by", "by")
    found = git_commits.authors_by_path(root, "", "odd", {":100644 by", BO})
    assert found == {":100644 by": [("by", "by")], BO: [("by", "by"), ("Bo Field", "bo.field@example.org")]}
    assert git_commits.emails_by_name(root, "odd") == {
        "by": {"by"}, "Bo Field": {"bo.field@example.org"}, "Ada Lee": {"ada.lee@example.org"},
    }  # fmt: skip


@pytest.mark.slow
def test_a_change_hidden_in_a_merge_commit_of_a_submission_is_reported(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "mine", submission(1), "Eve Moss")
    commit(root, "main", {"chapters/01-start.md": f"{START}\nMore.\n"}, "Ada Lee")
    joined(root, "two", ("mine", "main"), {**submission(1), BO: MOCKED}, "Mal")
    joined(root, "three", ("mine", "main", "main~1"), {**submission(1), BO: MOCKED}, "Mal")
    named = f"---\nauthors: [bo-field, Mal]\n---\n\n{chapter(4)}"
    joined(root, "alone", ("main", "main~1"), {"chapters/02-bo.md": named}, "Mal")
    rows = merge(root, "--dry-run", "two", "three", "alone")[1]
    assert {name: codes(row) for name, row in rows.items()} == {
        "two": {"contributor-not-own"}, "three": {"contributor-not-own"}, "alone": {"author-added"},
    }  # fmt: skip


@pytest.mark.slow
def test_a_merge_that_restores_an_older_file_counts_as_a_change(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "main", {BO: BOS + "\nHe sows.\n"}, "Bo Field")
    joined(root, "back", ("main", "main~1"), {BO: BOS}, "Mal")
    assert codes(merge(root, "back")[1]["back"]) == {"contributor-not-own"}


@pytest.mark.slow
def test_a_merge_commit_names_only_people_who_changed_content_in_it(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "bo", {BO: BOS.replace("sings", "sings well")}, "Bo Field")
    commit(root, "main", {BO: MOCKED.replace("lies", "digs deep")}, "Bo Field")
    git(root, "checkout", "-q", "-f", "bo")
    git(root, "-c", "user.name=Cy", "-c", "user.email=cy@x.org", "merge", "-q", "-m", "Update", "main")
    git(root, "symbolic-ref", "HEAD", "refs/heads/main")
    joined(root, "mal", ("main", "main~1"), {"chapters/07-mal.md": f"# Mal\n\n{prose(7)}\n"}, "Mal")
    code, rows = merge(root, "bo", "mal")
    assert (code, rows["bo"]["people"], rows["mal"]["people"]) == (0, ["Bo Field"], ["Mal"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a\u2028b", "a\u0085b", "-x", "HEAD", "refs/heads/main"])
def test_an_unusual_branch_name_does_not_stop_a_merge(tmp_path: Path, name: str) -> None:
    root = book(tmp_path / "book")
    git(root, "update-ref", f"refs/heads/{name}", commit(root, "oak", submission(1), "Eve Moss"))
    git(root, "update-ref", "-d", "refs/heads/oak")
    assert [branch.name for branch in refs.list_branches(root)] == sorted(("main", name))
    ran = oerbook("merge", "--format", "json", "-C", root)
    assert [row["state"] for row in json.loads(ran.out)["branches"]] == ["merged"]


@pytest.mark.slow
def test_a_file_added_by_a_merge_belongs_to_the_author_of_the_merge(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "mal", submission(1), "Mal")
    commit(root, "main", {"chapters/01-start.md": f"{START}\nMore.\n"}, "Ada Lee")
    joined(
        root,
        "mal",
        ("mal", "main"),
        {**submission(1), "chapters/m.png": b"\x89PNG one", "chapters/05-m.md": chapter(7)},
        "Mal",
    )
    git(root, "update-ref", "refs/heads/main", "mal")
    for branch, who in (("own", "Mal"), ("foreign", "Eve")):
        commit(root, branch, {"chapters/m.png": b"\x89PNG two"}, who)
        forged(root, branch, who, f"{who}@example.org")
    rows = merge(root, "--dry-run", "own", "foreign")[1]
    assert {name: "figure-replaced" in codes(row) for name, row in rows.items()} == {"own": False, "foreign": True}


@pytest.mark.slow
def test_a_moved_picture_still_belongs_to_the_person_who_added_it(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "main", {"chapters/old.png": b"\x89PNG one"}, "Bo Field")
    moved = {
        "chapters/old.png": None,
        "chapters/new.png": b"\x89PNG one",
        "chapters/02-bo.md": chapter(4) + "\n![A map](new.png)\n",
    }
    commit(root, "main", moved, "Ada Lee")
    for branch, who in (("own", "Bo Field"), ("foreign", "Eve")):
        commit(root, branch, {"chapters/new.png": b"\x89PNG two"}, who)
    rows = merge(root, "--dry-run", "own", "foreign")[1]
    assert {name: "figure-replaced" in codes(row) for name, row in rows.items()} == {"own": False, "foreign": True}


@pytest.mark.slow
def test_a_merge_message_has_no_control_characters(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "oak", submission(1), "Eve")
    forged(root, "oak", "E\x1b[31mve \u202eM", "eve@x.org")
    name = "oak-\u202etxt\u2066\x9b2J\u200b"
    git(root, "update-ref", f"refs/heads/{name}", "oak")
    git(root, "update-ref", "-d", "refs/heads/oak")
    assert merge(root, name)[0] == 0
    told = git(root, "log", "-1", "--format=%B", "main")
    assert told.split("\n")[0] == r"Merge oak-\u202etxt\u2066\x9b2J\u200b"
    assert "Co-authored-by: E[31mve M <eve@x.org>" in told.split("\n")
    assert all(sign.isprintable() for sign in git(root, "reflog", "-1", "--format=%gs", "main"))


@pytest.mark.slow
def test_the_author_of_a_plain_merge_is_known_to_later_submissions(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "one", submission(1), "Eve Moss")
    commit(root, "main", {"chapters/01-start.md": f"{START}\nMore.\n"}, "Ada Lee")
    joined(root, "one", ("one", "main"), submission(1), "Mal Stone")
    claim = {"contributors/mal-stone.md": "---\nname: Mal Stone\n---\n\nI am he.\n"}
    commit(root, "two", {**submission(2), **claim}, "Zed Moor", "A later change")
    rows = queue.merge(root, tmp_path / "out", queue.MergeOptions(("one", "two")), queue.SilentProgress())
    assert [{f.code for f in v.findings if f.severity.name == "ERROR"} for v in rows.results] == [
        set(), {"identity-claimed"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mail", "words", "signed"),
    [
        ("eve@x", "Signed-off-by: Eve <EVE@x>", True),
        ("", "Signed-off-by: Somebody <else@x>", False),
        ("", "Nothing", False),
        ("e@x", "Signed-off-by: Somebody <else@x.org>", False),
        ("else@x", "Signed-off-by: Somebody <else@x.org>", False),
    ],
)
def test_a_sign_off_carries_the_whole_address_of_the_author(
    tmp_path: Path, mail: str, words: str, signed: bool
) -> None:
    root = book(tmp_path / "book")
    commit(root, "eve", {BO: MOCKED}, "Eve", f"A change\n\n{words}")
    forged(root, "eve", "Eve", mail)
    assert [one.signed_off for one in git_commits.submission_commits(root, "main", "eve")] == [signed]


@pytest.mark.slow
def test_an_empty_address_gives_no_right_to_another_persons_file(tmp_path: Path) -> None:
    root = book(tmp_path / "book")
    commit(root, "main", {"contributors/cy.md": "---\nname: Cy Brook\n---\n\nHe is.\n"}, "Cy Brook")
    forged(root, "main", "Cy Brook", "")
    commit(root, "eve", {"contributors/cy.md": "---\nname: Cy Brook\n---\n\nHe is not.\n"}, "Eve")
    forged(root, "eve", "Eve", "")
    assert codes(merge(root, "eve")[1]["eve"]) == {"contributor-not-own"}
