"""Complete what plays in an EPUB: names of files that readers know, and captions, which pandoc leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from lxml import etree

OPF_NS = "http://www.idpf.org/2007/opf"
# Suffixes that pandoc takes from media types, and those by which files are known.
SUFFIX_BY_PANDOC_SUFFIX = {".mpg4": ".mp4", ".mpega": ".mp3", ".mp4a": ".m4a"}
TRACK_ELEMENT = re.compile(rb'(<track [^>]*src=")([\w-]+\.vtt)(")')


def complete_media_files(members: Mapping[str, bytes], media_dir: Path) -> dict[str, bytes]:
    """Return the members of an EPUB with usual names of files that play, and with the captions of videos."""
    package = next(name for name in members if name.endswith(".opf"))
    renamed = {
        name: str(PurePosixPath(name).with_suffix(SUFFIX_BY_PANDOC_SUFFIX[PurePosixPath(name).suffix]))
        for name in members
        if PurePosixPath(name).suffix in SUFFIX_BY_PANDOC_SUFFIX
    }
    pages = (data for name, data in members.items() if name.endswith(".xhtml"))
    captions = {match[2].decode() for page in pages for match in TRACK_ELEMENT.finditer(page)}
    if not renamed and not captions:
        return dict(members)
    folder = PurePosixPath(package).parent
    completed = {renamed.get(name, name): _with_names(name, data, renamed) for name, data in members.items()}
    root = etree.fromstring(completed[package])
    manifest = root.find(f"{{{OPF_NS}}}manifest")
    assert manifest is not None
    for number, name in enumerate(sorted(captions), start=1):
        completed[f"{folder}/media/{name}"] = (media_dir / name).read_bytes()
        item = {"id": f"captions-{number}", "href": f"media/{name}", "media-type": "text/vtt"}
        etree.SubElement(manifest, f"{{{OPF_NS}}}item", item)
    completed[package] = bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
    return completed


def _with_names(name: str, data: bytes, renamed: Mapping[str, str]) -> bytes:
    """Return a page or the package with the new names, and the addresses of captions."""
    if not name.endswith((".xhtml", ".opf")):
        return data
    for old, new in renamed.items():
        data = data.replace(f"media/{PurePosixPath(old).name}".encode(), f"media/{PurePosixPath(new).name}".encode())
    return TRACK_ELEMENT.sub(rb"\1../media/\2\3", data) if name.endswith(".xhtml") else data
