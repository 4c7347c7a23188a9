"""Copy a book and its history without running anything of its repository."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.importers.reading.foreign_book import PAGE_SUFFIXES
from oerbook.model.findings import Finding, Place, Severity
from oerbook.tasks.adopt.links import printable_name, replace_links, tracked_files

IGNORE_BUILD_FILES = shutil.ignore_patterns("_build", ".venv", "node_modules", "__pycache__", ".git")
NO_CONVERSION_ATTRIBUTES = (
    "* -filter -text -eol -ident -working-tree-encoding\n"  # check out files byte for byte, without filters
)
SUBMODULE_MODE = "160000"
MACHINE_NAME = "oerbook[bot]"  # a bot: its commits give nobody credit


def find_repository(source: Path) -> tuple[Path, str] | None:
    """Return the repository that holds a folder, and the folder's path in it ("" for the top); None without history.

    A folder of which git tracks nothing, such as an unpacked archive in somebody's repository, has no history.
    Raises UnreadableRepositoryError if git refuses to read the repository.
    """
    if is_repository(source):
        return source, ""
    repository = process.repository_info(source)
    if repository is None or not process.run_git(source, "ls-files", "-z", "--", "."):
        return None
    return repository.top, repository.prefix.rstrip("/")


def copy_book(source: Path, target: Path, repository: Path | None) -> list[Finding]:
    """Clone the repository that holds a book, or copy a plain folder into a new one.

    Symbolic links become copies of their targets.
    """
    findings = _copy_folder(source, target) if repository is None else _clone(repository, target)
    return [*findings, *replace_links(target), *_report_submodules(target)]


def machine_env(time_s: int) -> Mapping[str, str]:
    """Return environment variables for a commit by oerbook itself at a time, in seconds since 1970.

    The person who runs the import wrote no word of the book. With the time of the book's last own commit, the book
    keeps its year, and importing twice gives the same commits.
    """
    values = {"NAME": MACHINE_NAME, "EMAIL": "oerbook@localhost", "DATE": f"@{time_s} +0000"}
    return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in values.items()}


def is_repository(source: Path) -> bool:
    """Say whether a folder is the top of a repository, bare or not."""
    bare = (source / "HEAD").is_file() and (source / "objects").is_dir() and (source / "refs").is_dir()
    return (source / ".git").exists() or bare


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
    pages = [(target / name).stat().st_mtime for _mode, name in tracked_files(target) if name.endswith(PAGE_SUFFIXES)]
    env = machine_env(int(max(pages, default=0)))
    process.run_git(target, "commit", "--quiet", "--no-verify", "-m", "Import the book", extra_env=env)
    message = "this folder has no git history, so nobody gets credit for its words unless its files name them"
    hint = "Adopt the book's repository if there is one, or name the authors in chapters/index.md."
    return [Finding("import-unsupported", message, Place("."), Severity.WARNING, hint)]


def _is_ordinary(path: Path) -> bool:
    """Say whether a path is a link, file or folder, and not a pipe, socket or device."""
    return path.is_symlink() or path.is_file() or path.is_dir()


def _report_submodules(root: Path) -> list[Finding]:
    message = "a submodule was kept as it is; its content is not part of the book"
    names = [name for mode, name in tracked_files(root) if mode == SUBMODULE_MODE]
    return [Finding("import-unsupported", message, Place(printable_name(name)), Severity.WARNING) for name in names]
