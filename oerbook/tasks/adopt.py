"""Adopting a book: its whole history comes along, and one commit lays it out our way."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from oerbook.adapters import git
from oerbook.document.shelf import write_atomically
from oerbook.errors import OerbookError
from oerbook.importers import IMPORTERS
from oerbook.model import Draft, Finding, Place, Severity
from oerbook.tasks.progress import Progress

CONF = 'extensions = ["oerbook"]\n'
IGNORED = "_build/\n"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was adopted: the kind of book, how many files moved, and what could not be carried over."""

    kind: str
    moved: int
    findings: tuple[Finding, ...]


def adopt(source: Path, target: Path, progress: Progress) -> Adoption:
    """Bring the book at `source` to `target`; `source` is only read.

    The work is done in a folder beside `target` and renamed when it is whole.
    Raises OerbookError when there is no book of a known kind, or `target` holds something already.
    """
    if not source.is_dir():
        raise OerbookError(f"{source} is not a folder", hint="Name the folder that holds the book's repository.")
    if target.exists() and any(target.iterdir()):
        raise OerbookError(f"{target} is not empty", hint="Name a folder that does not exist yet.")
    work = target.absolute().with_name(f".{target.name}.adopting")
    shutil.rmtree(work, ignore_errors=True)
    work.parent.mkdir(parents=True, exist_ok=True)
    try:
        with progress.stage("copying history", None):
            findings = _copy(source.resolve(), work)
        kind, base = _kind(work, source)
        with progress.stage("laying out", None):
            draft = IMPORTERS[kind].read(work, base, _plain_files(work))
            moved = _apply(work, draft)
            _commit(work, kind)
        if target.exists():
            target.rmdir()
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Adoption(kind, moved, tuple(sorted((*findings, *draft.findings), key=lambda f: f.sort_key)))


def _copy(source: Path, work: Path) -> list[Finding]:
    """Clone a repository, or copy a plain folder into a new one."""
    if (source / ".git").exists():
        git.run(
            source.parent, "clone", "--quiet", "--no-hardlinks", "--no-recurse-submodules", "--", str(source), str(work)
        )
        for remote in git.lines(work, ["remote"]):
            git.run(work, "remote", "remove", remote)
        if git.run(source, "status", "--porcelain").strip():
            words = "changes that are not committed yet were left behind"
            return [Finding("adopt-uncommitted", words, Place("."), Severity.WARNING, "Commit them and adopt again.")]
        return []
    shutil.copytree(
        source, work, symlinks=True, ignore=shutil.ignore_patterns("_build", ".venv", "node_modules", "__pycache__")
    )
    git.run(work, "init", "--quiet", "-b", "main")
    git.run(work, "add", "-A")
    git.run(work, "commit", "--quiet", "--no-verify", "-m", "The book as it was", extra=git.identity(work))
    return []


def _kind(work: Path, source: Path) -> tuple[str, Path]:
    for name, importer in IMPORTERS.items():
        base = importer.recognise(work)
        if base is not None:
            return name, base
    raise OerbookError(
        f"no book that we know how to adopt lies in {source.name}",
        hint="It needs a _toc.yml (Jupyter Book 1), a myst.yml (mystmd), or an index.md with a toctree (Sphinx).",
    )


def _plain_files(work: Path) -> list[str]:
    """Return the tracked files, without links and submodules."""
    found = []
    for entry in git.run(work, "ls-files", "-s", "-z").decode(errors="surrogateescape").split("\0"):
        if entry and entry[:6] in ("100644", "100755"):
            found.append(entry.split("\t", 1)[1])
    return found


def _apply(work: Path, draft: Draft) -> int:
    """Move and write what the draft says; a file that is already in its place counts as moved."""
    written = dict(draft.files)
    for old, new in draft.moves:
        if old == new:
            continue
        (work / new).parent.mkdir(parents=True, exist_ok=True)
        (work / old).rename(work / new)
    for name in draft.removals:
        (work / name).unlink(missing_ok=True)
    for name, text in written.items():
        path = work / name
        if name.startswith("contributors/") and path.exists():
            continue
        write_atomically(path, text.encode())
    conf = work / "conf.py"
    conf.write_text(CONF, encoding="utf-8")
    ignored = work / ".gitignore"
    old_lines = ignored.read_text(encoding="utf-8", errors="replace") if ignored.is_file() else ""
    if "_build" not in old_lines:
        ignored.write_text(
            old_lines + ("" if not old_lines or old_lines.endswith("\n") else "\n") + IGNORED, encoding="utf-8"
        )
    for folder in sorted(path for path in work.rglob("*") if path.is_dir() and ".git" not in path.parts)[::-1]:
        if not any(folder.iterdir()):
            folder.rmdir()
    return len(draft.moves)


def _commit(work: Path, kind: str) -> None:
    git.run(work, "add", "-A")
    message = f"Lay the book out for oerbook (it was: {IMPORTERS[kind].SUMMARY})"
    git.run(work, "commit", "--quiet", "--no-verify", "-m", message, extra=git.identity(work))
