"""What only the bare text shows: fences that swallow what follows, and headings that skip a level.

CommonMark: the info line of a backtick fence may hold no backtick, so such a line opens nothing, and the line
meant to close it opens a code block that swallows the sections below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from oerbook.model import Finding, Place, Severity

FENCE = re.compile(r"^( {0,3}|[ \t]*(?:[-*+]|\d+[.)])[ \t]+|[ \t]+)?(`{3,}|~{3,}|:{3,})(.*)$")
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
TARGET = re.compile(r"\{#[\w-]+\}\s*$")


def lint(path: str, text: str) -> Iterator[Finding]:
    """Yield the findings in the bare text of a page."""
    open_fences: list[tuple[str, int, int]] = []  # sign, length, line
    literal = False
    level, top = 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        match = FENCE.match(line)
        if match:
            sign, rest = match[2], match[3]
            if open_fences and sign[0] == open_fences[-1][0] and len(sign) >= open_fences[-1][1] and not rest.strip():
                open_fences.pop()
                literal = bool(open_fences) and open_fences[-1][0] != ":"
                continue
            if literal:
                continue
            if sign[0] == "`" and "`" in rest:
                if "{" in rest and rest.lstrip().startswith("{"):
                    yield _backticks(path, number, rest.strip())
                continue
            if sign[0] == ":" and not rest.strip():
                continue
            open_fences.append((sign[0], len(sign), number))
            literal = sign[0] != ":"
            continue
        heading = HEADING.match(line) if not open_fences else None
        if heading and heading[2]:
            depth = len(heading[1])
            if level and depth > level + 1:
                yield _skip(path, number, level, depth)
            if depth == 1 and top:
                yield _second(path, number, top)
            top = top or (number if depth == 1 else 0)
            level = depth
    if open_fences and open_fences[0][0] != ":":
        yield _unclosed(path, open_fences[0][2])


def _backticks(path: str, line: int, rest: str) -> Finding:
    name = rest.split("}")[0] + "}"
    message = f"back-quotes in the first line of {name} keep it from opening, and what follows is swallowed as code"
    return Finding("fence-backticks", message, Place(path, line), Severity.ERROR, f"Write :::{name} … ::: instead.")


def _skip(path: str, line: int, level: int, depth: int) -> Finding:
    message = f"this heading goes from level {level} to level {depth}"
    hint = f"Write it with {level + 1} number signs."
    return Finding("heading-skip", message, Place(path, line), Severity.WARNING, hint)


def _second(path: str, line: int, first: int) -> Finding:
    message = f"a chapter has one title (line {first}); this second one is set as a section"
    return Finding("heading-second", message, Place(path, line), Severity.INFO, "Write it with two number signs.")


def _unclosed(path: str, line: int) -> Finding:
    message = "the code that begins here is never closed, so the rest of the page is part of it"
    hint = "End it with a line of as many back-quotes as it begins with."
    return Finding("fence-unclosed", message, Place(path, line), Severity.WARNING, hint)


def first_heading(text: str, notebook: bool = False) -> str:
    """Return the first top-level heading of a page, without its markup, or ""."""
    if notebook:
        text = _first_markdown(text)
    fenced = False
    for line in text.split("\n"):
        if FENCE.match(line):
            fenced = not fenced
        match = HEADING.match(line) if not fenced else None
        if match and len(match[1]) == 1:
            return plain(match[2])
    return ""


def _first_markdown(text: str) -> str:
    try:
        cells = json.loads(text).get("cells", []) if text.strip() else []
    except (ValueError, AttributeError, RecursionError):
        return ""
    sources = [
        cell.get("source", "") for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "markdown"
    ]
    return "\n".join("".join(source) if isinstance(source, list) else str(source) for source in sources)


def plain(markup: str) -> str:
    """Return a heading's words without its markup.

    >>> plain("The *open* `web` {index}`web`[^1]")
    'The open web web'
    """
    words = re.sub(r"\[\^[^\]]*\]", "", TARGET.sub("", markup))
    words = re.sub(r"\{[\w:-]{1,80}\}`([^`<]{0,400}?)(?:\s*<[^`]{0,400}>)?`", r"\1", words)
    words = re.sub(r"!?\[([^\]]{0,400})\]\([^)]{0,400}\)", r"\1", words)
    return re.sub(r"[*_`]+", "", words).strip()
