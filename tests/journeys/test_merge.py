"""The editor's queue: submissions by many people, good and bad, merged into a real repository."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from oerbook.tasks.submissions import merge as queue
from oerbook.tasks.submissions.review import Review
from tests.conftest import ROOT, oerbook
from tests.support.merging import BOOK, INDEX, START, chapter, codes, merge, person, prose, submission
from tests.support.repository import Tree, begin, commit, git, heavy


@pytest.mark.slow
def test_branches_that_pass_are_merged_and_others_are_reported(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    for number in range(2):
        commit(
            root, f"good-{number}", submission(number), person(number), "A chapter\n\nTranslated-by: Eve Moss <e@x.org>"
        )
    commit(root, "bad", {**submission(3), "Makefile": "all:\n"}, person(3))
    commit(root, "rewords-1", {"chapters/01-start.md": START.replace("began", "was begun")}, "Bo Field")
    commit(root, "rewords-2", {"chapters/01-start.md": START.replace("began", "started")}, "Cy Brook")
    git(root, "checkout", "-q", "--orphan", "alone")
    git(root, "-c", "user.name=X", "-c", "user.email=x@x.org", "commit", "-qm", "alone")
    git(root, "checkout", "-q", "-f", "main")
    (root / "chapters" / "01-start.md").write_text(START + "\nNot committed yet.\n")
    index, shown = (root / ".git" / "index").read_bytes(), sorted(p.name for p in (root / "chapters").iterdir())
    old = git(root, "rev-parse", "main")

    would, rows = merge(root, "--dry-run", "good-*")
    assert (would, [row["state"] for row in rows.values()]) == (0, ["merged", "merged"])
    assert git(root, "rev-parse", "main") == old

    code, rows = merge(root, "--reviewed-by", "Ada Lee <ada.lee@example.org>")
    assert code == 1
    assert {name: row["state"] for name, row in rows.items()} == {
        "good-0": "merged", "good-1": "merged", "bad": "refused", "rewords-1": "merged", "rewords-2": "refused",
    }  # fmt: skip
    assert codes(rows["bad"]) == {"path-not-allowed"}
    assert codes(rows["rewords-2"]) == {"merge-conflict"}
    told = rows["rewords-2"]["findings"][0]  # type: ignore[index]
    assert "Cy Brook and Bo Field" in told["message"] and "started" in told["message"] and "@" not in told["message"]
    assert (told["path"], told["line"]) == ("chapters/01-start.md", 3)
    assert (root / ".git" / "index").read_bytes() == index
    assert sorted(p.name for p in (root / "chapters").iterdir()) == shown
    assert (root / "chapters" / "01-start.md").read_text().endswith("Not committed yet.\n")
    messages = git(root, "log", "--merges", "--format=%B", "main")
    assert f"Co-authored-by: {person(0)} <" in messages
    assert messages.count("Reviewed-by: Ada Lee <ada.lee@example.org>") == 3

    again, rows = merge(root, "good-*")
    assert again == 0 and {row["state"] for row in rows.values()} == {"there"}
    markdown = oerbook("merge", "--format", "markdown", "-C", root, "bad").out
    assert "Thank you" in markdown and "Makefile" in markdown and "@example" not in markdown

    git(root, "checkout", "-q", "--", "chapters/01-start.md")
    git(root, "switch", "-q", "main")
    assert git(root, "status", "--porcelain", "-uno") == ""
    assert (root / "chapters" / "02-topic-0.md").is_file()


@pytest.mark.slow
def test_work_trees_stay_at_what_they_show_and_a_bare_repository_has_none(tmp_path: Path) -> None:
    root, second, bare = tmp_path / "book", tmp_path / "second", tmp_path / "bare.git"
    old = begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    git(root, "checkout", "-q", "--detach")
    git(root, "worktree", "add", "-q", str(second), "main")
    git(root, "symbolic-ref", "HEAD", "refs/heads/main")
    for name, number in (("oak", 1), ("elm", 2)):
        commit(root, name, submission(number), person(number))
    git(tmp_path, "clone", "-q", "--mirror", str(root), str(bare))
    (root / "chapters" / "01-start.md").write_text(START + "\nNot committed yet.\n")
    ran = oerbook("merge", "-q", "-C", root, "oak")
    assert ran.code == 0 and "git switch main" in ran.err
    for place, status in ((root, "M chapters/01-start.md"), (second, "")):
        assert git(place, "status", "--porcelain", "-uno") == status
        assert git(place, "rev-parse", "HEAD") == old
    assert merge(root, "elm")[1]["elm"]["state"] == "merged"  # the branch that the folder showed is still known
    assert git(root, "rev-list", "--first-parent", "--count", f"{old}..main") == "2"
    git(second, "switch", "-q", "-")
    assert git(second, "rev-parse", "HEAD") == git(root, "rev-parse", "main")
    assert (second / "chapters" / "02-topic-1.md").is_file()

    code, rows = merge(bare, "oak", "elm")
    assert code == 0 and {row["state"] for row in rows.values()} == {"merged"}
    assert git(bare, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(bare, "rev-parse", "main^{tree}") == git(root, "rev-parse", "main^{tree}")


def run_by_config(program: str) -> str:
    names = (
        "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.alternateRefsCommand",
        "gpg.program", "diff.external", "diff.evil.textconv", "diff.evil.command", "merge.evil.driver", "filter.evil.clean",
        "filter.evil.smudge", "filter.evil.process", "trailer.evil.command", "trailer.evil.cmd", "credential.helper",
        "uploadpack.packObjectsHook", "pager.log", "pager.diff-tree", "alias.merge-tree", "alias.log",
    )  # fmt: skip
    rows = []
    for name in names:
        *section, key = name.split(".")
        head = f'[{section[0]} "{section[1]}"]' if len(section) > 1 else f"[{section[0]}]"
        rows.append(f"{head}\n\t{key} = {'!' if section[0] == 'alias' else ''}{program}\n")
    return "".join(rows) + "[commit]\n\tgpgSign = true\n[log]\n\tshowSignature = true\n[merge]\n\tdefault = evil\n"


@pytest.mark.slow
def test_nothing_that_the_repository_names_is_run(tmp_path: Path) -> None:
    root, proof, program = tmp_path / "book", tmp_path / "was-run", tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 $* >> {proof}\n")
    program.chmod(0o755)
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    commit(root, "one", {"chapters/01-start.md": START.replace("began", "was begun")}, "Bo Field")
    commit(root, "two", {"chapters/01-start.md": START.replace("goes on", "lasts")}, "Cy Brook")
    commit(root, "three", {"chapters/01-start.md": START.replace("how the book began", "how all began")}, "Dee Hill")
    with (root / ".git" / "config").open("a") as config:
        config.write(run_by_config(str(program)))
    everything = "* merge=evil diff=evil filter=evil\n"
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text(everything)
    (root / ".gitattributes").write_text(everything)
    hooks = root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-index-change", "post-checkout", "post-merge", "pre-merge-commit"):
        (hooks / name).write_bytes(program.read_bytes())
        (hooks / name).chmod(0o755)
    git(root, "update-ref", "refs/heads/some", "main")
    assert "reference-transaction" in proof.read_text(), "git on its own runs them"
    proof.unlink()
    code, rows = merge(root, "one", "two", "three")
    assert code == 1 and {name: row["state"] for name, row in rows.items()} == {
        "one": "merged", "two": "refused", "three": "refused",
    }  # fmt: skip
    assert oerbook("check", "--base", "main", "-C", root).code == 0
    assert not proof.exists(), proof.read_text()


@pytest.mark.slow
def test_no_driver_and_no_attribute_of_the_repository_takes_part_in_a_merge(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    proof = tmp_path / "was-run"
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("* merge=evil\n")
    (root / ".gitattributes").write_text("* merge=evil\n")
    git(root, "config", "merge.evil.driver", f"touch {proof}; cp %B %A")
    commit(root, "one", {"chapters/01-start.md": START.replace("began", "was begun")}, "Bo Field")
    commit(root, "two", {"chapters/01-start.md": START.replace("goes on", "lasts")}, "Bo Field")
    commit(root, "two", {"chapters/01-start.md": START.replace("how the book began", "how it all began")}, "Bo Field")
    git(root, "merge-tree", "--write-tree", "one", "two")
    assert proof.is_file(), "git on its own runs the driver"
    proof.unlink()
    code, rows = merge(root, "one", "two")
    assert code == 1 and {name: row["state"] for name, row in rows.items()} == {"one": "merged", "two": "refused"}
    assert not proof.exists()
    assert "Bo Field twice changed this passage" in rows["two"]["findings"][0]["message"]  # type: ignore[index]


@pytest.mark.slow
def test_everybody_may_add_to_the_end_of_the_same_bibliography(tmp_path: Path) -> None:
    root = tmp_path / "book"
    first = "@book{hardin, title = {The Commons}, author = {Hardin, G.}, publisher = {Wood}, year = {1968}}\n"
    begin(root, {**BOOK, "chapters/references.bib": first})
    for name in ("oak", "elm", "ash"):
        added = f"\n@book{{{name},\n  title = {{The {name}}},\n  author = {{{name}, A.}},\n  publisher = {{Wood}},\n  year = {{2001}}\n}}\n"
        page = f"# On the {name}\n\nThe {name} is told of by {{cite:p}}`{name}`. {prose(len(name) + ord(name[0]))}\n"
        commit(
            root,
            name,
            {"chapters/references.bib": first + added, f"chapters/02-{name}.md": page},
            f"{name.title()} Ray",
        )
    clash = first + "\n@book{oak, title = {Another oak}, author = {Oak, B.}, year = {2002}}\n"
    commit(root, "oak-again", {"chapters/references.bib": clash}, "Zed Moor")
    commit(root, "rewrites", {"chapters/references.bib": first.replace("1968", "1869")}, "Zed Moor")
    code, rows = merge(root, "oak", "elm", "ash", "oak-again")
    assert {name: row["state"] for name, row in rows.items()} == {
        "oak": "merged", "elm": "merged", "ash": "merged", "oak-again": "refused",
    }  # fmt: skip
    assert not [f for name in ("oak", "elm", "ash") for f in rows[name]["findings"] if f["severity"] == "warning"]  # type: ignore[attr-defined]
    kept = git(root, "show", "main:chapters/references.bib")
    assert [kept.count(f"@book{{{name},") for name in ("hardin", "oak", "elm", "ash")] == [1, 1, 1, 1]
    assert code == 1 and codes(rows["oak-again"]) == {"merge-conflict"}


@pytest.mark.slow
def test_branches_without_new_content_and_older_copies_are_skipped(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    same = commit(root, "nothing", {"chapters/01-start.md": START + "\nMore.\n"}, "Bo Field")
    same = commit(root, "nothing", {"chapters/01-start.md": START}, "Bo Field")
    old = commit(root, "oak", submission(1), person(1))
    new = commit(
        root, "oak", {"chapters/02-topic-1.md": chapter(1) + "\nAnd one sentence more than before.\n"}, person(1)
    )
    git(root, "update-ref", "refs/remotes/origin/oak", new)
    git(root, "update-ref", "refs/heads/oak", old)
    code, rows = merge(root)
    assert code == 0 and {name: row["state"] for name, row in rows.items()} == {
        "nothing": "there",
        "oak": "older",
        "origin/oak": "merged",
    }
    assert rows["oak"]["instead"] == "origin/oak"
    assert git(root, "rev-parse", "main^2") == new != same


@pytest.mark.slow
@pytest.mark.parametrize("mended_here", [False, True])
def test_the_later_copy_of_a_rewritten_branch_is_merged(tmp_path: Path, mended_here: bool) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    git(root, "remote", "add", "origin", str(root))
    old = commit(root, "oak", submission(1), person(1))
    later = {f"GIT_{role}_DATE": "1770000000 +0000" for role in ("AUTHOR", "COMMITTER")}
    names = {f"GIT_{role}_{key}": person(1) for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    tree = git(root, "rev-parse", f"{commit(root, 'other', {**submission(1), **submission(2)}, person(1))}^{{tree}}")
    new = git(root, "commit-tree", tree, "-p", "main", "-m", "Anew", **names, **later)
    git(root, "branch", "-q", "-D", "other")
    git(root, "update-ref", "refs/remotes/origin/oak", old if mended_here else new)
    git(root, "update-ref", "refs/heads/oak", new if mended_here else old)
    git(root, "update-ref", "refs/remotes/eve/oak", commit(root, "tmp", submission(4), person(4)))  # of another person
    git(root, "branch", "-q", "-D", "tmp")
    git(root, "config", "branch.oak.remote", "origin")
    git(root, "config", "branch.oak.merge", "refs/heads/oak")
    git(root, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    code, rows = merge(root)
    taken, left = ("oak", "origin/oak") if mended_here else ("origin/oak", "oak")
    assert {name: row["state"] for name, row in rows.items()} == {taken: "merged", left: "older", "eve/oak": "merged"}
    assert code == 0 and rows[left]["instead"] == taken


@pytest.mark.slow
@pytest.mark.parametrize("broken", [False, True])
def test_new_pages_of_a_submission_are_rendered_with_the_theme_of_the_book(tmp_path: Path, broken: bool) -> None:
    root = tmp_path / "book"
    theme = {"themes/own/theme.toml": 'base = "classic"\n', "themes/own/html/page.html": "{{ 1 / 0 }}"}
    used = theme if broken else {"themes/own/theme.toml": theme["themes/own/theme.toml"]}
    begin(root, {**BOOK, "chapters/index.md": INDEX.replace("title:", "theme: own\ntitle:"), **used})
    commit(root, "oak", submission(1), person(1))
    code, rows = merge(root, "oak")
    assert codes(rows["oak"]) == ({"chapter-unreadable"} if broken else set())
    assert (code, rows["oak"]["state"]) == ((1, "refused") if broken else (0, "merged"))


def test_a_branch_that_somebody_moves_meanwhile_keeps_both_changes(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    commit(root, "oak", submission(1), person(1))
    moved: list[str] = []

    def review_while_somebody_commits(*_: object) -> Review:
        if not moved:
            moved.append(commit(root, "main", {"chapters/02-elm.md": chapter(2)}, "Bo Field"))
        return Review((), ())

    out = tmp_path / "out"
    merged = queue.merge(root, out, queue.MergeOptions(), queue.SilentProgress(), review_while_somebody_commits)
    assert [result.state for result in merged.results] == ["merged"]
    assert git(root, "rev-parse", "main^1") == moved[0]


def test_a_missing_branch_and_a_shallow_history_are_errors(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    ran = oerbook("merge", "-C", root, "nobody-*")
    assert ran.code == 1 and "there is no branch nobody-*" in ran.err
    commit(root, "main", {"chapters/02-more.md": "# More\n"}, "Ada Lee")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "cut")
    ran = oerbook("merge", "-C", tmp_path / "cut")
    assert ran.code == 1 and "git fetch --unshallow" in ran.err


@pytest.mark.slow
def test_merge_conflicts_are_described_in_plain_words(tmp_path: Path) -> None:
    root = tmp_path / "book"
    drop, old = b"\x89PNG\r\n\x1a\n\x00", "chapters/01-start.md"
    begin(root, {**BOOK, "chapters/drop.png": drop, "chapters/02-more.md": prose(7), "chapters/03-rest.md": prose(8)})
    earlier = {
        "chapters/drop.png": drop + b"1",
        old: START + "More.\n",
        "chapters/02-more.md": None,
        "chapters/03-all.md": prose(8),
    }
    commit(root, "main", {**earlier, "chapters/03-rest.md": None}, "Bo Field")
    for name, files in {
        "picture": {"chapters/drop.png": drop + b"2"},
        "away": {old: None},
        "back": {"chapters/02-more.md": prose(7) + " And more."},
        "called": {"chapters/03-rest.md": None, "chapters/03-end.md": prose(8)},
    }.items():
        git(root, "branch", "-q", name, "main~1")
        commit(root, name, files, "Cy Brook")
    _code, rows = merge(root)
    assert {name: (row["findings"][0]["path"], row["findings"][0]["message"]) for name, row in rows.items()} == {  # type: ignore[index]
        "picture": (
            "chapters/drop.png",
            "Cy Brook and Bo Field both changed this file, and only one version can be kept",
        ),
        "away": (old, "Cy Brook removed this file in the submission, and Bo Field changed it in the book"),
        "back": (
            "chapters/02-more.md",
            "Cy Brook changed this file in the submission, and Bo Field removed it in the book",
        ),
        "called": (
            "chapters/03-rest.md",
            "Cy Brook renamed this file to chapters/03-end.md in the submission, Bo Field to chapters/03-all.md in the book",
        ),
    }


@pytest.mark.slow
def test_a_dry_run_lists_what_would_be_merged_with_all_authors(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    commit(root, "good", submission(0), person(0), "A chapter\n\nCo-authored-by: Mo Da <mo@x.org>")
    ran = oerbook("merge", "-C", root, "--dry-run", "--format", "markdown")
    assert "# 1 would be merged into main" in ran.out and f"by {person(0)}, Mo Da" in ran.out
    ran = oerbook("merge", "-C", root, "--dry-run", "--format", "json")
    told = json.loads(ran.out)
    assert told["dry_run"] is True and told["branches"][0]["people"] == [person(0), "Mo Da"]
    for wrong, said in (
        ("main", "is the branch to merge into"),
        ("refs/pull/*", "git fetch origin '+refs/pull/*/head"),
    ):
        assert said in oerbook("merge", "-C", root, wrong).err
    for reviewer in ("Ada", "<a@x.org>", "Ada <>", "Ada <a@x.org> Bo <b@x.org>"):
        assert oerbook("merge", "-C", root, "--reviewed-by", reviewer).code == 2


def test_locks_that_a_killed_run_left_are_cleared_and_no_others(tmp_path: Path) -> None:
    root = tmp_path / "book"
    old = begin(root, BOOK)
    lock, other = root / ".git/refs/heads/main.lock", root / ".git/index.lock"
    (root / ".git/oerbook-merge.moving").write_text(f"refs/heads/main\n{old}\n")
    lock.write_text(f"{old}\n")
    other.touch()
    (root / ".git/oerbook-merge.aside-x/objects").mkdir(parents=True)
    assert oerbook("merge", "-C", root, "main").code == 1  # no other branch
    assert not lock.exists() and other.exists() and not (root / ".git/oerbook-merge.aside-x").exists()
    lock.write_text(f"{'2' * 40}\n")
    (root / ".git/oerbook-merge.moving").write_text(f"refs/heads/main\n{old}\n")
    oerbook("merge", "-C", root, "main")
    assert lock.exists()


@pytest.mark.slow
def test_a_branch_of_a_few_objects_that_name_a_billion_files_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    who = {f"GIT_{role}_{key}": "eve" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    head = git(root, "commit-tree", heavy(root), "-p", "main", "-m", "x", **who)
    git(root, "update-ref", "refs/heads/bomb", head)
    code, rows = merge(root, "bomb")
    assert code == 1 and codes(rows["bomb"]) == {"submission-unreadable"}


BAD: Mapping[int, Tree] = {
    5: {"chapters/05-raw.md": "# Raw\n\n<script>alert(1)</script>\n\nSome words.\n"},
    20: {"setup.py": "print(1)\n"},
    35: {"chapters/link.md": ("120000", "/etc/passwd")},
    50: {"chapters/01-start.md": None},
    65: {"chapters/index.md": INDEX.replace("BY-4.0", "BY-NC-4.0")},
    80: {"chapters/80-broken.md": "---\ntitle: [\n---\n\n# Broken\n\nWords.\n"},
    95: {"chapters/95-passwords.md": "# P\n\n```{include} ../../../etc/passwd\n```\n"},
    110: {"contributors/ada-lee.md": "---\nname: Somebody Else\n---\n"},
    125: {".github/workflows/x.yml": "on: push\n"},
    140: {"contributors/ada-the-second.md": "---\nname: Ada Lee\n---\n\nI am Ada, too.\n"},
}  # fmt: skip


@pytest.mark.judgement
def test_of_150_submissions_all_but_the_ten_bad_ones_are_merged(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    for number in range(150):
        commit(root, f"by-{number:03d}", {**submission(number), **BAD.get(number, {})}, person(number))
    code, rows = merge(root, "by-*")
    refused = {name for name, row in rows.items() if row["state"] == "refused"}
    assert code == 1 and refused == {f"by-{number:03d}" for number in BAD}
    assert sum(1 for row in rows.values() if row["state"] == "merged") == 140
    git(root, "checkout", "-q", "-f", "main")
    built = oerbook("build", "html", "-q", "-C", root)
    assert built.code == 0, built.err
    credits = json.loads(oerbook("credits", "--format", "json", "--words", "-C", root).out)
    names = {one["id"]: one["name"] for one in credits["people"]}
    wrote = {
        page["path"]: {names[who] for run in page["runs"] for who in run["people"]} for page in credits["chapters"]
    }
    for number in set(range(150)) - set(BAD):
        assert wrote[f"chapters/{2 + number // 3:02d}-topic-{number}.md"] == {person(number)}


@pytest.mark.judgement
def test_a_merge_killed_at_any_moment_has_the_same_result_when_repeated(tmp_path: Path) -> None:
    root, calm = tmp_path / "book", tmp_path / "calm"
    begin(root, BOOK)
    git(root, "reset", "-q", "--hard")
    for number in range(32):
        bad = {"setup.py": "1\n"} if number == 7 else {}
        commit(root, f"by-{number:03d}", {**submission(number), **bad}, person(number))
    shutil.copytree(root, calm)
    assert merge(calm, "by-*")[0] == 1
    wanted = git(calm, "log", "--first-parent", "--reverse", "--format=%T", "main").split()
    assert len(wanted) == 32
    command = [sys.executable, "-c", "from oerbook.cli import main; main()", "merge", "-q", "-C", str(root), "by-*"]
    rnd, ended = random.Random(4), 0
    for turn in range(30):
        run = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL, start_new_session=True
        )
        # on a fast machine too the queue must not be at its end before the last kill
        most = 0.4 if ended > len(wanted) - 12 else 3 if ended < len(wanted) * turn / 30 else 1
        time.sleep(rnd.uniform(0.2, most))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        git(root, "fsck", "--strict", "--no-dangling")
        assert git(root, "status", "--porcelain", "-uno") == ""
        merged = git(root, "log", "--first-parent", "--reverse", "--format=%T", "main").split()
        assert merged == wanted[: len(merged)] and len(merged) >= ended
        ended = len(merged)
    assert 1 < ended < len(wanted), "the runs were killed before the first merge, or after the last"
    assert merge(root, "by-*")[0] == 1
    assert git(root, "log", "--first-parent", "--reverse", "--format=%T", "main").split() == wanted
    left = {path.name for path in (root / ".git").rglob("*oerbook*")} | {p.name for p in root.rglob(".git/**/*.lock")}
    assert left == {"oerbook-merge.lock"} and git(root, "symbolic-ref", "HEAD") == "refs/heads/main"
