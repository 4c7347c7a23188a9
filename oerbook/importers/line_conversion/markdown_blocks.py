"""Divide a Markdown page into blocks of lines: headings, fences, divs, formulas, comments, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent>(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])[ \t]))*+[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
DIV = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>:{3,})[ \t]*(?P<info>\S.*)?$")
HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<words>.*?)[ \t]*$")
# Code and formulas of a line of text, which no rule for words may change.
CODE_SPAN_OR_FORMULA = re.compile(
    r"(?<![`\\])(?P<ticks>`+)(?!`)(?:.|\n)+?(?<!`)(?P=ticks)(?!`)|(?<![\\$])\$(?!\s)[^$\n]+(?<![\s\\])\$(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines of a page, with the number of the first, counted from 1.

    `kind` is "fence", "div", "math", "comment", "heading", "blank" or "text". `indent` precedes the lines of a fence or
    div, `info` follows its marks, and `content` is what is inside it.
    """

    kind: str
    line: int
    lines: tuple[str, ...]
    indent: str = ""
    info: str = ""
    content: tuple[str, ...] = ()

    @property
    def content_line(self) -> int:
        """The number of the first line of the content."""
        return self.line + 1


def read_blocks(lines: Sequence[str], first_line: int = 1, divs: bool = True) -> Iterator[Block]:
    """Yield the blocks of a page or of a part that begins at a line; `divs` says whether `:::` opens one."""
    index = 0
    while index < len(lines):
        block = _read_block(lines, index, first_line + index, divs)
        yield block
        index += len(block.lines)


def _read_block(lines: Sequence[str], index: int, number: int, divs: bool) -> Block:
    line = lines[index]
    if not line.strip():
        return Block("blank", number, (line,))
    if (match := FENCE.match(line)) and not (match["mark"][0] == "`" and "`" in match["info"]):
        return _read_fence(lines, index, number, match)
    if divs and (match := DIV.match(line)) and match["info"]:
        return _read_div(lines, index, number, match)
    if HEADING.match(line):
        return Block("heading", number, (line,))
    if line.lstrip().startswith("$$"):
        return _read_to(lines, index, number, "math", _ends_math)
    if line.lstrip().startswith("<!--"):
        return _read_to(lines, index, number, "comment", lambda text, _first: "-->" in text)
    end = index + 1
    while end < len(lines) and not _starts_block(lines[end], divs):
        end += 1
    return Block("text", number, tuple(lines[index:end]))


def _starts_block(line: str, divs: bool) -> bool:
    stripped = line.strip()
    return (
        not stripped
        or bool(HEADING.match(line))
        or stripped.startswith("$$")
        or bool((match := FENCE.match(line)) and not (match["mark"][0] == "`" and "`" in match["info"]))
        or (divs and bool(DIV.match(line)))
    )


def _ends_math(text: str, is_first: bool) -> bool:
    stripped = text.strip()
    if is_first:
        return stripped.count("$$") >= 2
    return "$$" in stripped


def _read_to(lines: Sequence[str], index: int, number: int, kind: str, ends: Callable[[str, bool], bool]) -> Block:
    """Return a block up to the first line that ends it; an unclosed one ends with its first line."""
    for end in range(index, len(lines)):
        if ends(lines[end], end == index):
            return Block(kind, number, tuple(lines[index : end + 1]))
    return Block("text", number, (lines[index],))


def _read_fence(lines: Sequence[str], index: int, number: int, match: re.Match[str]) -> Block:
    mark = match["mark"]
    close = re.compile(rf"[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    end = next((other for other in range(index + 1, len(lines)) if close.match(lines[other])), len(lines))
    content = tuple(_without_indent(inner, match["indent"]) for inner in lines[index + 1 : end])
    taken = tuple(lines[index : end + 1])
    return Block("fence", number, taken, match["indent"], f"{mark}{match['info'].strip()}", content)


def _read_div(lines: Sequence[str], index: int, number: int, match: re.Match[str]) -> Block:
    """Return a div up to the line of colons that closes it; divs inside it are skipped."""
    depth, end = 1, index + 1
    while end < len(lines):
        fence = FENCE.match(lines[end])
        if fence and not (fence["mark"][0] == "`" and "`" in fence["info"]):
            end += len(_read_fence(lines, end, 0, fence).lines)
            continue
        inner = DIV.match(lines[end])
        depth += 0 if inner is None else 1 if inner["info"] else -1
        if depth == 0:
            break
        end += 1
    content = tuple(_without_indent(inner, match["indent"]) for inner in lines[index + 1 : end])
    return Block("div", number, tuple(lines[index : end + 1]), match["indent"], match["info"].strip(), content)


def _without_indent(line: str, indent: str) -> str:
    """Return a line without the indentation of its fence, as far as it has it."""
    if line.startswith(indent):
        return line[len(indent) :]
    width = len(indent)
    return line[width:] if not line[:width].strip(" \t>") else line.lstrip()


def replace_in_words(text: str, replace: Callable[[str], str]) -> str:
    """Apply a function to text outside of code and formulas.

    >>> replace_in_words("a `a` $a$ a", str.upper)
    'A `a` $a$ A'
    """
    parts, end = [], 0
    for match in CODE_SPAN_OR_FORMULA.finditer(text):
        parts += [replace(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, replace(text[end:])])


def indent_lines(lines: Sequence[str], indent: str) -> list[str]:
    """Return lines with an indentation; list markers in it stand on the first line only.

    >>> indent_lines(["a", "", "b"], "- ")
    ['- a', '', '  b']
    """
    rest = re.sub(r"[-*+]|\d{1,9}[.)]", lambda match: " " * len(match[0]), indent)
    return [
        f"{indent if number == 0 else rest}{line}".rstrip() if line else (rest.rstrip() if ">" in rest else "")
        for number, line in enumerate(lines)
    ]
