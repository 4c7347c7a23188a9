"""Put the pieces of wikitext together as blocks: paragraphs, lists, quotations, preformatted text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oerbook.importers.web.elements import BLOCKS, append_content, make, text_of
from oerbook.model.untyped import XmlElement

MAX_LIST_DEPTH = 12


@dataclass(frozen=True, slots=True)
class ListMark:
    """A character that begins a line of a list: * # : or ;"""

    char: str


@dataclass(frozen=True, slots=True)
class EmptyPiece:
    """What a comment or a dropped template leaves: it only shows that a line does not begin here."""


Piece = str | XmlElement | ListMark | EmptyPiece
Content = list[str | XmlElement]
BLOCK_TAGS = BLOCKS | {"div", "table", "hr", "pre", "blockquote"}


@dataclass(frozen=True, slots=True)
class _Line:
    prefix: str
    content: Content
    block: XmlElement | None = None
    indented: bool = False


def assemble_blocks(pieces: Iterable[Piece]) -> list[XmlElement]:
    """Return the blocks of a text from its pieces in order."""
    blocks: list[XmlElement] = []
    lines = _split_lines(pieces)
    index = 0
    while index < len(lines):
        line = lines[index]
        end = index + 1
        if line.block is not None:
            blocks.append(line.block)
        elif line.prefix:
            while end < len(lines) and lines[end].prefix:
                end += 1
            blocks += _build_lists([(row.prefix, row.content) for row in lines[index:end]])
        elif line.indented:
            while end < len(lines) and lines[end].indented:
                end += 1
            text = "\n".join("".join(text_of_content(row.content)).rstrip()[1:] for row in lines[index:end])
            blocks.append(append_content(make("pre"), [text]))
        elif _is_blank(line.content):
            pass
        else:
            while end < len(lines) and _continues(lines[end]):
                end += 1
            content: Content = []
            for row in lines[index:end]:
                content += [*([" "] if content else []), *row.content]
            blocks.append(append_content(make("p"), content))
        index = end
    return blocks


def assemble_inline(pieces: Iterable[Piece]) -> Content:
    """Return pieces as one line: the blocks among them follow each other as text."""
    content: Content = []
    for piece in pieces:
        if isinstance(piece, str):
            content.append(re.sub(r"\s*\n\s*", " ", piece))
        elif isinstance(piece, ListMark):
            content.append(" ")
        elif not isinstance(piece, EmptyPiece):
            if piece.tag in ("p", "div"):
                inner: Content = [piece.text or ""]
                for child in list(piece):
                    tail, child.tail = child.tail, None
                    inner += [child, tail or ""]
                content += [*inner, " "]
            else:
                content.append(piece)
    return content


def has_blocks(pieces: Iterable[Piece]) -> bool:
    """Say whether pieces hold lists, tables or several paragraphs."""
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return "\n\n" in text.strip() or any(
        isinstance(piece, ListMark) or (not isinstance(piece, str | EmptyPiece | ListMark) and piece.tag in BLOCK_TAGS)
        for piece in pieces
    )


def text_of_content(content: Sequence[str | XmlElement]) -> str:
    """Return the text of a line."""
    return "".join(piece if isinstance(piece, str) else text_of(piece) for piece in content)


