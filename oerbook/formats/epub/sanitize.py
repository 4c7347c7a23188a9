"""Check the finished EPUB: pages against the allow-list, and no file of a kind that a book does not have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from lxml import etree

from oerbook.formats.removed_content import removed_content_findings
from oerbook.markup.xhtml import sanitize_xhtml
from oerbook.model.findings import Finding

OPF_ITEM = "{http://www.idpf.org/2007/opf}item"
ALLOWED_SUFFIXES = frozenset(
    [
        "", ".css", ".gif", ".jpeg", ".jpg", ".ncx", ".opf", ".otf", ".png", ".svg", ".ttf", ".webp", ".woff", ".woff2",
        ".xhtml", ".xml", ".mp4", ".m4v", ".mov", ".webm", ".mp3", ".m4a", ".vtt",
    ]
)  # fmt: skip


def sanitize_members(members: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Return the members of an EPUB with nothing active in them, and findings about what was removed."""
    checked, removed = dict(members), list[str]()
    unknown = {name for name in members if PurePosixPath(name).suffix.lower() not in ALLOWED_SUFFIXES}
    for name in unknown:
        del checked[name]
        removed.append(PurePosixPath(name).name)
    for name in [name for name in checked if name.endswith(".xhtml")]:
        checked[name], names = sanitize_xhtml(checked[name])
        removed += names
    for name in [name for name in checked if unknown and name.endswith(".opf")]:
        checked[name] = _without_items(checked[name], name, unknown)
    return checked, removed_content_findings("the EPUB", removed)


def _without_items(package: bytes, path: str, removed: set[str]) -> bytes:
    root = etree.fromstring(package)
    folder = PurePosixPath(path).parent
    for item in list(root.iter(OPF_ITEM)):
        parent = item.getparent()
        if (folder / (item.get("href") or "")).as_posix() in removed and parent is not None:
            parent.remove(item)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
