"""Move figures that leave a page half empty behind the paragraphs after them.

Typst 0.15 can float figures itself, but content that cannot break (code, boxes) then overlaps them. So the book is
compiled, figures that were pushed to a new page are found, each is moved behind paragraphs that fill the gap, and the
move is kept only if the gaps get smaller. A figure has a number by which the text refers to it, and never leaves its
chapter. If nothing may be moved before it, its image is shrunk a little if it fits then; at last it may pass one
heading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oerbook.formats.pdf.block_runs import (
    FIGURE_CALL,
    LIST_ELEMENT_TYPES,
    BlockRun,
    markup_of_raw_block,
    plain_text,
    split_runs,
)
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

MAX_LAYOUT_PASSES = 9  # times that the book is compiled to find the gaps
MIN_GAP_SHARE = 0.12  # of the text height: smaller gaps are left
CHARS_PER_LINE = 70  # characters per line of text
MIN_IMAGE_SCALE = 0.75  # of its size: images are not shrunk further
FIGURE_SPACE_LINES, CAPTION_LINES = 2.2, 2.0  # lines: above a figure, and below its image
MAX_MOVED_SHARE = 0.9  # of the text height: figures are not moved behind more text than that
WORD_FOR_ABOVE = re.compile(r"\b(above|oben|obig\w*|ci-dessus|arriba|hierboven|acima|sopra)\b", re.I)
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
CLOSING_CHARS = " \n\"'”“’‘»«)」』）】"  # allowed after the end of a sentence
TYPST_MARK_KEYS = ("foot", "high", "line", "tall")  # keys of a mark's value in Typst, in the order of the fields below


@dataclass(frozen=True, slots=True)
class MarkPosition:
    """The position of a mark: its name, page, and distance from the top in points.

    Also in points: where the text ends on a page, the height of the text, of a line and of the figure.
    """

    name: str
    page: int
    y: float
    text_bottom: float = 0.0
    text_height: float = 0.0
    line_height: float = 0.0
    figure_height: float = 0.0


MovedFigure = tuple[list[Block], int]  # the blocks of a section after a move, and the figure's new index among its runs


def positions_by_section(values: Iterable[Json]) -> list[list[MarkPosition]]:
    """Return the positions of the marks by section from Typst's metadata.

    None ends a section.
    """
    sections: list[list[MarkPosition]] = [[]]
    for value in values:
        if value is None:
            sections.append([])
        else:
            y, *sizes = (float(str(v).removesuffix("pt")) for v in (value["at"]["y"], *map(value.get, TYPST_MARK_KEYS)))
            sections[-1].append(MarkPosition(value["name"], int(value["at"]["page"]), y, *sizes))
    return sections[:-1]


def has_movable_figure(blocks: Sequence[Block]) -> bool:
    """Return whether a section has a figure that may be moved."""
    return any(run.kind == "figure" for run in split_runs(blocks))


def add_marks(blocks: Sequence[Block]) -> list[Block]:
    """Return a section with marks at movable figures and the ends of text before.

    The marks are named after the figure's index among the runs: "3" at its start, "3<" at the end of the text before.
    """
    with_marks = list(blocks)
    runs = split_runs(blocks)
    for index, run in enumerate(runs):
        if run.kind != "figure":
            continue
        figure = next((i for i in range(run.start, run.end) if FIGURE_CALL.match(markup_of_raw_block(blocks[i]))), None)
        if figure is not None:
            call = markup_of_raw_block(blocks[figure]).replace(")[", f", spot: {pandoc_ast.typst_string(str(index))})[")
            with_marks[figure] = pandoc_ast.raw_block("typst", call)
        before = _text_before(runs, index)
        if before is not None:
            last = runs[before].end - 1
            with_marks[last] = _append_mark(with_marks[last], f"#oer-spot({pandoc_ast.typst_string(f'{index}<')})")
    return with_marks


def _append_mark(block: Block, mark: str) -> Block:
    """Return a paragraph or list with a mark after its last word.

    A list that ends otherwise is returned as it is.
    """
    content = block["c"]
    if block["t"] in ("Para", "Plain"):
        return {**block, "c": [*content, {"t": "RawInline", "c": ["typst", mark]}]}
    items = content[1] if block["t"] == "OrderedList" else content
    if block["t"] not in LIST_ELEMENT_TYPES or not items[-1]:
        return block
    marked_items = [*items[:-1], [*items[-1][:-1], _append_mark(items[-1][-1], mark)]]
    return {**block, "c": [content[0], marked_items] if block["t"] == "OrderedList" else marked_items}


def _text_before(runs: Sequence[BlockRun], index: int) -> int | None:
    """Return the index of the text or list before a figure, or None.

    Code, formulas and headings may be between them.
    """
    for before in range(index - 1, -1, -1):
        if runs[before].kind in ("text", "list"):
            return before
        if runs[before].kind not in ("code", "equation", "heading"):
            return None
    return None


def find_page_gaps(blocks: Sequence[Block], spots: Iterable[MarkPosition]) -> dict[int, float]:
    """Return the gaps left by figures pushed to a new page.

    Maps run indexes to shares of the text height.
    """
    runs, spot_by_name = split_runs(blocks), {spot.name: spot for spot in spots}
    found = {}
    for index, run in enumerate(runs):
        figure, text_end = spot_by_name.get(str(index)), spot_by_name.get(f"{index}<")
        if run.kind != "figure" or figure is None or text_end is None or figure.page != text_end.page + 1:
            continue
        before = _text_before(runs, index)
        between = runs[before + 1 : index] if before is not None else []
        used = sum(_height(blocks, other, figure) for other in between)
        gap = (figure.text_bottom - text_end.y - used) / figure.text_height
        if gap > MIN_GAP_SHARE:
            found[index] = gap
    return found


def _height(blocks: Sequence[Block], run: BlockRun, spot: MarkPosition) -> float:
    """Return the estimated height of a run of blocks in points."""
    if run.kind == "equation":
        return 3 * spot.line_height
    if run.kind == "code":
        return (str(blocks[run.end - 1]["c"][1]).count("\n") + 3) * 0.9 * spot.line_height
    if run.kind == "heading":
        return 3.5 * spot.line_height
    text = plain_text(blocks[run.end - 1]["c"])
    width = len(text) + sum(unicodedata.east_asian_width(char) in "WF" for char in text)  # these are twice as wide
    return (-(-width // CHARS_PER_LINE) + 0.2) * spot.line_height


def move_figure(
    blocks: Sequence[Block], index: int, gap: float, spot: MarkPosition, *, headings: int = 0
) -> MovedFigure | None:
    """Return a section with a figure moved behind text that fills its gap.

    The second value is the figure's new run index.

    The figure passes at most `headings` headings, and is placed after a paragraph that ends with a sentence. None if
    nothing that follows may come before it, or if a colon in the text before it announces it.
    """
    runs = split_runs(blocks)
    before = blocks[runs[index - 1].end - 1] if index and runs[index - 1].kind == "text" else {}
    if plain_text(before.get("c")).rstrip().endswith((":", "：")):
        return None
    new_index = _new_index(blocks, index, gap, spot, headings)
    if not new_index:
        return None
    figure, end = runs[index], runs[new_index].end
    own = blocks[figure.start : figure.end]
    return [*blocks[: figure.start], *blocks[figure.end : end], *own, *blocks[end:]], new_index


def _new_index(blocks: Sequence[Block], index: int, gap: float, spot: MarkPosition, headings: int) -> int:
    """Return the index of the run that a figure is moved behind, 0 if there is none."""
    runs = split_runs(blocks)
    filled, best = 0.0, 0
    for later in range(index + 1, len(runs)):
        run = runs[later]
        text = plain_text(blocks[run.end - 1].get("c"))
        headings -= run.kind == "heading"
        if run.kind in ("code", "figure", "other") or headings < 0 or WORD_FOR_ABOVE.search(text):
            break
        filled += _height(blocks, run, spot) / spot.text_height
        if filled > MAX_MOVED_SHARE:
            break
        continues = later + 1 < len(runs) and runs[later + 1].kind in ("equation", "code", "list")
        if run.kind == "text" and text.rstrip(CLOSING_CHARS).endswith(SENTENCE_ENDS) and not continues:
            best = later
            if filled >= gap - 1.5 * spot.line_height / spot.text_height:
                break
    return best


def shrink_figure(blocks: Sequence[Block], index: int, gap: float, spot: MarkPosition) -> MovedFigure | None:
    """Return a section with a figure's image shrunk to fit its gap.

    The second value is the figure's run index.

    None if it would have to shrink too much, or if the figure has several images.
    """
    images = _images(blocks, split_runs(blocks)[index])
    available = (
        gap * spot.text_height - (spot.figure_height - _image_height(spot)) - FIGURE_SPACE_LINES * spot.line_height
    )
    if len(images) != 1 or not MIN_IMAGE_SCALE * _image_height(spot) <= available < _image_height(spot):
        return None
    paragraph, position = images[0]
    inlines = [*blocks[paragraph]["c"]]
    limit = f"#oer-image(most: {available / spot.text_height:.3f}, "
    call = str(inlines[position]["c"][1]).replace("#oer-image(", limit, 1)
    inlines[position] = {"t": "RawInline", "c": ["typst", call]}
    return [*blocks[:paragraph], {**blocks[paragraph], "c": inlines}, *blocks[paragraph + 1 :]], index


def _images(blocks: Sequence[Block], run: BlockRun) -> list[tuple[int, int]]:
    """Return the images of a figure: index of the paragraph and of the inline."""
    return [
        (paragraph, position)
        for paragraph in range(run.start, run.end)
        if blocks[paragraph]["t"] in ("Para", "Plain")
        for position, inline in enumerate(blocks[paragraph]["c"])
        if inline["t"] == "RawInline" and str(inline["c"][1]).startswith("#oer-image(")
    ]


def _image_height(spot: MarkPosition) -> float:
    """Return the estimated height of a figure without its caption, in points."""
    return spot.figure_height - CAPTION_LINES * spot.line_height


class SectionLayout:
    """The layout of a section: current order, the move on trial, the best order."""

    def __init__(self, blocks: list[Block]) -> None:
        self.best_blocks = blocks
        self._best_gaps = float("inf")  # sum of all gaps in the best order
        self._current = blocks
        self._trial: MovedFigure | None = None
        self._gaps: dict[int, float] = {}  # of the current order
        self._spots: dict[str, MarkPosition] = {}
        self._next = 0  # index of the first run that was not tried yet
        self._finished = False

    @property
    def current_blocks(self) -> list[Block]:
        """The order to compile next."""
        return self._trial[0] if self._trial else self._current

    def try_next(self, spots: Iterable[MarkPosition]) -> bool:
        """Accept the trial if gaps got smaller; return whether there is a next one.

        `spots` are the positions of the marks in the order that was compiled. Gaps that open after the figure are
        handled in their turn.
        """
        if self._finished:
            return False
        spot_by_name = {spot.name: spot for spot in spots}
        found = find_page_gaps(self.current_blocks, spot_by_name.values())
        if sum(found.values()) < self._best_gaps:
            self.best_blocks, self._best_gaps = self.current_blocks, sum(found.values())
        last = self._trial[1] if self._trial else len(self._current)
        if self._trial is None or _sum_up_to(last, found) < _sum_up_to(last, self._gaps) - MIN_GAP_SHARE / 3:
            self._next = last + 1 if self._trial else 0
            self._current, self._gaps, self._spots = self.current_blocks, found, spot_by_name
        self._trial = self._next_trial()
        self._finished = self._trial is None
        return not self._finished

    def _next_trial(self) -> MovedFigure | None:
        for index, gap in sorted(self._gaps.items()):
            if index < self._next:
                continue
            self._next = index + 1
            figure = (self._current, index, gap, self._spots[str(index)])
            trial = move_figure(*figure) or shrink_figure(*figure) or move_figure(*figure, headings=1)
            if trial is not None:
                return trial
        return None


def _sum_up_to(last: int, found: dict[int, float]) -> float:
    return sum(gap for index, gap in found.items() if index <= last)
