"""Fonts of a theme: located, subset to WOFF2 for screens, complete for print."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from oerbook.errors import OerbookError
from oerbook.storage.files import write_atomically
from oerbook.theming.math_subsets import MATH_SUBSET_RANGES, repair_glyph_assemblies
from oerbook.theming.theme import Theme

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

CodePointRanges = tuple[tuple[int, int], ...]  # first and last code point of each range

FONT_CACHE_VERSION = "8"  # part of every cache key: change it whenever the same font could come out differently
WEIGHT_AND_STYLE_BY_NAME = {
    "regular": (400, "normal"),
    "italic": (400, "italic"),
    "bold": (600, "normal"),
    "bold-italic": (600, "italic"),
}
FONT_ROLES = ("text", "sans", "mono", "math")
OPENTYPE_FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "onum", "lnum", "tnum", "smcp"]
# Browsers load each subset only if a page needs it: the characters of most pages first, then the rest.
LATIN_RANGES = ((0x20, 0x7E), (0xA0, 0xFF), (0x131, 0x131), (0x152, 0x153), (0x2C6, 0x2C6), (0x2DA, 0x2DA),
                (0x2DC, 0x2DC),
         (0x2010, 0x2027), (0x202F, 0x203A), (0x2044, 0x2044), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193),
         (0x2212, 0x2212), (0x2217, 0x2217), (0x25A1, 0x25A1), (0x25CC, 0x25CC))  # fmt: skip
TEXT_SUBSET_RANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "latin": LATIN_RANGES,
    "latin-more": ((0x100, 0x130), (0x132, 0x151), (0x154, 0x2C5), (0x2C7, 0x2D9), (0x2DB, 0x2DB), (0x2DD, 0x36F),
                   (0x1E00, 0x1EFF), (0x2C60, 0x2C7F)),
    "greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "cyrillic": ((0x400, 0x52F),),
    "signs": ((0x203B, 0x2043), (0x2045, 0x20AB), (0x20AD, 0x2121), (0x2123, 0x218F), (0x2194, 0x2211),
              (0x2213, 0x2216), (0x2218, 0x25A0), (0x25A2, 0x25CB), (0x25CD, 0x2BFF)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font of a family: its role in the book, weight, style and file."""

    role: str
    family: str
    weight: int
    style: str
    file: Path


@dataclass(frozen=True, slots=True)
class FontSubset:
    """A subset of a font as a WOFF2 file, and the ranges of code points it covers."""

    face: FontFace
    ranges: CodePointRanges
    file: Path


def theme_faces(theme: Theme) -> list[FontFace]:
    """Return the fonts of a theme that have files.

    Other families are local or built into Typst.

    Raises OerbookError if a file that the theme names does not exist.
    """
    found: list[FontFace] = []
    seen: set[str] = set()
    for role in FONT_ROLES:
        family = str(theme.tokens.get("type", {}).get(role, ""))
        source = theme.tokens.get("faces", {}).get(family)
        if source and family not in seen:
            seen.add(family)
            found += [
                FontFace(role, family, weight, style, _locate(theme, family, source, str(source[shape])))
                for shape, (weight, style) in WEIGHT_AND_STYLE_BY_NAME.items()
                if shape in source
            ]
    return found


def _locate(theme: Theme, family: str, source: Mapping[str, str], name: str) -> Path:
    """Return the path of a font file in a package or in the theme's `fonts/`."""
    package = source.get("package", "")
    packaged = _package_fonts(package).get(name) if package else None
    candidates = [packaged] if packaged else [folder / "fonts" / name for folder in theme.folders]
    for path in candidates:
        allowed = packaged or path.resolve().is_relative_to(path.parent.parent.resolve())
        if allowed and path.is_file():
            return path
    hint = f"Run: pip install {package}" if package else f"Put it into themes/{theme.name}/fonts/."
    raise OerbookError(f"font file {name} of “{family}” not found", hint=hint)


@cache
def _package_fonts(package: str) -> dict[str, Path]:
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    return {path.name: Path(str(path.locate())) for path in files if path.suffix in (".ttf", ".otf")}


def subset_ranges(role: str, used: Iterable[int], *, has_formulas: bool = True) -> dict[str, CodePointRanges]:
    """Return the subsets that a book needs of a font, as ranges by name.

    The first subset is always included, the others if one of the `used` code points is in them. A font for formulas
    has all of its subsets or, without formulas, none.
    """
    if role == "math":
        return MATH_SUBSET_RANGES if has_formulas else {}
    codepoints = set(used)
    first = next(iter(TEXT_SUBSET_RANGES))
    return {
        name: ranges
        for name, ranges in TEXT_SUBSET_RANGES.items()
        if name == first or any(low <= code <= high for code in codepoints for low, high in ranges)
    }


