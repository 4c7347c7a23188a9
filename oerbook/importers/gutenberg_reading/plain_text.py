"""Read a book in plain text: chapters, paragraphs, verse, notes and illustrations by habits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from oerbook.importers.web.elements import append_content, make
from oerbook.model.untyped import XmlElement

NUMBERED_HEADING = re.compile(
    r"(?:(?:the )?(?:chapter|book|part|letter|stave|canto|act|scene|section|volume|lecture|lesson|kapitel|"
    r"chapitre|cap[ií]tulo|hoofdstuk|capitolo|livre|teil)\s+(?:[ivxlcdm]+|\d+|[a-z]+)\b|[IVXLC]{1,7}\.?$|[IVXLC]{1,7}\.\s+[A-Z])",
    re.I,
)
NAMED_HEADING = re.compile(
    r"(?:preface|introduction|foreword|prologue|epilogue|conclusion|appendix|dedication|notes?|glossary|index|"
    r"vorwort|einleitung|préface|prefacio|afterword|postscript|bibliography|errata|advertisement)\b.{0,50}",
    re.I,
)
CONTENTS = re.compile(
    r"(?:table of )?contents\.?|list of illustrations\.?|illustrations\.?|inhalt\.?|table des matières\.?|index of .*",
    re.I,
)
MAX_HEADING_CHARS = 120
MAX_VERSE_CHARS = 62
RULE = re.compile(r"[\s*•·_=~-]{3,}")
PAGE_NUMBER = re.compile(r"[ \t]*(?:\[(?:Pg|Page|p\.)\s*[\dxvi]+\]|\{\d+\})[ \t]*", re.I)
FOOTNOTE = re.compile(r"\s*\[(?:Footnote|Note)\s*(\w{1,4}|\*+)\s*[:.]\s*(.*)\]\s*$", re.I | re.S)
LOOSE_FOOTNOTE = re.compile(r"\s*(?:\[(\d{1,3}|[A-Z])\]|(?:Footnote|Note)\s+(\d{1,3})\s*:)\s+(\S.*)", re.S)
REFERENCE = re.compile(r"\[(\d{1,3}|[A-Z])\]")
ILLUSTRATION = re.compile(
    r"\s*\[(?:Illustration|Frontispiece|Image|Plate)(?:\s*\d*)?(?:\s*:\s*(.*?))?\]\s*$", re.I | re.S
)
SIDENOTE = re.compile(r"\s*\[Sidenote\s*:\s*(.*?)\]\s*$", re.I | re.S)
INLINE = re.compile(
    r"(?<![\w_])_(?!_)(.+?)(?<!_)_(?![\w_])|(?<!\w)=(\S.*?\S|\S)=(?!\w)|(?<!\w)\+(\S[^+]*?\S)\+(?!\w)|\[(\d{1,3}|[A-Z])\]",
    re.S,
)
TABLE_LINE = re.compile(r"[|+].*[|+]|.*\S {3,}\S.* {3,}\S|^[-=+| ]{8,}$")


@dataclass(frozen=True, slots=True)
class TextChapter:
    """A chapter of a plain text: its title and body."""

    title: str
    body: XmlElement
    line: int


@dataclass(frozen=True, slots=True)
class _Block:
    lines: tuple[str, ...]
    blank_before: int
    line: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_chapters(text: str, book_title: str) -> list[TextChapter]:
    """Return the chapters of a text; what stands before the first heading has the book's title."""
    blocks = _read_blocks(text)
    starts = _find_headings(blocks)
    notes = _collect_notes(blocks)
    chapters: list[TextChapter] = []
    bounds = [0, *starts, len(blocks)]
    for number, (start, end) in enumerate(pairwise(bounds)):
        has_heading = number > 0
        title, used = _read_title(blocks, start, end) if has_heading else (book_title, 0)
        inner = blocks[start + used : end]
        if has_heading and CONTENTS.fullmatch(title):
            continue
        body = _to_body(inner, notes)
        if len(body) and (has_heading or _has_prose(inner)):
            chapters.append(TextChapter(title, body, blocks[start].line))
    return chapters


