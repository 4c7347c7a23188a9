"""Scaled fallback fonts in CSS, so that text does not reflow when fonts load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from oerbook.theming.fonts import FontFace, FontSubset

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Frequency of characters in running text, per thousand: English, close enough for related languages.
LETTER_FREQUENCIES = {" ": 180, "e": 103, "t": 74, "a": 65, "o": 62, "i": 57, "n": 57, "s": 52, "h": 50, "r": 49,
                      "l": 33, "d": 33, "u": 23, "c": 22, "m": 20, "f": 19, "w": 17, "g": 16, "p": 15, "y": 14,
                      "b": 13, "v": 8, "k": 6, ",": 7, ".": 7}  # fmt: skip
STYLE_SUFFIXES = ("", " Italic", " Bold", " Bold Italic")
OBLIQUE_SUFFIXES = ("", " Oblique", " Bold", " Bold Oblique")
# The mean width of a character in em, weighted as above: upright, italic, bold, bold italic. Measured on the fonts
# themselves or on metric-compatible ones: Gelasio for Georgia, Tinos for Times New Roman, Arimo for Arial, Cousine for
# Courier.
TIMES_WIDTHS, ARIAL_WIDTHS, COURIER_WIDTHS = (
    (0.3968, 0.3985, 0.4221, 0.4083),
    (0.4381, 0.4381, 0.4735, 0.4735),
    (0.6001,) * 4,
)
LOCAL_FONT_WIDTHS = {
    "Georgia": (0.4359, 0.4446, 0.508, 0.5179),
    "Noto Serif": (0.4745, 0.4606, 0.5038, 0.5084),
    "Times New Roman": TIMES_WIDTHS,
    "Liberation Serif": TIMES_WIDTHS,
    "DejaVu Serif": (0.5083, 0.5083, 0.5615, 0.5615),
    "Arial": ARIAL_WIDTHS,
    "Helvetica": ARIAL_WIDTHS,
    "Liberation Sans": ARIAL_WIDTHS,
    "Roboto": (0.4389, 0.4266, 0.4452, 0.4327),
    "DejaVu Sans": (0.503, 0.503, 0.5684, 0.5684),
    "Courier New": COURIER_WIDTHS,
    "Liberation Mono": COURIER_WIDTHS,
    "DejaVu Sans Mono": (0.6021,) * 4,
}


def split_css_font_stack(stack: str) -> list[str]:
    """Return the families of a CSS font stack.

    >>> split_css_font_stack('"Noto Serif", Georgia, serif')
    ['Noto Serif', 'Georgia', 'serif']
    """
    return [name.strip().strip("\"'") for name in stack.split(",") if name.strip()]


def fallback_family_name(family: str, local: str) -> str:
    """Return the family name for a local font scaled to one of the book's."""
    return f"{family} as {local}"


def css_font_stack(family: str, fallbacks: str) -> str:
    """Return the CSS font stack of a family.

    The family, scaled fallbacks where their widths are known, then the fallbacks.

    >>> css_font_stack("Source Serif Pro", 'Georgia, "Iowan Old Style", serif')
    '"Source Serif Pro", "Source Serif Pro as Georgia", Georgia, "Iowan Old Style", serif'
    """
    scaled = [
        f'"{fallback_family_name(family, name)}"'
        for name in split_css_font_stack(fallbacks)
        if name in LOCAL_FONT_WIDTHS
    ]
    return ", ".join([f'"{family}"', *scaled, fallbacks])


def fallback_font_face_rules(subsets: Sequence[FontSubset], fallbacks: str) -> Iterator[str]:
    """Yield @font-face rules for the fallbacks of a family with known widths.

    `size-adjust` makes lines as long as with the book's font, the overrides make them as high
    (https://drafts.csswg.org/css-fonts-5/#font-metrics-override-desc); metrics are percentages of the adjusted size.
    """
    seen: set[FontFace] = set()
    for subset in subsets:
        if subset.face in seen or not (metrics := font_metrics(subset.file)):
            continue
        seen.add(subset.face)
        for local in (name for name in split_css_font_stack(fallbacks) if name in LOCAL_FONT_WIDTHS):
            yield _font_face_rule(subset.face, local, metrics)


def _font_face_rule(face: FontFace, local: str, metrics: tuple[float, ...]) -> str:
    width, ascent, descent, gap = metrics
    bold, italic = face.weight >= 600, face.style == "italic"
    shape = bold * 2 + italic
    adjust = width / LOCAL_FONT_WIDTHS[local][shape]
    full_name = local + (OBLIQUE_SUFFIXES if "Sans" in local and "DejaVu" in local else STYLE_SUFFIXES)[shape]
    return (
        f'@font-face {{ font-family: "{fallback_family_name(face.family, local)}"; font-style: {face.style}; '
        f"font-weight: {'600 700' if bold else '400'}; "
        f'src: local("{full_name}"), local("{_postscript_name(full_name)}"); '
        f"size-adjust: {adjust:.2%}; ascent-override: {ascent / adjust:.2%}; "
        f"descent-override: {descent / adjust:.2%}; line-gap-override: {gap / adjust:.2%}; }}"
    )


def _postscript_name(full_name: str) -> str:
    """Return the PostScript name of a font, which some systems look fonts up by.

    >>> _postscript_name("DejaVu Serif Bold Italic")
    'DejaVuSerif-BoldItalic'
    """
    family, shape = re.fullmatch(r"(.*?)((?: Bold)?(?: Italic| Oblique)?)", full_name).groups()  # type: ignore[union-attr]
    return family.replace(" ", "") + (f"-{shape.replace(' ', '')}" if shape else "")


@cache
def font_metrics(path: Path) -> tuple[float, ...]:
    """Return a font's mean character width, ascent, descent and line gap in em.

    Empty if it lacks basic letters.
    """
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        glyphs, advances, size = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        if any(ord(char) not in glyphs for char in LETTER_FREQUENCIES):
            return ()
        total = sum(advances[glyphs[ord(char)]][0] * weight for char, weight in LETTER_FREQUENCIES.items())
        return tuple(value / size for value in (total / sum(LETTER_FREQUENCIES.values()), *_vertical_metrics(font)))


def _vertical_metrics(font: TTFont) -> tuple[int, int, int]:
    """Return a font's ascent, descent and line gap, as browsers compute them."""
    os2, hhea = font["OS/2"], font["hhea"]
    if os2.version >= 4 and os2.fsSelection & 1 << 7:
        return os2.sTypoAscender, -os2.sTypoDescender, os2.sTypoLineGap
    return hhea.ascent, -hhea.descent, hhea.lineGap
