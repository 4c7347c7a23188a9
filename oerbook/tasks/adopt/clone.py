"""Copying a book with its history, so that nothing of the copied repository runs and nothing in it changes."""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.model.findings import Finding, Place, Severity

PASSED_OVER = shutil.ignore_patterns("_build", ".venv", "node_modules", "__pycache__", ".git")
RAW = "* -filter -text -eol -ident -working-tree-encoding\n"  # files come out byte for byte, through no one's filter
PLAIN, LINK, SUBMODULE = ("100644", "100755"), "120000", "160000"


def copy(source: Path, work: Path) -> list[Finding]:
    """Clone a repository, or copy a plain folder into a new one; links become copies of what they lead to."""
    findings = _clone(source, work) if is_repository(source) else _plain(source, work)
    return [*findings, *_links(work), *_submodules(work)]


def is_repository(source: Path) -> bool:
    """Say whether a folder is the top of a repository, bare or not."""
    bare = (source / "HEAD").is_file() and (source / "objects").is_dir() and (source / "refs").is_dir()
    return (source / ".git").exists() or bare


def entries(work: Path) -> list[tuple[str, str]]:
    """Return the mode and name of everything that git keeps."""
    listed = process.run(work, "ls-files", "-s", "-z").decode(errors="surrogateescape").split("\0")
    return [(entry[:6], entry.split("\t", 1)[1]) for entry in listed if entry]


def finish(work: Path) -> None:
    """Take away what was set for the time of copying."""
    (work / ".git/info/attributes").unlink(missing_ok=True)


def _neutral(work: Path) -> None:
    folder = work / ".git/info"
    folder.mkdir(exist_ok=True)
    (folder / "attributes").write_text(RAW, encoding="utf-8")


def _clone(source: Path, work: Path) -> list[Finding]:
    process.clone(source, work)
    _neutral(work)
    try:
        head = process.run(work, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except OerbookError as error:
        raise OerbookError(f"nothing is committed in {source.name} yet", hint="Commit the book first.") from error
    if process.run(work, "rev-parse", "--abbrev-ref", "HEAD").strip() == b"HEAD":
        process.run(work, "update-ref", "refs/heads/main", head)
        process.run(work, "symbolic-ref", "HEAD", "refs/heads/main")
    process.run(work, "reset", "--hard", "--quiet")
    for remote in process.lines(work, ["remote"]):
        process.run(work, "remote", "remove", remote)
    return [*_shallow(work), *_uncommitted(source, work)]


def _shallow(work: Path) -> list[Finding]:
    if not (work / ".git/shallow").exists():
        return []
    words, hint = "only the last part of the history is there", "Run git fetch --unshallow there and adopt again."
    return [Finding("adopt-left", words, Place("."), Severity.WARNING, hint)]


def _uncommitted(source: Path, work: Path) -> list[Finding]:
    """Report changed files; our clone looks at the source's files, so that no setting of the source is obeyed."""
    if not (source / ".git").exists():
        return []
    look = ("--git-dir", str(work.absolute() / ".git"), "--work-tree", str(source))
    found = process.run(source, *look, "status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
    names = [shown(entry[3:]) for entry in found.decode(errors="surrogateescape").split("\0") if entry]
    if not names:
        return []
    some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    words = f"changes that are not committed yet were left behind: {some}"
    return [Finding("adopt-uncommitted", words, Place("."), Severity.WARNING, "Commit them and adopt again.")]


def _plain(source: Path, work: Path) -> list[Finding]:
    def passed_over(folder: str, names: list[str]) -> set[str]:
        odd = {name for name in names if not _ordinary(Path(folder) / name)}
        return set(PASSED_OVER(folder, names)) | odd

    shutil.copytree(source, work, symlinks=True, ignore=passed_over)
    process.run(work, "init", "--quiet", "-b", "main")
    _neutral(work)
    process.run(work, "add", "-A")
    if not entries(work):
        raise OerbookError(f"there are no files in {source.name}", hint="Name the folder that holds the book.")
    process.run(work, "commit", "--quiet", "--no-verify", "-m", "The book as it was", extra=process.identity(work))
    return []


def _ordinary(path: Path) -> bool:
    return path.is_symlink() or path.is_file() or path.is_dir()


def _links(work: Path) -> list[Finding]:
    """Put a copy in the place of every link that leads to a file of the book; take the others out."""
    listed = entries(work)
    plain = {name for mode, name in listed if mode in PLAIN}
    paths = [name for mode, name in listed if mode == LINK and (work / name).is_symlink()]
    leads = {name: _goal(work, name) for name in paths}
    findings = []
    for name in paths:
        goal = leads[name]
        for _ in range(8):
            goal = leads.get(goal, goal)
        (work / name).unlink()
        if goal in plain:
            shutil.copyfile(work / goal, work / name)
            words, grade = f"the link to {shown(goal)} became a copy", Severity.INFO
        else:
            words, grade = "a link that leads out of the book, or to a folder, was left out", Severity.WARNING
        findings.append(Finding("adopt-left", words, Place(shown(name)), grade))
    return findings


def _goal(work: Path, name: str) -> str:
    """Return what a link leads to, from the root."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), str((work / name).readlink())))


def _submodules(work: Path) -> list[Finding]:
    words = "a submodule stays where it was; what is in it is not part of the book"
    found = [name for mode, name in entries(work) if mode == SUBMODULE]
    return [Finding("adopt-left", words, Place(shown(name)), Severity.WARNING) for name in found]


def shown(name: str) -> str:
    """Return a file name that can be printed, whatever bytes it is made of."""
    return name.encode(errors="surrogateescape").decode(errors="replace")
