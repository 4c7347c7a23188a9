"""What the title page of the site offers to take along: the other formats, and the whole site in one archive."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import entry
from oerbook.storage.cache import Shelf, digest

FOLDER = "downloads"
OFFERED = re.compile(r"<!-- downloads -->.*?<!-- /downloads -->", re.DOTALL)  # titlepage.html marks them
SIZE = re.compile(r'<small data-file="([^"]*)"></small>')
PACKED = frozenset(
    {".woff2", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".mp4", ".webm", ".mp3", ".ogg", ".zip"}
)


@dataclass(frozen=True, slots=True)
class Takeaway:
    """The archive of the site: its file name, its moment in seconds, and the folder of kept work."""

    name: str
    epoch: int
    work: Path


def offer(site: Path, last: Path, others: Sequence[Artifact], takeaway: Takeaway | None) -> None:
    """Put the downloads beside the pages of `site`, and say on its title page how large each is.

    `last` is the site that was made before: an archive of the same pages is taken from there.
    """
    folder = site / FOLDER
    files = [folder / made.path.name for made in others if made.format != "print"]
    whole = _archive(site, last, takeaway) if takeaway else None
    for made, file in zip((made for made in others if made.format != "print"), files, strict=True):
        folder.mkdir(exist_ok=True)
        shutil.copyfile(made.path, file)
    if whole is not None:
        files.append(whole)
    sizes = {html.escape(file.name): size(file.stat().st_size) for file in files}
    page = site / "index.html"
    if sizes and page.is_file():
        text = page.read_text(encoding="utf-8")
        said = OFFERED.sub(lambda block: SIZE.sub(lambda m: f"<small>{sizes.get(m[1], '')}</small>", block[0]), text, 1)
        page.write_text(said, encoding="utf-8")


def size(count: int) -> str:
    """Return a number of bytes as readers know it, in thousands.

    >>> size(900), size(45_200), size(1_249_000), size(25_600_000)
    ('1 kB', '45 kB', '1.2 MB', '26 MB')
    """
    if count < 999_500:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1e6:.1f} MB" if count < 9_950_000 else f"{count / 1e6:.0f} MB"


def _archive(site: Path, last: Path, takeaway: Takeaway) -> Path:
    """Pack a site, without its downloads, into one folder of a zip archive that lies among its downloads."""
    out, former = site / FOLDER / takeaway.name, last / FOLDER / takeaway.name
    files = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    files = {name: path for name, path in files.items() if not name.startswith(f"{FOLDER}/")}
    shelf, key = Shelf(takeaway.work), _key(files, takeaway)
    out.parent.mkdir(exist_ok=True)
    if former.is_file() and shelf.get_json("state", "archive") == [key, _sha256(former)]:
        shutil.copyfile(former, out)
        return out
    with zipfile.ZipFile(out, "w") as archive:
        for name, path in files.items():
            data = path.read_bytes()
            if name == "index.html":
                data = OFFERED.sub("", data.decode(), 1).encode()
            info = entry(f"{Path(takeaway.name).stem}/{name}", takeaway.epoch, packed=path.suffix not in PACKED)
            archive.writestr(info, data, compresslevel=6)
    shelf.put_json("state", "archive", [key, _sha256(out)])
    return out


def _key(files: dict[str, Path], takeaway: Takeaway) -> str:
    return digest(takeaway.name, str(takeaway.epoch), *(f"{name}\0{_sha256(path)}" for name, path in files.items()))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
