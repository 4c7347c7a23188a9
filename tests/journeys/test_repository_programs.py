"""A repository names programs in its configuration and has hooks: git runs them, oerbook runs none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook
from tests.support.repository import begin, commit, git

pytestmark = pytest.mark.slow
HOOKS = (
    "pre-push",
    "pre-commit",
    "post-commit",
    "post-checkout",
    "post-merge",
    "pre-merge-commit",
    "commit-msg",
    "prepare-commit-msg",
    "reference-transaction",
    "post-index-change",
    "post-rewrite",
    "pre-auto-gc",
)
PROGRAMS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.x.textconv",
    "diff.x.command",
    "merge.x.driver",
    "filter.x.clean",
    "filter.x.smudge",
    "filter.x.process",
    "gpg.program",
    "credential.helper",
    "remote.origin.receivepack",
    "remote.origin.uploadpack",
    "uploadpack.packObjectsHook",
    "trailer.x.command",
)
SETTINGS = {"commit.gpgSign": "true", "tag.gpgSign": "true", "log.showSignature": "true", "gc.auto": "1"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a book with a branch and a remote, in a repository where every program leaves a file in `marks`."""
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": INDEX, "chapters/01-a.md": "# A\n\nSoil is sand.\n", ".gitignore": "_build/\n"})
    commit(
        root,
        "topic",
        {"chapters/02-b.md": "# B\n\nWorms live.\n", "contributors/eve-moss.md": "---\nname: Eve Moss\n---\n\nE.\n"},
        "Eve Moss",
    )
    git(root, "reset", "-q", "--hard")
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(root, "remote", "add", "origin", "../remote.git")
    git(root, "config", "user.name", "Ada Lee")
    git(root, "config", "user.email", "ada@example.org")
    (tmp_path / "marks").mkdir()
    for name in (*HOOKS, *PROGRAMS):
        program = root / ".git/hooks" / name if name in HOOKS else tmp_path / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/marks/{name}'\nexit 1\n")
        program.chmod(0o755)
    for name in PROGRAMS:
        git(root, "config", name, str(tmp_path / name))
    for name, value in SETTINGS.items():
        git(root, "config", name, value)
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n")
    return root


def test_git_runs_the_programs_of_a_repository(book: Path, tmp_path: Path) -> None:
    (book / "chapters/01-a.md").write_text("# A\n\nSoil is clay.\n")
    for command in (["status"], ["commit", "-qam", "x"], ["push", "-q", "origin", "main"], ["diff", "topic"]):
        try:
            git(book, *command)
        except AssertionError:
            continue  # the program is none that git can use
    assert len(list((tmp_path / "marks").iterdir())) >= 3


def test_no_command_runs_programs_of_a_repository(book: Path, tmp_path: Path) -> None:
    commands = (
        ["check", "--base", "main", "topic"],
        ["submissions"],
        ["merge", "topic"],
        ["credits"],
        ["undo", "topic"],
        ["publish", "--lenient", "--to", str(tmp_path / "site")],
        ["publish", "--lenient", "--any-commit"],
    )
    for command in commands:
        ran = oerbook(*command, cwd=book)
        assert ran.code in (0, 1), ran.err
        assert list((tmp_path / "marks").iterdir()) == [], command
    assert "gh-pages" in git(tmp_path / "remote.git", "for-each-ref")
    assert "Merge topic" in git(book, "log", "--format=%s", "main")
