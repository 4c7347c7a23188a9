"""Read the history with git log: commits, their authors resolved through .mailmap, and changed files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git.process import run_git

LOG_FORMAT = "%x00%H%x00%P%x00%aN%x00%aE%x00%as%x00%B%x00"
LOG_OPTIONS = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--encoding=UTF-8")
# Use the book's own .mailmap and none from user configuration, so that everybody gets the same authors.
BOOK_MAILMAP_CONFIG = ("-c", "mailmap.file=", "-c", "mailmap.blob=")


def read_log(folder: Path, head: str, since: str = "") -> list[str] | None:
    """Return the history, parents before children, as the NUL-separated fields that `source.history` parses.

    With `since`, only the commits after it, or None if it is not an ancestor of `head`.
    """
    if since == head:
        return []
    options = ["--topo-order", "--reverse", "-z", "--raw", "-M", "--no-abbrev", "--diff-merges=first-parent"]
    if since and not _is_ancestor(folder, since, head):
        return None
    revisions = (head, f"^{since}") if since else (head,)
    output = run_git(
        folder, *BOOK_MAILMAP_CONFIG, "log", *options, *LOG_OPTIONS, f"--format={LOG_FORMAT}", *revisions, "--"
    )
    return output.decode("utf-8", errors="surrogateescape").split("\0")


def commit_details(folder: Path, ids: Sequence[str]) -> list[str]:
    """Return the fields of single commits in the given order, as `read_log` does, without changed files."""
    options = ("--no-walk=unsorted", "--stdin", "-z", "--no-patch", f"--format={LOG_FORMAT}")
    request = "".join(f"{sha}\n" for sha in ids).encode()
    output = run_git(folder, *BOOK_MAILMAP_CONFIG, "log", *options, *LOG_OPTIONS, stdin=request)
    return output.decode("utf-8", errors="surrogateescape").split("\0")


def commit_subjects(folder: Path, ids: Sequence[str]) -> list[str]:
    """Return the first line of the message of each commit, in the given order."""
    if not ids:
        return []
    options = ("--no-walk=unsorted", "--stdin", "-z", "--no-patch", "--format=%s")
    request = "".join(f"{sha}\n" for sha in ids).encode()
    output = run_git(folder, *BOOK_MAILMAP_CONFIG, "log", *options, *LOG_OPTIONS, stdin=request)
    return output.decode("utf-8", errors="replace").split("\0")[: len(ids)]


def _is_ancestor(folder: Path, commit: str, head: str) -> bool:
    """Return whether a commit is an ancestor of another; a commit that is not in the repository is not."""
    try:
        return not run_git(folder, "rev-list", "-n", "1", commit, f"^{head}", "--")
    except OerbookError:
        return False


def resolve_identities(folder: Path, identities: Sequence[str]) -> list[str]:
    """Return identities ("Name <address>") resolved through the repository's .mailmap, in the same order."""
    if not identities:
        return []
    request = "".join(f"{identity}\n" for identity in identities).encode("utf-8", errors="surrogateescape")
    output = run_git(folder, *BOOK_MAILMAP_CONFIG, "check-mailmap", "--stdin", stdin=request)
    return output.decode("utf-8", errors="surrogateescape").split("\n")[:-1]
