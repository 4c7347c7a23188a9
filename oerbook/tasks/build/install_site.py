"""Install a finished site in the output folder, with the other formats as downloads."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.tasks.build.downloads import SiteArchive, add_downloads, sha256_of_file


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
        _copy_folder(site, new, installed)
        for name, data in extra_files.items():
            _write(new / name, data, installed / name)
        digests = {path.relative_to(new).as_posix(): sha256_of_file(path) for path in new.rglob("*") if path.is_file()}
        digests |= add_downloads(new, installed, others, site_archive, digests)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    if installed.exists():
        installed.rename(old)
    new.rename(installed)
    shutil.rmtree(old, ignore_errors=True)
    return Artifact("html", installed, _digest_of_listing(digests))


def _copy_folder(source: Path, target: Path, earlier: Path) -> None:
    """Copy a folder, without what Sphinx alone needs."""
    for parent, folders, names in os.walk(source):
        folder = Path(parent).relative_to(source)
        folders[:] = [name for name in folders if name != "_sources"]
        (target / folder).mkdir(parents=True, exist_ok=True)
        for file in (folder / name for name in names if name != ".buildinfo"):
            if not _link_if_equal((source / file).read_bytes(), earlier / file, target / file):
                shutil.copy2(source / file, target / file)


def _write(target: Path, data: bytes, earlier: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not _link_if_equal(data, earlier, target):
        target.write_bytes(data)


def _link_if_equal(data: bytes, earlier: Path, target: Path) -> bool:
    """Link the file of the earlier site into the new one if it holds the data, which is faster than writing it."""
    try:
        if earlier.is_symlink() or earlier.stat().st_size != len(data) or earlier.read_bytes() != data:
            return False
        os.link(earlier, target)
    except OSError:  # there is no such file, or the file system has no links
        return False
    return True


def _digest_of_listing(digests: Mapping[str, str]) -> str:
    """Return the SHA-256 of a sorted listing of the names and digests of files."""
    listing = "".join(f"{name}\0{digests[name]}\n" for name in sorted(digests, key=Path))
    return hashlib.sha256(listing.encode()).hexdigest()
