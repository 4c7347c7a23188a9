"""Merges that the people of a real book made, found in its history."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.conftest import corpora, oerbook
from tests.support.repository import git

SPLIT = "Merge pull request #141 from QuantEcon/split-markov"
ADDED = "Merge pull request #123 from QuantEcon/add_cross_section"
LAKE = "Merge pull request #99 from QuantEcon/lake-model"


def found(folder: Path, subject: str) -> tuple[Path, str, str]:
    """Unpack the book below `folder`; return its repository, the commit a submission left it at, and its last one."""
    source = folder / "source"
    subprocess.run([str(corpora() / "unpack"), "lecture-python-intro", str(source)], check=True, capture_output=True)
    merge = git(source, "log", "--merges", "--format=%H", "--fixed-strings", f"--grep={subject}", "-1")
    head = git(source, "rev-parse", f"{merge}^2")
    return source, git(source, "merge-base", f"{merge}^1", head), head


def adopted(source: Path, commit: str, place: Path) -> Path:
    """Return the book of a commit as it is after adoption, with its history."""
    git(place.parent, "clone", "-q", str(source), f"{place}-source")
    git(Path(f"{place}-source"), "checkout", "-q", "-B", "main", commit)
    assert oerbook("adopt", "-q", f"{place}-source", place).code == 0
    return place