def make_font_subsets(
    face: FontFace, used: Iterable[int], cache_folder: Path, *, has_formulas: bool = True
) -> list[FontSubset]:
    """Return the subsets of a font that a book needs.

    They are created now, or cached in the folder `cache_folder`.
    """
    found = []
    for name, ranges in subset_ranges(face.role, used, has_formulas=has_formulas).items():
        key = _cache_key(face, "woff2", name, repr(ranges), *OPENTYPE_FEATURES)
        path = cache_folder / f"{_slug(face)}-{name}-{key}.woff2"
        if not path.is_file():
            write_atomically(path, _make_subset(face, ranges))
        if path.stat().st_size:
            found.append(FontSubset(face, ranges, path))
    return found


def complete_print_font(face: FontFace, cache_folder: Path) -> Path:
    """Return the complete font for print.

    Variable fonts are instantiated at one weight, since Typst needs that.
    """
    if "[" not in face.file.name:
        return face.file
    path = cache_folder / f"{_slug(face)}-{_cache_key(face, 'ttf')}.ttf"
    if not path.is_file():
        font, buffer = _open_font(_subset(face, None), face.file.name), io.BytesIO()
        font["name"].setName(f"{face.family.replace(' ', '')}-{face.weight}", 6, 3, 1, 0x409)
        font.save(buffer)
        write_atomically(path, buffer.getvalue())
    return path


def _slug(face: FontFace) -> str:
    family = re.sub(r"[^a-z0-9]+", "-", face.family.lower()).strip("-")
    return f"{family}-{face.weight}{'-italic' if face.style == 'italic' else ''}"


def _cache_key(face: FontFace, *parts: str) -> str:
    from fontTools import version
    from uharfbuzz import __version__ as harfbuzz_version

    sha = hashlib.sha256(face.file.read_bytes())
    for part in (FONT_CACHE_VERSION, version, harfbuzz_version, str(face.weight), *parts):
        sha.update(f"\0{part}".encode())
    return sha.hexdigest()[:10]


def _open_font(data: bytes, name: str) -> TTFont:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        return TTFont(io.BytesIO(data), recalcTimestamp=False)
    except (TTLibError, OSError) as error:
        raise OerbookError(f"{name} is not a font: {error}", hint="Use TrueType or OpenType files.") from error


@cache
def _source_data(path: Path) -> bytes:
    """Return the content of a font file, repaired if it is a font for formulas."""
    data = path.read_bytes()
    font = _open_font(data, path.name)
    if "MATH" not in font:
        return data
    repair_glyph_assemblies(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _subset(face: FontFace, codepoints: Iterable[int] | None) -> bytes:
    """Return the part of a font with some code points (None: all of it), at its weight if the font is variable.

    Empty if the font has none of the code points.
    """
    import uharfbuzz

    source = uharfbuzz.Face(_source_data(face.file))
    request = uharfbuzz.SubsetInput()
    if codepoints is None:
        request.keep_everything()
    else:
        kept = set(codepoints) & set(source.unicodes)
        if not kept - {0x20}:
            return b""
        request.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        request.unicode_set.update(kept)
        request.layout_feature_tag_set.clear()
        request.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in OPENTYPE_FEATURES)
        request.name_id_set.invert()  # all of the font's names, license and copyright too
    if source.has_var_data:
        request.pin_all_axes_to_default(source)
        request.pin_axis_location(source, "wght", float(face.weight))
    return bytes(request.subset(source).blob.data)


def _make_subset(face: FontFace, ranges: Sequence[tuple[int, int]]) -> bytes:
    """Return some ranges of a font as WOFF2 data; empty if it has none of them."""
    data = _subset(face, (code for low, high in ranges for code in range(low, high + 1)))
    if not data:
        return b""
    font = _open_font(data, face.file.name)
    _rename(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _rename(font: TTFont) -> None:
    """Remove reserved names from a font's names.

    The SIL Open Font License forbids them in modified fonts.
    """
    names = font["name"]
    notices = " ".join(str(names.getDebugName(number) or "") for number in (0, 13))
    reserved = re.search(r"Reserved Font Names?\W+(\w+)", notices)
    for record in list(names.names) if reserved else ():
        if record.nameID in (1, 3, 4, 6, 16, 18, 25):
            text = str(record.toUnicode()).replace(reserved[1], "Book")  # type: ignore[index]
            names.setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
