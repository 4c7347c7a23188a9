"""Fonts of the DOCX: those of text and code are embedded, and all have substitutes by name."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from html import escape
from pathlib import Path

from oerbook.markup.namespaces import (
    RELATIONSHIPS_NAMESPACE_URI,
    RELATIONSHIPS_PART_NAMESPACE_URI,
    WORD_NAMESPACE_URI,
    XML_DECLARATION,
)
from oerbook.theming.assemble import PRINT_FONT_FOLDER

FONT_TYPE = '<Default Extension="odttf" ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>'
GENERIC_FAMILIES = frozenset({"serif", "sans-serif", "monospace", "math", "ui-monospace", "ui-serif", "system-ui"})
FAMILY_KINDS = {"text": "roman", "sans": "swiss", "mono": "modern", "math": "roman"}  # as Word calls them
NO_EMBEDDING_FLAG = 0x0002  # fsType of a face whose license does not let it be embedded
OBFUSCATED_BYTES = 32
EMBEDDED_STYLES = ("Regular", "Bold", "Italic", "BoldItalic")  # in the order of the standard


def add_fonts(members: Mapping[str, bytes], tokens: Mapping[str, str], theme: Path) -> dict[str, bytes]:
    """Return the parts of a DOCX with its table of fonts and the faces of text and code."""
    roles = ("text", "mono", "sans") if tokens["headings"] == "sans" else ("text", "mono")
    files = {role: find_faces(theme / PRINT_FONT_FOLDER, tokens[role]) for role in roles}
    keys = {role: {style: _key(path) for style, path in faces.items()} for role, faces in files.items()}
    relations, fonts = "", dict[str, bytes]()
    for role, faces in files.items():
        for style, path in faces.items():
            name = f"{role}{style}"
            fonts[f"word/fonts/{name}.odttf"] = obfuscate(path.read_bytes(), keys[role][style])
            relations += (
                f'<Relationship Id="{name}" Type="{RELATIONSHIPS_NAMESPACE_URI}/font" Target="fonts/{name}.odttf"/>'
            )
    types, settings = members["[Content_Types].xml"], members["word/settings.xml"]
    result = {**members, **fonts, "word/fontTable.xml": font_table(tokens, keys).encode()}
    if fonts:
        result["word/_rels/fontTable.xml.rels"] = (
            f'{XML_DECLARATION}<Relationships xmlns="{RELATIONSHIPS_PART_NAMESPACE_URI}">'
            f"{relations}</Relationships>".encode()
        )
        result["[Content_Types].xml"] = types.replace(b"<Default ", FONT_TYPE.encode() + b"<Default ", 1)
        result["word/settings.xml"] = settings.replace(
            b"<w:embedSystemFonts", b"<w:embedTrueTypeFonts/><w:embedSystemFonts", 1
        )
    return result


def find_faces(folder: Path, family: str) -> dict[str, Path]:
    """Return the files of a family that may be embedded, by the names in `EMBEDDED_STYLES`."""
    from fontTools.ttLib import TTFont, TTLibError

    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.ttf")):
        try:
            with TTFont(path, lazy=True) as font:
                names, table = font["name"], font["OS/2"]
                if family not in (names.getDebugName(16), names.getDebugName(1)) or table.fsType & NO_EMBEDDING_FLAG:
                    continue
                style = ("Bold" if table.usWeightClass >= 600 else "") + ("Italic" if table.fsSelection & 1 else "")
        except (TTLibError, OSError, KeyError):
            continue
        found.setdefault(style or "Regular", path)
    return found


def obfuscate(font: bytes, key: uuid.UUID) -> bytes:
    """Return a font as Word embeds it: its first bytes changed by the key (ECMA-376 part 4, 17.8.1)."""
    mask = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(font[:OBFUSCATED_BYTES], mask, strict=True)) + font[OBFUSCATED_BYTES:]


def _key(path: Path) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(path.read_bytes()).hexdigest())


def font_table(tokens: Mapping[str, str], keys: Mapping[str, Mapping[str, uuid.UUID]]) -> str:
    """Return the table of the theme's faces, each with those that Word may take instead.

    They are those that the theme names for screens, see the table `[fallback]` in `theme.toml`.
    """
    fonts = []
    for role, kind in FAMILY_KINDS.items():
        names = [name.strip().strip("\"'") for name in tokens.get(f"fallback-{role}", "").split(",")]
        substitutes = [name for name in names if name and name.lower() not in GENERIC_FAMILIES]
        other = f'<w:altName w:val="{escape(",".join(substitutes))}"/>' if substitutes else ""
        pitch = "fixed" if role == "mono" else "variable"
        embedded = "".join(
            f'<w:embed{style} r:id="{role}{style}" w:fontKey="{{{str(key).upper()}}}"/>'
            for style, key in sorted(keys.get(role, {}).items(), key=lambda item: EMBEDDED_STYLES.index(item[0]))
        )
        fonts.append(
            f'<w:font w:name="{escape(tokens[role])}">{other}<w:charset w:val="00"/><w:family w:val="{kind}"/>'
            f'<w:pitch w:val="{pitch}"/>{embedded}</w:font>'
        )
    namespaces = f'xmlns:w="{WORD_NAMESPACE_URI}" xmlns:r="{RELATIONSHIPS_NAMESPACE_URI}"'
    return f"{XML_DECLARATION}<w:fonts {namespaces}>{''.join(fonts)}</w:fonts>"
