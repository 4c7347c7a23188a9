"""Add downloads to the site: other formats, and a zip archive of the site."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import make_zip_entry
from oerbook.storage.cache import Cache, make_cache_key
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


def add_downloads(site: Path, last_site: Path, others: Sequence[Artifact], site_archive: SiteArchive | None) -> None:
    """Add downloads to `site`, and write their sizes on its title page.

    If `last_site` holds an archive of the same pages, that archive is copied.
    """
    folder = site / DOWNLOAD_FOLDER
    offered = [artifact for artifact in others if artifact.format != "print"]
    files = [folder / artifact.path.name for artifact in offered]
    archive = _archive(site, last_site, site_archive) if site_archive else None
    for artifact, file in zip(offered, files, strict=True):
        folder.mkdir(exist_ok=True)
        shutil.copyfile(artifact.path, file)
    if archive is not None:
        files.append(archive)
    sizes = {html.escape(file.name): format_file_size(file.stat().st_size) for file in files}
    page = site / "index.html"
    if sizes and page.is_file():
        text = DOWNLOADS_HTML_BLOCK.sub(lambda block: _with_sizes(block[0], sizes), page.read_text(encoding="utf-8"), 1)
        page.write_text(text, encoding="utf-8")


def _with_sizes(block: str, sizes: Mapping[str, str]) -> str:
    block = DOWNLOAD_ITEM.sub(lambda item: item[0] if item[1] in sizes else "", block)  # a format that was not made
    return FILE_SIZE_TAG.sub(lambda match: f"<small>{sizes.get(match[1], '')}</small>", block)


def _archive(site: Path, last_site: Path, site_archive: SiteArchive) -> Path:
    """Pack a site without its downloads into a zip archive among its downloads."""
    target, last_archive = (
        site / DOWNLOAD_FOLDER / site_archive.file_name,
        last_site / DOWNLOAD_FOLDER / site_archive.file_name,
    )
    files = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    files = {name: path for name, path in files.items() if not name.startswith(f"{DOWNLOAD_FOLDER}/")}
    cache, key = Cache(site_archive.cache_folder), _key(files, site_archive)
    target.parent.mkdir(exist_ok=True)
    if last_archive.is_file() and cache.get_json("state", "archive") == [key, _sha256(last_archive)]:
        shutil.copyfile(last_archive, target)
        return target
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in files.items():
            data = path.read_bytes()
            if name == "index.html":
                data = DOWNLOADS_HTML_BLOCK.sub("", data.decode(), 1).encode()
            info = make_zip_entry(
                f"{Path(site_archive.file_name).stem}/{name}",
                site_archive.epoch,
                packed=path.suffix not in COMPRESSED_SUFFIXES,
            )
            archive.writestr(info, data, compresslevel=6)
    cache.put_json("state", "archive", [key, _sha256(target)])
    return target


def _key(files: dict[str, Path], site_archive: SiteArchive) -> str:
    return make_cache_key(
        site_archive.file_name, str(site_archive.epoch), *(f"{name}\0{_sha256(path)}" for name, path in files.items())
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
