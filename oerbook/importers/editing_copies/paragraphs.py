"""Divide a MyST page into the paragraphs of its editing copy, each with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^([ \t]*(?:>[ \t]?)*)(`{3,}|~{3,}|:{3,})(.*)$")
HEADING = re.compile(r"^(#{1,6})[ \t]+")
LIST_ITEM = re.compile(r"^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+")
QUOTE = re.compile(r"^[ \t]*>[ \t]?")
DEFINITION = re.compile(r"^:[ \t]+(?=\S)")
NOTE = re.compile(r"^\[\^[^\]\s]+\]:[ \t]+")
SOURCE_LINE = re.compile(r"^[ \t]*(?:\(\S+\)=|%|\+\+\+|\||<|:[\w-]+:|-{3,}[ \t]*$|={3,}|\{[.#])")
# Directives whose content is text that people write.
TEXT_DIRECTIVES = re.compile(
    r"^\{(?:note|warning|tip|hint|important|caution|attention|danger|error|seealso|admonition|sidebar|margin|dropdown|"
    r"figure|table|exercise|solution|epigraph|pull-quote|card|grid[\w-]*|glossary|prf:[\w-]+)\}"
)


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph of the source: lines `start` to `end` (not included), and where its text begins in the first one.

    `kind` is "h1" to "h6", "bullet", "number", "quote", "text", or "source" for markup shown as typed; `level` is the
    depth of a list item. `prefix` is what begins its first line and is not shown.
    """

    start: int
    end: int
    kind: str
    prefix: str = ""
    level: int = 0

    def text(self, lines: list[str]) -> str:
        """Return the source of the paragraph behind its prefix."""
        return "\n".join(lines[self.start : self.end])[len(self.prefix) :]


def split_paragraphs(text: str, first_line: int = 0) -> list[SourceParagraph]:
    """Return the paragraphs of a page from a line on, which is the first one behind the front matter.

    >>> [(p.kind, p.prefix) for p in split_paragraphs("# Peat\\n\\n- one\\n- two\\nmore\\n")]
    [('h1', '# '), ('bullet', '- '), ('bullet', '- ')]
    """
    return list(_split(text.split("\n"), first_line))


def _split(lines: list[str], number: int) -> Iterator[SourceParagraph]:
    while number < len(lines):
        line = lines[number]
        if not line.strip():
            number += 1
            continue
        fence = FENCE.match(line)
        if fence and not (TEXT_DIRECTIVES.match(fence[3].strip()) or (fence[2][0] == ":" and not fence[3].strip())):
            end = _end_of_fence(lines, number, fence)
        elif fence or SOURCE_LINE.match(line):
            end = number + 1
        elif line.lstrip().startswith(("$$", r"\begin{")):
            end = _end_of_formula(lines, number)
        else:
            paragraph = _text_paragraph(lines, number)
            yield paragraph
            number = paragraph.end
            continue
        yield from (SourceParagraph(n, n + 1, "source") for n in range(number, end) if lines[n].strip())
        number = end


def _end_of_fence(lines: list[str], start: int, fence: re.Match[str]) -> int:
    closing = re.compile(rf"^[ \t>]*{re.escape(fence[2][0])}{{{len(fence[2])},}}[ \t]*$")
    return next((n + 1 for n in range(start + 1, len(lines)) if closing.match(lines[n])), len(lines))


def _end_of_formula(lines: list[str], start: int) -> int:
    """Return the line behind a displayed formula."""
    opening = lines[start].strip()
    if opening.startswith("$$"):
        if opening.count("$$") > 1:
            return start + 1
        return next((n + 1 for n in range(start + 1, len(lines)) if "$$" in lines[n]), len(lines))
    return next((n + 1 for n in range(start, len(lines)) if r"\end{" in lines[n]), len(lines))


def _text_paragraph(lines: list[str], start: int) -> SourceParagraph:
    line = lines[start]
    heading, item, quote = HEADING.match(line), LIST_ITEM.match(line), QUOTE.match(line)
    if heading:
        return SourceParagraph(start, start + 1, f"h{len(heading[1])}", heading[0])
    if quote:
        return SourceParagraph(start, start + 1, "quote", quote[0])
    kind, prefix, level = "text", re.match(r"[ \t]*", line)[0], 0  # type: ignore[index]
    if item:
        kind = "number" if item[2][0].isdigit() else "bullet"
        prefix, level = item[0], len(item[1].expandtabs(4)) // 2
    elif match := DEFINITION.match(line):
        prefix = match[0]
    end = start + 1
    while end < len(lines) and _continues(lines[end]):
        end += 1
    return SourceParagraph(start, end, kind, prefix, level)


def _continues(line: str) -> bool:
    """Say whether a line continues the paragraph above it."""
    if not line.strip() or line.lstrip().startswith(("$$", r"\begin{")):
        return False
    return not any(pattern.match(line) for pattern in (FENCE, SOURCE_LINE, HEADING, LIST_ITEM, QUOTE, DEFINITION, NOTE))
