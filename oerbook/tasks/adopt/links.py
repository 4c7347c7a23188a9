"""Replace symbolic links in a copied book by the files that they lead to."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from oerbook.git import process
from oerbook.importers.reading.foreign_book import PAGE_SUFFIXES
from oerbook.model.findings import Finding, Place, Severity

FILE_MODES = ("100644", "100755")
SYMLINK_MODE = "120000"
MAX_LINK_HOPS = 8


def replace_links(root: Path) -> list[Finding]:
    """Replace links to files of the book by copies, and links to its folders by the files that pages use.

    Links out of the book are removed.
    """
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
        elif any(file.startswith(f"{target}/") for file in files):
            count = _copy_used_files(root, name, target, files)
            message = f"the link to the folder {printable_name(target)} was replaced by the files in it that pages use"
            message, severity = f"{message} ({count})", Severity.INFO
        else:
            message, severity = "a link out of the book was removed", Severity.WARNING
        findings.append(Finding("import-unsupported", message, Place(printable_name(name)), severity))
    return findings


def _link_target(root: Path, name: str) -> str:
    """Return the target of a link, relative to the root."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), str((root / name).readlink())))


def _copy_used_files(root: Path, link: str, target: str, files: Collection[str]) -> int:
    """Copy the files of a folder that pages beside the link name to the link's place; return how many."""
    text = "\n".join(_page_texts(root, posixpath.dirname(link), files))
    inner = [name.removeprefix(f"{target}/") for name in sorted(files) if name.startswith(f"{target}/")]
    folder = posixpath.basename(link)
    used = [name for name in inner if f"{folder}/{name}" in text or f"{folder}/{name}".replace(" ", "%20") in text]
    for name in used:
        (root / link / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / target / name, root / link / name)
    for option, names in (("--force-remove", [link]), ("--add", [f"{link}/{name}" for name in used])):
        stdin = "".join(f"{name}\0" for name in names).encode(errors="surrogateescape")
        process.run_git(root, "update-index", option, "-z", "--stdin", stdin=stdin)
    return len(used)


def _page_texts(root: Path, folder: str, files: Collection[str]) -> Iterator[str]:
    prefix = f"{folder}/" if folder else ""
    for name in sorted(files):
        if name.startswith(prefix) and name.endswith(PAGE_SUFFIXES):
            yield (root / name).read_text(encoding="utf-8", errors="replace")


def tracked_files(root: Path) -> list[tuple[str, str]]:
    """Return the mode and name of every tracked file, link and submodule."""
    rows = process.run_git(root, "ls-files", "-s", "-z").decode(errors="surrogateescape").split("\0")
    return [(row[:6], row.split("\t", 1)[1]) for row in rows if row]


def printable_name(name: str) -> str:
    """Return a file name for display, with undecodable bytes replaced."""
    return name.encode(errors="surrogateescape").decode(errors="replace")
