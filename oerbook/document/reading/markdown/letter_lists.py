"""Read lists by letters and Roman numerals: `a.`, `b)`, `(iii)`, by `(1)` and by `#.`, which counts by itself.

CommonMark knows numbers only. Before a page is parsed into blocks, the markers of such lists are replaced by numbers of
the same length, so that the list rule of markdown-it reads them and no position moves. A line counts as an item only
inside a paragraph and only if another item of the same list follows or precedes it: `(a) is true` alone stays text.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

LINE_PREFIX = r"(?P<prefix>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)"
LIST_MARKER = re.compile(
    LINE_PREFIX
    + r"(?P<marker>\((?P<inner>[A-Za-z]|[ivxIVX]{1,6}|\d{1,3})\)|(?P<bare>[A-Za-z]|[ivxIVX]{1,6}|#)[.)])(?=[ \t]+\S)"
)
MAYBE_LETTER_LIST = re.compile(r"^[ \t>*+\-\d.)]*(?:\(?(?:[A-Za-z]|[ivxIVX]{1,6}|#)[.)]|\(\d{1,3}\))[ \t]", re.M)
OTHER_DELIMITER = {")": ".", ".": ")"}
MAX_PARSE_ATTEMPTS = 4  # to read a list apart from its neighbours
MAX_COUNTED_ITEMS = 200  # items of a list by `#.`
ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class PossibleListItem:
    """A line that may start an item: its readings are (style, number) pairs."""

    line: int
    column: int  # of the marker
    marker: str
    readings: tuple[tuple[str, int], ...]

    @property
    def delimiters(self) -> str:
        """Return the punctuation of the marker: ".", ")" or "()"."""
        return "()" if self.marker.startswith("(") else self.marker[-1]


@dataclass(frozen=True, slots=True)
class ListMarker:
    """A marker as read: `(b)` has the style lower-alpha, the delimiters (), number 2."""

    column: int
    length: int
    style: str
    delimiters: str
    number: int
    group: int  # the list to which the item belongs


def parse_roman_number(text: str) -> int:
    """Return the value of a Roman numeral up to 39 in lower case, 0 if it is none.

    >>> [parse_roman_number(text) for text in ("iv", "ix", "xii", "iiv", "vv")]
    [4, 9, 12, 0, 0]
    """
    if not re.fullmatch(r"x{0,3}(?:ix|iv|v?i{0,3})", text) or not text:
        return 0
    values = [ROMAN_DIGITS[char] for char in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _readings(text: str) -> tuple[tuple[str, int], ...]:
    if text == "#":
        return tuple(("decimal", number) for number in range(1, MAX_COUNTED_ITEMS + 1))
    if text.isdigit():
        return (("decimal", int(text)),)
    case = "lower" if text.islower() else "upper" if text.isupper() else ""
    readings = []
    if case and (roman := parse_roman_number(text.lower())):
        readings.append((f"{case}-roman", roman))
    if case and len(text) == 1:
        readings.append((f"{case}-alpha", ord(text.lower()) - ord("a") + 1))
    return tuple(readings)


def replace_list_markers(state: StateCore) -> None:
    """Replace the markers of lists by letters before blocks are parsed."""
    if not MAYBE_LETTER_LIST.search(state.src):
        return
    lines = state.src.split("\n")
    markers = _markers(lines, _paragraph_lines(_parse(state, state.src)))
    delimiters = dict.fromkeys((marker.group for marker in markers.values()), ")")
    attempts: Counter[int] = Counter()
    while markers:
        text = _with_numbers(lines, markers, delimiters)
        corrections = _corrections(_parse(state, text), markers, delimiters)
        if not corrections:
            state.src = text
            state.env["oerbook_letter_lists"] = (markers, delimiters)
            return
        attempts.update(list(corrections))
        delimiters |= corrections
        markers = {line: marker for line, marker in markers.items() if attempts[marker.group] < MAX_PARSE_ATTEMPTS}


def set_list_styles(state: StateCore) -> None:
    """Give the lists their styles after blocks are parsed."""
    markers, delimiters = state.env.pop("oerbook_letter_lists", ({}, {}))
    for opening, items in _lists(state.tokens):
        marker = _marker_of(items[0], markers, delimiters) if items else None
        if marker:
            opening.attrs["style"] = marker.style
            opening.attrs["delimiters"] = marker.delimiters
            opening.attrs.pop("start", None)
            if marker.number > 1:
                opening.attrs["start"] = marker.number


def _parse(state: StateCore, text: str) -> list[Token]:
    """Return the blocks of a text; definitions in it are not remembered."""
    tokens: list[Token] = []
    state.md.block.parse(text, state.md, {}, tokens)
    return tokens


def _paragraph_lines(tokens: Sequence[Token]) -> set[int]:
    return {
        line
        for before, token in itertools.pairwise(tokens)
        if before.type == "paragraph_open" and token.map
        for line in range(*token.map)
    }


def _markers(lines: Sequence[str], paragraph_lines: set[int]) -> dict[int, ListMarker]:
    """Return the markers of all lists by line: runs of at least two items."""
    markers: dict[int, ListMarker] = {}
    open_runs: list[list[PossibleListItem]] = []
    runs: list[list[PossibleListItem]] = []
    for number, line in enumerate(lines):
        item = _item(number, line) if number in paragraph_lines else None
        indent = len(line) - len(line.lstrip(" \t>"))
        if line.strip(" \t>") and not item and number not in paragraph_lines:
            open_runs = [run for run in open_runs if run[0].column < indent]
        if line.strip(" \t>") and number in paragraph_lines and number - 1 not in paragraph_lines and not item:
            open_runs = [run for run in open_runs if run[0].column < indent]
        if item:
            own = next((run for run in open_runs if _continues(run, item, lines)), None)
            open_runs = [run for run in open_runs if run is own or run[0].column < item.column]
            if own is None:
                own = []
                runs.append(own)
                open_runs.append(own)
            own.append(item)
    for group, run in enumerate(runs):
        style = _style(run)
        if len(run) > 1 and style and _is_plausible(run, style):
            first = next(number for name, number in run[0].readings if name == style)
            for number, item in enumerate(run, start=first):
                markers[item.line] = ListMarker(item.column, len(item.marker), style, item.delimiters, number, group)
    return markers


def _item(number: int, line: str) -> PossibleListItem | None:
    match = LIST_MARKER.match(line)
    readings = _readings(match["inner"] or match["bare"]) if match else ()
    return PossibleListItem(number, match.start("marker"), match["marker"], readings) if match and readings else None


def _continues(run: Sequence[PossibleListItem], item: PossibleListItem, lines: Sequence[str]) -> bool:
    """Say whether a line is the next item of a run."""
    if run[0].column != item.column or run[0].delimiters != item.delimiters:
        return False
    if lines[item.line][: item.column].strip(" \t>"):  # after a bullet or a number of its own
        return False
    return bool(_style([*run, item]))


def _style(run: Sequence[PossibleListItem]) -> str:
    """Return the style in which the items count up one by one, or ""."""
    for style, first in run[0].readings:
        if all((style, first + offset) in item.readings for offset, item in enumerate(run)):
            return style
    return ""


def _is_plausible(run: Sequence[PossibleListItem], style: str) -> bool:
    """Exclude initials of names: capitals with a full stop start at A or I."""
    return not (style.startswith("upper") and run[0].delimiters == "." and dict(run[0].readings)[style] != 1)


def _with_numbers(lines: Sequence[str], markers: dict[int, ListMarker], delimiters: dict[int, str]) -> str:
    result = list(lines)
    for number, marker in markers.items():
        line = lines[number]
        end = marker.column + marker.length
        result[number] = f"{line[: marker.column]}{_digits(marker)}{delimiters[marker.group]}{line[end:]}"
    return "\n".join(result)


def _digits(marker: ListMarker) -> str:
    """Return a number that fills the marker's place up to its delimiter."""
    return "1".zfill(marker.length - 1)


