"""Figures that leave a page half empty change places with the paragraphs behind them, as a compositor would move them.

Typst 0.15 can float figures itself, but what cannot be divided (code, boxes) then runs into them. So the book is set, the
figures that were pushed to a new page are looked for, each is moved behind paragraphs that fill the gap, and what comes of
it is kept only where the gap got smaller. A figure has a number by which the text calls it, and never leaves its chapter; one
that nothing may pass is made a little smaller if it fits then, and at last it may pass one heading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from oerbook.formats.pdf.block_runs import FIGURE, LISTS, Block, Unit, markup_of, units, words_of
from oerbook.manuscript import pandoc_ast

MOST_TURNS = 9  # times that the book is set to find the gaps
GAP = 0.12  # of the height of the text: a smaller gap is left
LINE_OF_LETTERS = 70
LEAST = 0.75  # of its size: a picture is not made smaller than that
SPACE, CAPTION = 2.2, 2.0  # lines: above a figure, and below its picture
NEAR = 0.9  # of the height of the text: a figure is not moved behind more text than that
POINTS_BACK = re.compile(r"\b(above|oben|obig\w*|ci-dessus|arriba|hierboven|acima|sopra)\b", re.I)
ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
CLOSING = " \n\"'”“’‘»«)」』）】"  # may stand behind the end of a sentence
SIZES = ("foot", "high", "line", "tall")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a mark came to stand: its name, page, and points from the top.

    In points, too: the foot and the height of the text on a page, the height of a line and that of the figure.
    """

    name: str
    page: int
    y: float
    foot: float = 0.0
    high: float = 0.0
    line: float = 0.0
    tall: float = 0.0


def by_section(told: Iterable[Any]) -> list[list[Spot]]:
    """Return the marks of each section from what Typst told of all; a mark without a value ends a section."""
    found: list[list[Spot]] = [[]]
    for value in told:
        if value is None:
            found.append([])
        else:
            y, *sizes = (float(str(v).removesuffix("pt")) for v in (value["at"]["y"], *map(value.get, SIZES)))
            found[-1].append(Spot(value["name"], int(value["at"]["page"]), y, *sizes))
    return found[:-1]


def any_figure(blocks: Sequence[Block]) -> bool:
    """Say whether a section has a figure that may be moved."""
    return any(unit.kind == "figure" for unit in units(blocks))


def marked(blocks: Sequence[Block]) -> list[Block]:
    """Return a section with marks: at the start of each figure that may be moved, and where the text before it ends."""
    made = list(blocks)
    listed = units(blocks)
    for place, unit in enumerate(listed):
        if unit.kind != "figure":
            continue
        name = str(place)
        for at in range(unit.start, unit.end):
            if FIGURE.match(markup_of(blocks[at])):
                made[at] = pandoc_ast.raw_block(
                    "typst", markup_of(blocks[at]).replace(")[", f", spot: {pandoc_ast.quoted(name)})[")
                )
                break
        before = _text_before(listed, place)
        if before is not None:
            last = made[listed[before].end - 1]
            made[listed[before].end - 1] = _ending(last, f"#oer-spot({pandoc_ast.quoted(f'{name}<')})")
    return made


def _ending(block: Block, mark: str) -> Block:
    """Return a paragraph, or a list, with a mark behind its last word; a list that ends otherwise is returned as it is."""
    content = block["c"]
    if block["t"] in ("Para", "Plain"):
        return {**block, "c": [*content, {"t": "RawInline", "c": ["typst", mark]}]}
    items = content[1] if block["t"] == "OrderedList" else content
    if block["t"] not in LISTS or not items[-1]:
        return block
    ended = [*items[:-1], [*items[-1][:-1], _ending(items[-1][-1], mark)]]
    return {**block, "c": [content[0], ended] if block["t"] == "OrderedList" else ended}


def _text_before(listed: Sequence[Unit], place: int) -> int | None:
    """Return the paragraph or list before a figure, over code, formulas and headings, None where something else is between."""
    for before in range(place - 1, -1, -1):
        if listed[before].kind in ("text", "list"):
            return before
        if listed[before].kind not in ("code", "equation", "heading"):
            return None
    return None


def gaps(blocks: Sequence[Block], spots: Iterable[Spot]) -> dict[int, float]:
    """Return what each figure that was pushed to a new page left empty, in shares of the height of the text, by its place."""
    listed, known = units(blocks), {spot.name: spot for spot in spots}
    found = {}
    for place, unit in enumerate(listed):
        here, above = known.get(str(place)), known.get(f"{place}<")
        if unit.kind != "figure" or here is None or above is None or here.page != above.page + 1:
            continue
        before = _text_before(listed, place)
        between = listed[before + 1 : place] if before is not None else []
        used = sum(_height(blocks, one, here) for one in between)
        gap = (here.foot - above.y - used) / here.high
        if gap > GAP:
            found[place] = gap
    return found


