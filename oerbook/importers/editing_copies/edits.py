"""Apply the edits of a copy to the source: changed words change, all others stay as they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from oerbook.importers.editing_copies.edit_words import EditedParagraph, edit_paragraph, write_run
from oerbook.importers.editing_copies.paragraphs import SourceParagraph, split_paragraphs
from oerbook.importers.editing_copies.words import read_words, shown_text
from oerbook.importers.myst_writer.escaping import escape_line_start

Pair = tuple[int | None, int | None]
MIN_SIMILARITY = 0.4  # of two paragraphs that are taken for the same one


def apply_edits(text: str, first_line: int, edited: Sequence[EditedParagraph]) -> str:
    """Return the source of a page with the edits of its copy; `first_line` is the first one behind the front matter."""
    lines = text.split("\n")
    paragraphs = split_paragraphs(text, first_line)
    edited = [paragraph for paragraph in edited if paragraph.text.strip()]
    before = [_compared(shown_source(paragraph, lines)) for paragraph in paragraphs]
    after = [_compared(paragraph.text) for paragraph in edited]
    result: list[tuple[int, int, list[str]]] = []  # lines to replace, from and to, and the new lines
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        pairs: list[Pair] = (
            list(zip(range(old_start, old_end), range(new_start, new_end), strict=True))
            if tag == "equal"
            else _pair(before, after, (old_start, old_end), (new_start, new_end))
        )
        result += _changes(lines, paragraphs, edited, (pairs, old_end))
    for start, end, new in sorted(result, key=lambda change: change[:2], reverse=True):
        lines[start:end] = new
    return "\n".join(lines)


def shown_source(paragraph: SourceParagraph, lines: list[str]) -> str:
    """Return what the copy shows of a paragraph."""
    text = paragraph.text(lines)
    return text if paragraph.kind == "source" else shown_text(read_words(text))


def _pair(before: Sequence[str], after: Sequence[str], old: tuple[int, int], new: tuple[int, int]) -> list[Pair]:
    """Return old and new paragraphs side by side, in order; None where there is no partner."""
    if old[1] - old[0] == new[1] - new[0]:
        return list(zip(range(*old), range(*new), strict=True))
    pairs: list[Pair] = []
    position = new[0]
    for number in range(*old):
        scores = {
            candidate: SequenceMatcher(None, before[number], after[candidate], autojunk=False).ratio()
            for candidate in range(position, new[1])
        }
        best = max(scores, key=lambda candidate: (scores[candidate], -candidate), default=None)
        if best is None or scores[best] < MIN_SIMILARITY:
            pairs.append((number, None))
            continue
        pairs += [(None, inserted) for inserted in range(position, best)]
        pairs.append((number, best))
        position = best + 1
    return [*pairs, *((None, inserted) for inserted in range(position, new[1]))]


def _changes(
    lines: list[str],
    paragraphs: Sequence[SourceParagraph],
    edited: Sequence[EditedParagraph],
    place: tuple[Sequence[Pair], int],
) -> list[tuple[int, int, list[str]]]:
    """Return the lines to replace for paragraphs side by side; `place` holds them, and the next old paragraph."""
    pairs, following = place
    changes: list[tuple[int, int, list[str]]] = []
    for position, (old, new) in enumerate(pairs):
        if old is not None and new is not None:
            source = paragraphs[old]
            changed = edit_paragraph(source, source.text(lines), edited[new])
            if changed != "\n".join(lines[source.start : source.end]):
                changes.append((source.start, source.end, changed.split("\n")))
        elif old is not None:
            start, end = paragraphs[old].start, paragraphs[old].end
            end += end < len(lines) and not lines[end].strip() and start > 0 and not lines[start - 1].strip()
            changes.append((start, end, []))
        elif new is not None:
            above = next((pair[0] for pair in reversed(pairs[:position]) if pair[0] is not None), None)
            line = paragraphs[above].end if above is not None else _end_above(paragraphs, pairs, following, lines)
            changes.append((line, line, _new_lines(edited[new], lines, line)))
    return _in_order(changes)


def _in_order(changes: list[tuple[int, int, list[str]]]) -> list[tuple[int, int, list[str]]]:
    """Join insertions at the same place, so that they keep their order."""
    joined: list[tuple[int, int, list[str]]] = []
    for start, end, new in changes:
        if joined and start == end == joined[-1][0] == joined[-1][1]:
            joined[-1] = (start, end, [*joined[-1][2], *new])
        else:
            joined.append((start, end, new))
    return joined


def _end_above(
    paragraphs: Sequence[SourceParagraph], pairs: Sequence[Pair], following: int, lines: Sequence[str]
) -> int:
    """Return the line behind the paragraph above the first of some pairs."""
    first = next((old for old, _new in pairs if old is not None), following)
    return paragraphs[first - 1].end if 0 < first <= len(paragraphs) else len(lines)


def _new_lines(paragraph: EditedParagraph, lines: Sequence[str], place: int) -> list[str]:
    """Return the lines of a new paragraph, with a blank line above it."""
    body = "".join(write_run(run) for run in paragraph.runs).strip()
    if paragraph.kind.startswith("h"):
        body = f"{'#' * int(paragraph.kind[1])} {body}"
    elif paragraph.kind in ("bullet", "number"):
        marker = "- " if paragraph.kind == "bullet" else "1. "
        body = f"{'  ' * paragraph.level}{marker}{body}"
        is_list = place > 0 and re.match(r"[ \t]*([-*+]|\d+[.)])[ \t]", lines[place - 1])
        return body.split("\n") if is_list else ["", *body.split("\n")]
    elif paragraph.kind == "source":
        return ["", *paragraph.text.split("\n")]
    else:
        body = escape_line_start(body)
    return ["", *body.split("\n")]


def _compared(text: str) -> str:
    """Return a text as paragraphs are compared: spaces joined, without those at its ends."""
    return " ".join(text.replace("\u00a0", " ").split())
