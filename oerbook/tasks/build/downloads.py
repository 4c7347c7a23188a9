"""Add downloads to the site: other formats, and a zip archive of the site."""

from __future__ import annotations

import contextlib
import hashlib
import html
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import copy_zip_member, make_zip_entry
from oerbook.storage.cache import Cache
from oerbook.storage.files import write_atomically
from oerbook.text.file_sizes import format_file_size

DOWNLOAD_FOLDER = "downloads"
DOWNLOADS_HTML_BLOCK = re.compile(r"<!-- downloads -->.*?<!-- /downloads -->", re.DOTALL)  # in titlepage.html
FILE_SIZE_TAG = re.compile(r'<small data-file="([^"]*)"></small>')
DOWNLOAD_ITEM = re.compile(r'\s*<li>(?:(?!</li>).)*?<small data-file="([^"]*)"></small>.*?</li>', re.DOTALL)
COMPRESSED_SUFFIXES = frozenset(
    {".woff2", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".mp4", ".webm", ".mp3", ".ogg", ".zip"}
)


@dataclass(frozen=True, slots=True)
class SiteArchive:
    """The archive of the site: file name, timestamp, cache folder.

    The timestamp is in seconds since 1970.
    """

    file_name: str
    epoch: int
    cache_folder: Path


def add_downloads(
    site: Path,
    last_site: Path,
    others: Sequence[Artifact],
    site_archive: SiteArchive | None,
    digests: Mapping[str, str],
) -> dict[str, str]:
    """Add downloads to `site`, and write their sizes on its title page; return the digests of what changed, by name.

    `digests` are those of the site's files. From the archive that `last_site` holds, unchanged files are copied.
    """
    folder = site / DOWNLOAD_FOLDER
    offered = [artifact for artifact in others if artifact.format != "print"]
    files = [folder / artifact.path.name for artifact in offered]
    archive = _archive(site, last_site, site_archive, digests) if site_archive else None
    for artifact, file in zip(offered, files, strict=True):
        folder.mkdir(exist_ok=True)
        shutil.copyfile(artifact.path, file)
    if archive is not None:
        files.append(archive)
    sizes = {html.escape(file.name): format_file_size(file.stat().st_size) for file in files}
    page = site / "index.html"
    if sizes and page.is_file():
        text = DOWNLOADS_HTML_BLOCK.sub(lambda block: _with_sizes(block[0], sizes), page.read_text(encoding="utf-8"), 1)
        write_atomically(page, text.encode())  # not in place: the file may be a link to that of the last site
        files.append(page)
    return {file.relative_to(site).as_posix(): sha256_of_file(file) for file in files}


def _with_sizes(block: str, sizes: Mapping[str, str]) -> str:
    block = DOWNLOAD_ITEM.sub(lambda item: item[0] if item[1] in sizes else "", block)  # a format that was not made
    return FILE_SIZE_TAG.sub(lambda match: f"<small>{sizes.get(match[1], '')}</small>", block)


def _archive(site: Path, last_site: Path, site_archive: SiteArchive, digests: Mapping[str, str]) -> Path:
    """Pack a site without its downloads into a zip archive among its downloads."""
    place = f"{DOWNLOAD_FOLDER}/{site_archive.file_name}"
    target, last = site / place, last_site / place
    cache, key = Cache(site_archive.cache_folder), [site_archive.file_name, site_archive.epoch]
    record = cache.get_json("state", "site-archive") or {}
    is_known = last.is_file() and record.get("sha256") == sha256_of_file(last) and record["key"] == key
    target.parent.mkdir(exist_ok=True)
    if is_known and record["digests"] == digests:
        shutil.copyfile(last, target)
        return target
    _pack(site, target, site_archive, digests, (last, record["digests"]) if is_known else None)
    record = {"key": key, "sha256": sha256_of_file(target), "digests": dict(digests)}
    cache.put_json("state", "site-archive", record)
    return target


def _pack(
    site: Path,
    target: Path,
    site_archive: SiteArchive,
    digests: Mapping[str, str],
    last: tuple[Path, Mapping[str, str]] | None,
) -> None:
    """Write an archive; copy what has the same digest in the last one, given by its path and its digests."""
    folder = Path(site_archive.file_name).stem
    with zipfile.ZipFile(target, "w") as archive, contextlib.ExitStack() as stack:
        last_archive = stack.enter_context(zipfile.ZipFile(last[0])) if last else None
        for name in sorted(digests, key=Path):
            is_packed = Path(name).suffix not in COMPRESSED_SUFFIXES
            info = make_zip_entry(f"{folder}/{name}", site_archive.epoch, packed=is_packed)
            if last and last_archive and last[1].get(name) == digests[name]:
                copy_zip_member(last_archive, last_archive.getinfo(info.filename), archive)
                continue
            data = (site / name).read_bytes()
            if name == "index.html":
                data = DOWNLOADS_HTML_BLOCK.sub("", data.decode(), 1).encode()
            archive.writestr(info, data, compresslevel=6)


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
