"""Copy a book and its history without running anything of its repository."""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.model.findings import Finding, Place, Severity

IGNORE_BUILD_FILES = shutil.ignore_patterns("_build", ".venv", "node_modules", "__pycache__", ".git")
NO_CONVERSION_ATTRIBUTES = (
    "* -filter -text -eol -ident -working-tree-encoding\n"  # check out files byte for byte, without filters
)
FILE_MODES = ("100644", "100755")
SYMLINK_MODE = "120000"
SUBMODULE_MODE = "160000"
MAX_LINK_HOPS = 8


def copy_book(source: Path, target: Path) -> list[Finding]:
    """Clone a repository, or copy a plain folder into a new one.

    Symbolic links become copies of their targets.
    """
    findings = _clone(source, target) if is_repository(source) else _copy_folder(source, target)
    return [*findings, *_replace_links(target), *_report_submodules(target)]


def is_repository(source: Path) -> bool:
    """Say whether a folder is the top of a repository, bare or not."""
    bare = (source / "HEAD").is_file() and (source / "objects").is_dir() and (source / "refs").is_dir()
    return (source / ".git").exists() or bare


def tracked_files(root: Path) -> list[tuple[str, str]]:
    """Return the mode and name of every tracked file, link and submodule."""
    rows = process.run_git(root, "ls-files", "-s", "-z").decode(errors="surrogateescape").split("\0")
    return [(row[:6], row.split("\t", 1)[1]) for row in rows if row]


def remove_no_conversion_attributes(root: Path) -> None:
    """Remove the git attributes that were set for copying."""
    (root / ".git/info/attributes").unlink(missing_ok=True)


def _disable_filters(root: Path) -> None:
    folder = root / ".git/info"
    folder.mkdir(exist_ok=True)
    (folder / "attributes").write_text(NO_CONVERSION_ATTRIBUTES, encoding="utf-8")


def _clone(source: Path, target: Path) -> list[Finding]:
    process.clone_history(source, target)
    _disable_filters(target)
    try:
        head = process.run_git(target, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except OerbookError as error:
        raise OerbookError(f"{source.name} has no commits yet", hint="Commit the book first.") from error
    if process.run_git(target, "rev-parse", "--abbrev-ref", "HEAD").strip() == b"HEAD":
        process.run_git(target, "update-ref", "refs/heads/main", head)
        process.run_git(target, "symbolic-ref", "HEAD", "refs/heads/main")
    process.run_git(target, "reset", "--hard", "--quiet")
    for remote in process.output_lines(target, ["remote"]):
        process.run_git(target, "remote", "remove", remote)
    return [*_report_shallow(target), *_report_uncommitted(source, target)]


def _report_shallow(root: Path) -> list[Finding]:
    if not (root / ".git/shallow").exists():
        return []
    message, hint = "the history is incomplete (shallow clone)", "Run git fetch --unshallow there and adopt again."
    return [Finding("import-unsupported", message, Place("."), Severity.WARNING, hint)]


def _report_uncommitted(source: Path, target: Path) -> list[Finding]:
    """Report uncommitted changes of the source.

    They are found through the clone, so that no setting of the source takes effect.
    """
    if not (source / ".git").exists():
        return []
    paths = ("--git-dir", str(target.absolute() / ".git"), "--work-tree", str(source))
    output = process.run_git(source, *paths, "status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
    names = [printable_name(row[3:]) for row in output.decode(errors="surrogateescape").split("\0") if row]
    if not names:
        return []
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    message = f"uncommitted changes were not copied: {listed}"
    return [Finding("import-uncommitted", message, Place("."), Severity.WARNING, "Commit them and adopt again.")]


def _copy_folder(source: Path, target: Path) -> list[Finding]:
    def ignored(folder: str, names: list[str]) -> set[str]:
        special = {name for name in names if not _is_ordinary(Path(folder) / name)}
        return set(IGNORE_BUILD_FILES(folder, names)) | special

    shutil.copytree(source, target, symlinks=True, ignore=ignored)
    process.run_git(target, "init", "--quiet", "-b", "main")
    _disable_filters(target)
    process.run_git(target, "add", "-A")
    if not tracked_files(target):
        raise OerbookError(f"there are no files in {source.name}", hint="Name the folder that holds the book.")
    process.run_git(
        target, "commit", "--quiet", "--no-verify", "-m", "Import the book", extra_env=process.committer_env(target)
    )
    return []


def _is_ordinary(path: Path) -> bool:
    """Say whether a path is a link, file or folder, and not a pipe, socket or device."""
    return path.is_symlink() or path.is_file() or path.is_dir()


def _replace_links(root: Path) -> list[Finding]:
    """Replace each link to a file of the book by a copy, and remove the others."""
    tracked = tracked_files(root)
    files = {name for mode, name in tracked if mode in FILE_MODES}
    links = [name for mode, name in tracked if mode == SYMLINK_MODE and (root / name).is_symlink()]
    targets = {name: _link_target(root, name) for name in links}
    findings = []
    for name in links:
        target = targets[name]
        for _ in range(MAX_LINK_HOPS):
            target = targets.get(target, target)
        (root / name).unlink()
        if target in files:
            shutil.copyfile(root / target, root / name)
            message, severity = f"the link to {printable_name(target)} was replaced by a copy", Severity.INFO
        else:
            message, severity = "a link to a folder, or out of the book, was removed", Severity.WARNING
        findings.append(Finding("import-unsupported", message, Place(printable_name(name)), severity))
    return findings


def _link_target(root: Path, name: str) -> str:
    """Return the target of a link, relative to the root."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), str((root / name).readlink())))


def _report_submodules(root: Path) -> list[Finding]:
    message = "a submodule was kept as it is; its content is not part of the book"
    names = [name for mode, name in tracked_files(root) if mode == SUBMODULE_MODE]
    return [Finding("import-unsupported", message, Place(printable_name(name)), Severity.WARNING) for name in names]


def printable_name(name: str) -> str:
    """Return a file name for display, with undecodable bytes replaced."""
    return name.encode(errors="surrogateescape").decode(errors="replace")
