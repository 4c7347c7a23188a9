"""Write git's commit-graph file for a history, in a folder of ours.

Git then walks the history without opening commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process


def graph_env(folder: Path) -> Mapping[str, str]:
    """Return the environment in which git uses the commit graph in `folder`."""
    path = str(folder / "objects").replace("\\", "\\\\").replace('"', '\\"')
    return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{path}"'}  # quoted, since the variable is a list of paths


def write_graph(root: Path, folder: Path, commit: str) -> None:
    """Extend the commit graph in `folder` up to a commit. If that fails, git is slower, nothing else.

    The caller holds `refs.merge_lock`, so a lock file in the folder was left by a run that was killed.
    """
    objects = folder / "objects"
    (objects / "info").mkdir(parents=True, exist_ok=True)
    for lock in (objects / "info").rglob("*.lock"):
        lock.unlink(missing_ok=True)
    options = ("--stdin-commits", "--split", "--no-progress", "--object-dir", str(objects))
    # git writes none for repositories with replaced commits, a shallow history or invalid commit dates
    with suppress(OerbookError):
        process.run_git_limited(
            root, 0, "commit-graph", "write", *options, stdin=f"{commit}\n".encode(), extra_env=graph_env(folder)
        )
