"""Install a finished site in the output folder, with the other formats as downloads."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.storage.files import write_atomically
from oerbook.tasks.build.downloads import SiteArchive, add_downloads


def install_site(
    site: Path,
    out: Path,
    others: Sequence[Artifact],
    extra_files: Mapping[str, bytes],
    site_archive: SiteArchive | None = None,
) -> Artifact:
    """Install a finished site as `out/html`.

    After a crash there is either the old site or the new one.
    `others` are offered as downloads, `extra_files` are further files of the site by name.
    """
    new, old, installed = out / ".html-new", out / ".html-old", out / "html"
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        shutil.copytree(site, new, ignore=shutil.ignore_patterns(".buildinfo", "_sources"))
        for name, data in extra_files.items():
            write_atomically(new / name, data)
        add_downloads(new, installed, others, site_archive)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    if installed.exists():
        installed.rename(old)
    new.rename(installed)
    shutil.rmtree(old, ignore_errors=True)
    return Artifact("html", installed, folder_digest(installed))


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 of a folder's sorted listing of names and file digests."""
    sha = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        sha.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return sha.hexdigest()