def _read_blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    lines: list[str] = []
    blank = start = 0
    for line_number, line in enumerate([*text.split("\n"), ""], start=1):
        cleaned = PAGE_NUMBER.sub("", line).rstrip()
        if cleaned.strip():
            if not lines:
                start = line_number
            lines.append(cleaned.expandtabs(4))
        elif lines:
            blocks.append(_Block(tuple(lines), blank, start))
            lines, blank = [], 1
        else:
            blank += 1
    return blocks


def _find_headings(blocks: Sequence[_Block]) -> list[int]:
    """Return the blocks that begin chapters: by their words, or by the space before them if no words say so."""
    named = [i for i, block in enumerate(blocks) if _is_heading(block, i)]
    numbered = [i for i in named if NUMBERED_HEADING.match(blocks[i].text.strip())]
    if numbered or len(named) > 1:
        return [
            i
            for n, i in enumerate(named)
            if CONTENTS.fullmatch(blocks[i].text.strip()) or _has_text_after(blocks, named, n)
        ]
    return [
        i
        for i, block in enumerate(blocks)
        if i
        and block.blank_before >= 4
        and len(block.lines) <= 2
        and len(block.text) < 70
        and block.text.strip().upper() == block.text.strip()
    ]


def _is_heading(block: _Block, index: int) -> bool:
    text = " ".join(block.text.split())
    if len(text) > MAX_HEADING_CHARS or len(block.lines) > 4 or (block.blank_before < 2 and index):
        return False
    if CONTENTS.fullmatch(text):
        return True
    if NUMBERED_HEADING.match(text):
        return not text.endswith((",", ";")) and (block.blank_before >= 2 or text.isupper())
    return bool(NAMED_HEADING.fullmatch(text)) and (text.isupper() or block.blank_before >= 3)


def _has_text_after(blocks: Sequence[_Block], headings: Sequence[int], number: int) -> bool:
    """Say whether prose follows a heading before the next one; a line of a table of contents has none."""
    start = headings[number]
    end = headings[number + 1] if number + 1 < len(headings) else len(blocks)
    return sum(len(block.text.split()) for block in blocks[start + 1 : end]) > 12


def _read_title(blocks: Sequence[_Block], start: int, end: int) -> tuple[str, int]:
    """Return the title that begins at a block, and how many blocks it takes: a number may stand above its name."""
    text = " ".join(blocks[start].text.split())
    following = blocks[start + 1] if start + 1 < end else None
    is_number = bool(re.fullmatch(r"(?:\w+\s+)?(?:[IVXLCDM]+|\d+|[A-Z]+)\.?", text, re.I)) and bool(
        NUMBERED_HEADING.match(text)
    )
    if is_number and following is not None and following.blank_before <= 2:
        name = " ".join(following.text.split())
        is_short = len(following.lines) <= 3 and len(name) < 100
        is_name = name.isupper() or (is_short and not name.endswith((".", ",", ";", ":")))
        if is_name and len(name) < MAX_HEADING_CHARS and not following.text.lstrip().startswith(("“", '"', "[")):
            return f"{text.rstrip('.')}. {name.rstrip('.')}", 2
    return text.rstrip("."), 1


def _has_prose(blocks: Sequence[_Block]) -> bool:
    return sum(len(block.text.split()) for block in blocks if len(block.text) > 200) > 60


def _collect_notes(blocks: Sequence[_Block]) -> dict[str, str]:
    """Return the texts of notes by their marks; a mark that is used again has the next text each time."""
    notes: dict[str, str] = {}
    for index, block in enumerate(blocks):
        match = FOOTNOTE.match(block.text)
        if match is None and block.text.lstrip().lower().startswith("[footnote"):
            joined = "\n\n".join(b.text for b in blocks[index : index + 8])
            match = FOOTNOTE.match(joined[: joined.find("]", joined.find(":")) + 1])
        if match:
            notes.setdefault(match[1], match[2])
    if notes:
        return notes
    marks = {m for block in blocks for m in REFERENCE.findall(block.text)}
    for block in blocks:
        loose = LOOSE_FOOTNOTE.match(block.text)
        if loose and (loose[1] or loose[2]) in marks:
            notes.setdefault(loose[1] or loose[2], loose[3])
    return notes