class _LineSplitter:
    """Divides pieces into lines."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self._prefix = ""
        self._content: Content = []
        self._touched = False  # something that leaves no text stood in this line

    def add(self, piece: Piece) -> None:
        if isinstance(piece, str):
            first, *others = piece.split("\n")
            self._content += [first] if first else []
            for text in others:
                self.flush()
                self._content = [text] if text else []
        elif isinstance(piece, ListMark):
            self._add_mark(piece.char)
        elif isinstance(piece, EmptyPiece):
            self._touched = self._touched or not self._content
        elif piece.tag in BLOCK_TAGS and not self._prefix:
            if not _is_blank(self._content):
                self.flush()
            self._content = []
            self.lines.append(_Line("", [], piece))
        else:
            self._content.append(piece)

    def _add_mark(self, char: str) -> None:
        if _is_blank(self._content) and not (self._touched and not self._prefix):
            self._prefix += char if len(self._prefix) < MAX_LIST_DEPTH else ""
        elif char == ":" and self._prefix.endswith(";"):
            self.lines.append(_Line(self._prefix, _strip(self._content)))
            self._prefix, self._content = self._prefix[:-1] + ":", []
        else:
            self._content.append(char)

    def flush(self) -> None:
        content, prefix = self._content, self._prefix
        starts_with_space = bool(content) and isinstance(content[0], str) and content[0].startswith(" ")
        is_plain = all(isinstance(piece, str) for piece in content)
        is_code = starts_with_space and is_plain and not prefix and not self._touched and not _is_blank(content)
        if prefix or not self._touched or not _is_blank(content):
            self.lines.append(_Line(prefix, content if is_code else _strip(content), indented=is_code))
        self._prefix, self._content, self._touched = "", [], False


def _split_lines(pieces: Iterable[Piece]) -> list[_Line]:
    splitter = _LineSplitter()
    for piece in pieces:
        splitter.add(piece)
    splitter.flush()
    return splitter.lines


def _continues(line: _Line) -> bool:
    return line.block is None and not line.prefix and not line.indented and not _is_blank(line.content)


def _is_blank(content: Content) -> bool:
    return all(isinstance(piece, str) and not piece.strip() for piece in content)


def _strip(content: Content) -> Content:
    result = list(content)
    if result and isinstance(result[0], str):
        result[0] = result[0].lstrip()
    if result and isinstance(result[-1], str):
        result[-1] = result[-1].rstrip()
    return result


def _build_lists(rows: Sequence[tuple[str, Content]]) -> list[XmlElement]:
    """Return the lists of rows with prefixes such as `*`, `**` or `;`."""
    blocks: list[XmlElement] = []
    index = 0
    while index < len(rows):
        char = rows[index][0][0]
        end = index + 1
        family = ";:" if char in ";:" else char
        while end < len(rows) and rows[end][0][0] in family:
            end += 1
        group = rows[index:end]
        blocks += _build_definitions(group) if char in ";:" else [_build_list(char, group)]
        index = end
    return blocks


def _build_list(char: str, rows: Sequence[tuple[str, Content]]) -> XmlElement:
    element = make("ul" if char == "*" else "ol")
    index = 0
    while index < len(rows):
        prefix, content = rows[index]
        item = make("li")
        element.append(item)
        below: list[tuple[str, Content]] = []
        if len(prefix) == 1:
            append_content(item, content)
            index += 1
        while index < len(rows) and len(rows[index][0]) > 1:
            below.append((rows[index][0][1:], rows[index][1]))
            index += 1
        if below:
            item.extend(_build_lists(below))
    return element


def _build_definitions(rows: Sequence[tuple[str, Content]]) -> list[XmlElement]:
    """Return a definition list if there is a term, else indented text as paragraphs and quotations."""
    if not any(prefix[0] == ";" and len(prefix) == 1 for prefix, _content in rows):
        return _build_indented([(prefix[1:], content) for prefix, content in rows])
    element = make("dl")
    index = 0
    while index < len(rows):
        prefix, content = rows[index]
        index += 1
        if len(prefix) == 1:
            element.append(append_content(make("dt" if prefix == ";" else "dd"), content))
            continue
        below = [(prefix[1:], content)]
        while index < len(rows) and len(rows[index][0]) > 1:
            below.append((rows[index][0][1:], rows[index][1]))
            index += 1
        if not len(element) or element[-1].tag == "dt":
            element.append(make("dd"))
        element[-1].extend(_build_lists(below))
    return [element]


def _build_indented(rows: Sequence[tuple[str, Content]]) -> list[XmlElement]:
    blocks: list[XmlElement] = []
    below: list[tuple[str, Content]] = []
    for prefix, content in [*rows, ("", [])]:
        if prefix and prefix[0] in "*#":
            below.append((prefix, content))
            continue
        if below:
            blocks += _build_lists(below)
            below = []
        if not content:
            continue
        formulas = [c for c in content if not isinstance(c, str) and c.tag == "script"]
        rest = "".join(c if isinstance(c, str) else "x" * (c.tag != "script") for c in content)
        if len(formulas) == 1 and not re.search(r"[^\W_]", rest):
            formulas[0].set("type", "math/tex; mode=display")
            blocks.append(append_content(make("p"), content))
            continue
        if any(not isinstance(c, str) and c.tag in ("table", "div", "pre", "figure") for c in content):
            holder = append_content(make("div"), content)
            blocks.append(holder)
            continue
        quotation = make("blockquote")
        quotation.append(append_content(make("p"), content))
        blocks.append(quotation)
    return blocks
