"""From merged submissions to the published site, in one folder that an editor goes on using."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import oerbook, write
from tests.support.merging import BOOK, START, merge, person, submission
from tests.support.repository import begin, commit, git

pytestmark = pytest.mark.slow
WHO = ("-c", "user.name=Ada Lee", "-c", "user.email=ada@example.org")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    begin(book, BOOK)
    git(book, "reset", "-q", "--hard")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "host.git")
    git(book, "remote", "add", "origin", str(tmp_path / "host.git"))
    git(book, "push", "-q", "-u", "origin", "main")
    return book


def test_a_merged_submission_is_published_and_the_next_commit_follows_it(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    commit(root, "oak", submission(1), person(1))
    ran = oerbook("merge", "-C", root)
    assert ran.code == 0 and "Your folder is on main" in ran.err, ran.err
    assert git(root, "symbolic-ref", "HEAD") == "refs/heads/main" and git(root, "status", "--porcelain", "-uno") == ""
    assert (root / "chapters" / "02-topic-1.md").is_file()
    published = oerbook("publish", "-C", root)
    assert published.code == 0, published.err
    assert "Topic 1" in git(host, "show", "gh-pages:topic-1.html")
    write(root, {"chapters/01-start.md": START + "\nOne more sentence.\n"})
    git(root, *WHO, "commit", "-qam", "Go on")
    assert git(root, "rev-parse", "main^") == git(root, "log", "-1", "--merges", "--format=%H")


def test_an_older_state_of_the_book_is_not_published(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"

    def refusal(*options: str) -> str:
        ran = oerbook("publish", "-C", root, *options)
        assert ran.code == 1 and git(host, "for-each-ref", "refs/heads/gh-pages") == ""
        return ran.err

    write(root, {"chapters/01-start.md": START + "\nNot committed.\n"})
    commit(root, "oak", submission(1), person(1))
    merged = oerbook("merge", "-C", root)
    assert "it has uncommitted changes" in merged.err and "git stash pop" in merged.err
    assert "an older state of main" in refusal() and "git switch main" in refusal("--dry-run")
    git(root, "checkout", "-q", "--", ".")
    assert merge(root)[0] == 0 and git(root, "symbolic-ref", "HEAD") == "refs/heads/main"  # it is clean now
    git(root, "switch", "-q", "oak")
    assert "the folder shows the branch oak, and the book's branch is main" in refusal()
    git(root, "switch", "-q", "main")
    git(root, "push", "-q", "origin", "main")
    git(tmp_path, "clone", "-q", str(host), "elsewhere")
    git(tmp_path / "elsewhere", *WHO, "commit", "-q", "--allow-empty", "-m", "Merged on the host")
    git(tmp_path / "elsewhere", "push", "-q", "origin", "main")
    assert "origin has commits on main that your folder does not have" in refusal() and "git pull" in refusal()
    done = oerbook("publish", "--any-commit", "--dry-run", "-C", root)
    assert done.code == 0, done.err


def test_a_folder_is_left_alone_when_a_file_of_its_own_is_in_the_way_or_a_filter_would_run(
    root: Path, tmp_path: Path
) -> None:
    mine = root / "chapters" / "02-topic-1.md"
    mine.write_text("Mine.\n")
    commit(root, "oak", submission(1), person(1))
    ran = oerbook("merge", "-C", root)
    assert "untracked file chapters/02-topic-1.md is also in the branch" in ran.err and mine.read_text() == "Mine.\n"
    mine.unlink()
    git(root, "config", "filter.evil.smudge", f"touch {tmp_path}/was-run; cat")
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("*.md filter=evil\n")
    ran = oerbook("merge", "-C", root)
    assert "needs a git filter" in ran.err and not mine.exists() and not (tmp_path / "was-run").exists()


def test_publish_refuses_a_book_with_a_finding_of_check(root: Path, tmp_path: Path) -> None:
    write(root, {"chapters/01-start.md": START + "\n[Replace this: what the chapter says.]\n"})
    git(root, *WHO, "commit", "-qam", "From the template")
    git(root, "push", "-q", "origin", "main")
    ran = oerbook("publish", "-C", root)
    assert ran.code == 1 and "01-start.md:5" in ran.err and "Nothing was published" in ran.err
    assert git(tmp_path / "host.git", "for-each-ref", "refs/heads/gh-pages") == ""
