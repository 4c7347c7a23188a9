"""Faces on readers' machines, fitted to those of the book: what stands on a page until its faces come takes the same room."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from oerbook.theming.fonts import Face, Subset

# How often signs stand in running text, in thousands: English, near enough for its neighbours.
OFTEN = {" ": 180, "e": 103, "t": 74, "a": 65, "o": 62, "i": 57, "n": 57, "s": 52, "h": 50, "r": 49, "l": 33, "d": 33, "u": 23,
         "c": 22, "m": 20, "f": 19, "w": 17, "g": 16, "p": 15, "y": 14, "b": 13, "v": 8, "k": 6, ",": 7, ".": 7}  # fmt: skip
STYLES = ("", " Italic", " Bold", " Bold Italic")
SLANTED = ("", " Oblique", " Bold", " Bold Oblique")
# The mean width of a sign in em, weighted as above: upright, italic, bold, bold italic. Measured on the faces themselves or on
# those that were drawn to the same widths: Gelasio for Georgia, Tinos for Times New Roman, Arimo for Arial, Cousine for Courier.
TIMES, ARIAL, COURIER = (0.3968, 0.3985, 0.4221, 0.4083), (0.4381, 0.4381, 0.4735, 0.4735), (0.6001,) * 4
WIDTHS = {
    "Georgia": (0.4359, 0.4446, 0.508, 0.5179),
    "Noto Serif": (0.4745, 0.4606, 0.5038, 0.5084),
    "Times New Roman": TIMES,
    "Liberation Serif": TIMES,
    "DejaVu Serif": (0.5083, 0.5083, 0.5615, 0.5615),
    "Arial": ARIAL,
    "Helvetica": ARIAL,
    "Liberation Sans": ARIAL,
    "Roboto": (0.4389, 0.4266, 0.4452, 0.4327),
    "DejaVu Sans": (0.503, 0.503, 0.5684, 0.5684),
    "Courier New": COURIER,
    "Liberation Mono": COURIER,
    "DejaVu Sans Mono": (0.6021,) * 4,
}


def names(stack: str) -> list[str]:
    """Return the families of a stack.

    >>> names('"Noto Serif", Georgia, serif')
    ['Noto Serif', 'Georgia', 'serif']
    """
    return [name.strip().strip("\"'") for name in stack.split(",") if name.strip()]


def fitted_name(family: str, local: str) -> str:
    """Return the name under which a face of the reader's stands in for one of the book."""
    return f"{family} as {local}"


def stack(family: str, beside: str) -> str:
    """Return the families that a text asks for: the book's own, then those beside it, fitted where their widths are known.

    >>> stack("Source Serif Pro", 'Georgia, "Iowan Old Style", serif')
    '"Source Serif Pro", "Source Serif Pro as Georgia", Georgia, "Iowan Old Style", serif'
    """
    fitted = [f'"{fitted_name(family, name)}"' for name in names(beside) if name in WIDTHS]
    return ", ".join([f'"{family}"', *fitted, beside])


def fitted(pieces: Sequence[Subset], beside: str) -> Iterator[str]:
    """Yield a rule for each face of a family and each family beside it whose widths are known.

    `size-adjust` makes lines as long as with the book's face, the overrides make them as high
    (https://drafts.csswg.org/css-fonts-5/#font-metrics-override-desc); percentages of metrics are of the adjusted size.
    """
    seen: set[Face] = set()
    for piece in pieces:
        if piece.face in seen or not (room := measures(piece.file)):
            continue
        seen.add(piece.face)
        for local in (name for name in names(beside) if name in WIDTHS):
            yield _rule(piece.face, local, room)


def _rule(face: Face, local: str, room: tuple[float, ...]) -> str:
    width, ascent, descent, gap = room
    bold, slanted = face.weight >= 600, face.style == "italic"
    shape = bold * 2 + slanted
    adjust = width / WIDTHS[local][shape]
    full = local + (SLANTED if "Sans" in local and "DejaVu" in local else STYLES)[shape]
    return (
        f'@font-face {{ font-family: "{fitted_name(face.family, local)}"; font-style: {face.style}; '
        f'font-weight: {"600 700" if bold else "400"}; src: local("{full}"), local("{_postscript(full)}"); '
        f"size-adjust: {adjust:.2%}; ascent-override: {ascent / adjust:.2%}; "
        f"descent-override: {descent / adjust:.2%}; line-gap-override: {gap / adjust:.2%}; }}"
    )


def _postscript(full: str) -> str:
    """Return the name that some systems know a face by.

    >>> _postscript("DejaVu Serif Bold Italic")
    'DejaVuSerif-BoldItalic'
    """
    family, shape = re.fullmatch(r"(.*?)((?: Bold)?(?: Italic| Oblique)?)", full).groups()  # type: ignore[union-attr]
    return family.replace(" ", "") + (f"-{shape.replace(' ', '')}" if shape else "")


@cache
def measures(path: Path) -> tuple[float, ...]:
    """Return the mean width of a face's signs, its ascent, descent and line gap, in em; nothing when it lacks letters."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        glyphs, advances, size = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        if any(ord(sign) not in glyphs for sign in OFTEN):
            return ()
        width = sum(advances[glyphs[ord(sign)]][0] * often for sign, often in OFTEN.items()) / sum(OFTEN.values())
        return tuple(value / size for value in (width, *_heights(font)))


def _heights(font: Any) -> tuple[int, int, int]:
    """Return a font's ascent, descent and line gap, as browsers take them."""
    high, line = font["OS/2"], font["hhea"]
    if high.version >= 4 and high.fsSelection & 1 << 7:
        return high.sTypoAscender, -high.sTypoDescender, high.sTypoLineGap
    return line.ascent, -line.descent, line.lineGap