def _to_body(blocks: Sequence[_Block], notes: dict[str, str]) -> XmlElement:
    body = make("body")
    used: dict[str, str] = {}
    for block in blocks:
        body.extend(_convert_block(block, notes, used))
    for mark, key in used.items():
        holder = make("div", class_="note-text", data_note=key)
        holder.append(append_content(make("p"), _inline(notes[mark], {}, {})))
        body.append(holder)
    return body


def _convert_block(block: _Block, notes: dict[str, str], used: dict[str, str]) -> Iterator[XmlElement]:
    text = block.text
    footnote = FOOTNOTE.match(text) or LOOSE_FOOTNOTE.match(text)
    if footnote and (footnote[1] or footnote[2]) in notes:
        return
    illustration, sidenote = ILLUSTRATION.match(text), SIDENOTE.match(text)
    if RULE.fullmatch(text):
        yield make("hr")
    elif illustration:
        figure = make("figure")
        caption = " ".join((illustration[1] or "").split())
        figure.append(make("img", src="", alt=caption))
        if caption:
            figure.append(append_content(make("figcaption"), _inline(caption, notes, used)))
        yield figure
    elif sidenote:
        box = make("div", class_="margin")
        box.append(append_content(make("p"), _inline(" ".join(sidenote[1].split()), notes, used)))
        yield box
    elif _is_table(block):
        yield append_content(make("pre"), [text])
    elif _is_verse(block):
        verse = make("div", class_="line-block")
        for line in block.lines:
            append_content(verse, [*_inline(line.strip(), notes, used), make("br")])
        yield verse
    elif all(line.startswith("  ") for line in block.lines) and len(block.lines) > 1:
        quotation = make("blockquote")
        quotation.append(append_content(make("p"), _inline(" ".join(text.split()), notes, used)))
        yield quotation
    else:
        yield append_content(make("p"), _inline(" ".join(text.split()), notes, used))


def _is_table(block: _Block) -> bool:
    return (
        len(block.lines) > 2 and sum(bool(TABLE_LINE.match(line)) for line in block.lines) * 4 >= len(block.lines) * 3
    )


def _is_verse(block: _Block) -> bool:
    lines = block.lines
    if len(lines) < 2 or max(map(len, (line.strip() for line in lines))) > MAX_VERSE_CHARS:
        return False
    indented = all(line.startswith(" ") for line in lines)
    return (
        indented
        and sum(line.strip()[:1].isupper() or line.strip()[:1] in "“\"'‘—_" for line in lines) * 3 >= len(lines) * 2
    )


def _inline(text: str, notes: dict[str, str], used: dict[str, str]) -> list[str | XmlElement]:
    content: list[str | XmlElement] = []
    position = 0
    for match in INLINE.finditer(text):
        content.append(_dashes(text[position : match.start()]))
        position = match.end()
        if match[4] is not None:
            if match[4] in notes:
                key = used.setdefault(match[4], f"g{len(used) + 1}")
                content.append(make("span", class_="note-ref", data_note=key))
            else:
                content.append(match[0])
            continue
        tag, inner = ("em", match[1]) if match[1] else ("strong", match[2]) if match[2] else ("span", match[3])
        element = append_content(make(tag), _inline(inner, notes, used))
        if tag == "span":
            element.set("class", "smallcaps")
        content.append(element)
    content.append(_dashes(text[position:]))
    return content


def _dashes(text: str) -> str:
    """Return text with dashes in place of two or more hyphens.

    >>> _dashes("She is--yes"), _dashes("Mr. S---- and Miss----")
    ('She is—yes', 'Mr. S—— and Miss——')
    """
    return re.sub(r"-{2,}", lambda match: "—" * max(1, len(match[0]) // 2), text)
