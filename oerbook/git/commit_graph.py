"""A graph of a history's commits, kept beside the repository: git goes through it and opens no commit on its way."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process


def shortcut(folder: Path) -> Mapping[str, str]:
    """Return the surroundings in which git looks for a graph in `folder` too."""
    place = str(folder / "objects").replace("\\", "\\\\").replace('"', '\\"')
    return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{place}"'}  # quoted: it might hold what divides a list of folders


def draw(root: Path, folder: Path, commit: str) -> None:
    """Bring the graph in `folder` up to a commit; what is drawn already stays. Without a graph git is slower, no more.

    One run draws at a time (see `branches.queue`): a lock that lies there was left by one that was killed.
    """
    objects = folder / "objects"
    (objects / "info").mkdir(parents=True, exist_ok=True)
    for left in (objects / "info").rglob("*.lock"):
        left.unlink(missing_ok=True)
    arguments = ("--stdin-commits", "--split", "--no-progress", "--object-dir", str(objects))
    asked = f"{commit}\n".encode()
    # a repository with replaced or cut off commits has none, nor one with commits of no possible time
    with suppress(OerbookError):
        process.run_within(root, 0, "commit-graph", "write", *arguments, source=asked, extra=shortcut(folder))
