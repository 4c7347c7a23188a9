"""Whose work lies in the output folder: ours, or what came with the repository."""

from __future__ import annotations

from pathlib import Path

from oerbook.adapters import git
from oerbook.errors import OerbookError


def trusted(work: Path) -> None:
    """Make the folder of the cache, which git is told to ignore; refuse one that came with the repository.

    Reading such a one back could run a stranger's program: Python's pickle builds whatever a file asks for
    (https://docs.python.org/3/library/pickle.html), so only what this machine wrote itself may be read. Raises
    OerbookError when git keeps a file below `work`.
    """
    if git.keeps(work):
        hint = f"Look who put it there. Then: git rm -r --cached {work.parent.name}/{work.name}, and delete the folder."
        raise OerbookError(f"{work} is kept in git, so anybody may have written it", hint=hint)
    work.mkdir(parents=True, exist_ok=True)
    ignore = work / ".gitignore"
    if not ignore.exists():
        ignore.write_text("# What oerbook worked out; it can be thrown away.\n*\n", encoding="utf-8")
