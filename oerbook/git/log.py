"""The history as git's log tells it: commits, their people by the book's own .mailmap, their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git.process import run

LOG = "%x00%H%x00%P%x00%aN%x00%aE%x00%as%x00%B%x00"
PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--encoding=UTF-8")
# The book's own .mailmap counts, and none that one reader's settings name: the same history, the same people.
OWN_MAILMAP = ("-c", "mailmap.file=", "-c", "mailmap.blob=")


def commits(folder: Path, head: str, since: str = "") -> list[str] | None:
    """Return the history, parents before children, as the pieces between NULs: see `source.history` for their order.

    With `since`, only what came after that commit, or None when it is no part of the history of `head`.
    """
    if since == head:
        return []
    shape = ["--topo-order", "--reverse", "-z", "--raw", "-M", "--no-abbrev", "--diff-merges=first-parent"]
    if since and not _leads_to(folder, since, head):
        return None
    revisions = (head, f"^{since}") if since else (head,)
    found = run(folder, *OWN_MAILMAP, "log", *shape, *PLAIN, f"--format={LOG}", *revisions, "--")
    return found.decode("utf-8", errors="surrogateescape").split("\0")


def told(folder: Path, ids: Sequence[str]) -> list[str]:
    """Return what is known of single commits, their edits apart, as `commits` does and in the order asked for."""
    shape = ("--no-walk=unsorted", "--stdin", "-z", "--no-patch", f"--format={LOG}")
    asked = "".join(f"{sha}\n" for sha in ids).encode()
    return (
        run(folder, *OWN_MAILMAP, "log", *shape, *PLAIN, source=asked)
        .decode("utf-8", errors="surrogateescape")
        .split("\0")
    )


def _leads_to(folder: Path, since: str, head: str) -> bool:
    """Say whether one commit is an ancestor of another; what is gone from the repository is none."""
    try:
        return not run(folder, "rev-list", "-n", "1", since, f"^{head}", "--")
    except OerbookError:
        return False


def check_mailmap(folder: Path, identities: Sequence[str]) -> list[str]:
    """Return identities ("Name <address>") as the repository's .mailmap has them, in the same order."""
    if not identities:
        return []
    asked = "".join(f"{identity}\n" for identity in identities).encode("utf-8", errors="surrogateescape")
    found = run(folder, *OWN_MAILMAP, "check-mailmap", "--stdin", source=asked)
    return found.decode("utf-8", errors="surrogateescape").split("\n")[:-1]