def _lists(tokens: Sequence[Token]) -> Iterator[tuple[Token, list[Token]]]:
    """Yield the ordered lists with their items, inner lists first."""
    open_lists: list[tuple[Token, list[Token]]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            open_lists.append((token, []))
        elif token.type == "list_item_open":
            open_lists[-1][1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            opening, items = open_lists.pop()
            if opening.type == "ordered_list_open":
                yield opening, items


def _marker_of(item: Token, markers: dict[int, ListMarker], delimiters: dict[int, str]) -> ListMarker | None:
    marker = markers.get(item.map[0]) if item.map else None
    if marker and (item.info, item.markup) == (_digits(marker), delimiters[marker.group]):
        return marker
    return None


def _corrections(tokens: Sequence[Token], markers: dict[int, ListMarker], delimiters: dict[int, str]) -> dict[int, str]:
    """Return other delimiters for groups that were read as one list with other items."""
    unread = set(markers)
    corrections: dict[int, str] = {}
    for _opening, items in _lists(tokens):
        own = [_marker_of(item, markers, delimiters) for item in items]
        groups = list(dict.fromkeys(marker.group for marker in own if marker))
        unread -= {item.map[0] for item, marker in zip(items, own, strict=True) if marker and item.map}
        if groups and (None in own or len(groups) > 1):
            mark = OTHER_DELIMITER[items[0].markup] if None in own else items[0].markup
            for group in groups:
                corrections.setdefault(group, mark)
                mark = OTHER_DELIMITER[corrections[group]]
    return {**corrections, **{markers[line].group: "." for line in unread}}


def add_letter_lists(parser: MarkdownIt) -> None:
    """Add the rules to a parser."""
    parser.core.ruler.before("block", "letter_list_markers", replace_list_markers)
    parser.core.ruler.after("block", "letter_list_styles", set_list_styles)
