"""Embed the theme's fonts in the EPUB, as the subsets that its pages use."""

from __future__ import annotations

from lxml import etree

from oerbook.manuscript.manuscript import Manuscript
from oerbook.markup.namespaces import OPF_NS
from oerbook.theming.assemble import theme_font_subsets
from oerbook.theming.css import render_font_face
from oerbook.theming.fonts import FontSubset
from oerbook.theming.theme import THEME_FILE, Theme, load_theme, read_theme_file


def embed_fonts(members: dict[str, bytes], manuscript: Manuscript) -> dict[str, bytes]:
    """Return the members of the EPUB with the fonts that its style sheet names."""
    style_name = next((name for name in members if name.endswith(".css")), "")
    package_name = next(name for name in members if name.endswith(".opf"))
    used = {ord(char) for name, data in members.items() if name.endswith(".xhtml") for char in data.decode()}
    name = manuscript.theme_dir.name
    sources = load_theme(name, manuscript.book.root).folders  # with the author's own font files
    theme = Theme(name, read_theme_file(manuscript.theme_dir / THEME_FILE), (manuscript.theme_dir, *sources))
    style = members.get(style_name, b"").decode()
    subsets = [
        subset
        for subset in theme_font_subsets(theme, used, manuscript.cache_dir)
        if f'"{subset.face.family}"' in style and _is_needed(subset, used, members)
    ]
    folder = package_name.rpartition("/")[0]
    to_folder = "../" * (style_name.count("/") - package_name.count("/"))
    rules = "\n".join(render_font_face(subset, f"{to_folder}fonts/{subset.file.name}") for subset in subsets)
    files = {f"{folder}/fonts/{subset.file.name}".lstrip("/"): subset.file.read_bytes() for subset in subsets}
    return {
        **members,
        **files,
        style_name: f"{rules}\n{style}".encode(),
        package_name: _add_to_manifest(members[package_name], subsets),
    }


def _is_needed(subset: FontSubset, used: set[int], members: dict[str, bytes]) -> bool:
    """Return whether the pages have a character of the subset.

    A math font also needs a formula.
    """
    if subset.face.role == "math" and not any(b"<math" in data for data in members.values()):
        return False
    return any(low <= code <= high for code in used for low, high in subset.ranges)


def _add_to_manifest(package: bytes, subsets: list[FontSubset]) -> bytes:
    root = etree.fromstring(package)
    manifest = next(root.iter(f"{{{OPF_NS}}}manifest"))
    for number, subset in enumerate(subsets, start=1):
        attributes = {"id": f"face-{number}", "href": f"fonts/{subset.file.name}", "media-type": "font/woff2"}
        etree.SubElement(manifest, f"{{{OPF_NS}}}item", attributes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
