"""The theme's faces inside the EPUB: the pieces whose characters the pages have, listed in the package and the style sheet."""

from __future__ import annotations

from lxml import etree

from oerbook.manuscript.manuscript import Manuscript
from oerbook.theming.assemble import pieces_of
from oerbook.theming.css import font_face
from oerbook.theming.fonts import Subset
from oerbook.theming.theme import TOML, Theme, read

OPF = "http://www.idpf.org/2007/opf"


def with_fonts(members: dict[str, bytes], manuscript: Manuscript) -> dict[str, bytes]:
    """Return the members of the archive with the faces that its style sheet names."""
    sheet = next((name for name in members if name.endswith(".css")), "")
    package = next(name for name in members if name.endswith(".opf"))
    used = {ord(sign) for name, data in members.items() if name.endswith(".xhtml") for sign in data.decode()}
    theme = Theme(manuscript.theme.name, read(manuscript.theme / TOML), (manuscript.theme,))
    style = members.get(sheet, b"").decode()
    wanted = [
        piece
        for piece in pieces_of(theme, used, manuscript.work)
        if f'"{piece.face.family}"' in style and _needed(piece, used, members)
    ]
    folder = package.rpartition("/")[0]
    up = "../" * (sheet.count("/") - package.count("/"))
    faces = "\n".join(font_face(piece, f"{up}fonts/{piece.file.name}") for piece in wanted)
    added = {f"{folder}/fonts/{piece.file.name}".lstrip("/"): piece.file.read_bytes() for piece in wanted}
    return {
        **members,
        **added,
        sheet: f"{faces}\n{style}".encode(),
        package: _listed(members[package], wanted),
    }


def _needed(piece: Subset, used: set[int], members: dict[str, bytes]) -> bool:
    """Say whether the pages have a character of the piece; a face for formulas needs formulas."""
    if piece.face.role == "math" and not any(b"<math" in data for data in members.values()):
        return False
    return any(low <= sign <= high for sign in used for low, high in piece.ranges)


def _listed(package: bytes, pieces: list[Subset]) -> bytes:
    root = etree.fromstring(package)
    manifest = next(root.iter(f"{{{OPF}}}manifest"))
    for number, piece in enumerate(pieces, start=1):
        facts = {"id": f"face-{number}", "href": f"fonts/{piece.file.name}", "media-type": "font/woff2"}
        etree.SubElement(manifest, f"{{{OPF}}}item", facts)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