def _height(blocks: Sequence[Block], unit: Unit, spot: Spot) -> float:
    """Return about how high a run of blocks is set, in points."""
    if unit.kind == "equation":
        return 3 * spot.line
    if unit.kind == "code":
        return (str(blocks[unit.end - 1]["c"][1]).count("\n") + 3) * 0.9 * spot.line
    if unit.kind == "heading":
        return 3.5 * spot.line
    words = words_of(blocks[unit.end - 1]["c"])
    letters = len(words) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in words)  # these are twice as wide
    return (-(-letters // LINE_OF_LETTERS) + 0.2) * spot.line


def moved(
    blocks: Sequence[Block], place: int, gap: float, spot: Spot, *, headings: int = 0
) -> tuple[list[Block], int] | None:
    """Return a section in which a figure stands behind so much text as fills its gap, and the figure's new place.

    It passes `headings` at the utmost, and comes to stand behind a paragraph that ends with a sentence. None when nothing
    that follows may stand before it, or when the words before it end with a colon.
    """
    listed = units(blocks)
    figure, filled, best = listed[place], 0.0, 0
    before = blocks[listed[place - 1].end - 1] if place and listed[place - 1].kind == "text" else {}
    if words_of(before.get("c")).rstrip().endswith((":", "：")):
        return None
    for later in range(place + 1, len(listed)):
        unit = listed[later]
        words = words_of(blocks[unit.end - 1].get("c"))
        headings -= unit.kind == "heading"
        if unit.kind in ("code", "figure", "other") or headings < 0 or POINTS_BACK.search(words):
            break
        filled += _height(blocks, unit, spot) / spot.high
        if filled > NEAR:
            break
        goes_on = later + 1 < len(listed) and listed[later + 1].kind in ("equation", "code", "list")
        if unit.kind == "text" and words.rstrip(CLOSING).endswith(ENDS) and not goes_on:
            best = later
            if filled >= gap - 1.5 * spot.line / spot.high:
                break
    if not best:
        return None
    behind = listed[best].end
    own = blocks[figure.start : figure.end]
    return [*blocks[: figure.start], *blocks[figure.end : behind], *own, *blocks[behind:]], best


def shrunk(blocks: Sequence[Block], place: int, gap: float, spot: Spot) -> tuple[list[Block], int] | None:
    """Return a section in which a figure's picture is a little smaller, so that it fits into its gap, and its place.

    None when that would take too much, or when the figure is more than one picture.
    """
    unit = units(blocks)[place]
    pictures = [
        (at, number)
        for at in range(unit.start, unit.end)
        if blocks[at]["t"] in ("Para", "Plain")
        for number, one in enumerate(blocks[at]["c"])
        if one["t"] == "RawInline" and str(one["c"][1]).startswith("#oer-image(")
    ]
    room = gap * spot.high - (spot.tall - _picture(spot)) - SPACE * spot.line
    if len(pictures) != 1 or not LEAST * _picture(spot) <= room < _picture(spot):
        return None
    at, number = pictures[0]
    call = str(blocks[at]["c"][number]["c"][1]).replace("#oer-image(", f"#oer-image(most: {room / spot.high:.3f}, ", 1)
    inlines = [*blocks[at]["c"]]
    inlines[number] = {"t": "RawInline", "c": ["typst", call]}
    return [*blocks[:at], {**blocks[at], "c": inlines}, *blocks[at + 1 :]], place


def _picture(spot: Spot) -> float:
    """Return about how high the picture of a figure is, in points: the caption has its lines below it."""
    return spot.tall - CAPTION * spot.line


class Section:
    """A section on its way: the order that its blocks have, the order that is tried, and the best that was met."""

    def __init__(self, blocks: list[Block]) -> None:
        self.best = blocks
        self._least = float("inf")  # all gaps of the best order
        self._now = blocks
        self._trial: tuple[list[Block], int] | None = None  # an order, and the new place of the figure that it moves
        self._found: dict[int, float] = {}
        self._spots: dict[str, Spot] = {}
        self._looked = 0  # figures before this place were looked at
        self._over = False  # nothing is left to try

    @property
    def shown(self) -> list[Block]:
        """Return the order that is to be set."""
        return self._trial[0] if self._trial else self._now

    def look(self, spots: Iterable[Spot]) -> bool:
        """Keep what was tried if the gaps so far got smaller, and try the next move; say whether there is one.

        A gap that opens further on is looked at in its turn. Once nothing is left to try, nothing is.
        """
        if self._over:
            return False
        known = {spot.name: spot for spot in spots}
        found = gaps(self.shown, known.values())
        if sum(found.values()) < self._least:
            self.best, self._least = self.shown, sum(found.values())
        last = self._trial[1] if self._trial else len(self._now)
        if self._trial is None or _upto(last, found) < _upto(last, self._found) - GAP / 3:
            self._looked = last + 1 if self._trial else 0
            self._now, self._found, self._spots = self.shown, found, known
        self._trial = None
        for place, gap in sorted(self._found.items()):
            if place < self._looked:
                continue
            self._looked = place + 1
            given = (self._now, place, gap, self._spots[str(place)])
            self._trial = moved(*given) or shrunk(*given) or moved(*given, headings=1)
            if self._trial is not None:
                return True
        self._over = True
        return False


def _upto(last: int, found: dict[int, float]) -> float:
    return sum(gap for place, gap in found.items() if place <= last)
