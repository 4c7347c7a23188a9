"""Convert the blocks of MkDocs: boxes, tabs, blocks between slashes, included snippets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.line_conversion.myst_blocks import colon_lines, include_lines

ConvertLines = Callable[[Sequence[str], int], list[str]]
BOX = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)(?:[ \t]+[\w-]+)*"
    r"(?:[ \t]+[\"“](?P<title>.*)[\"”])?[ \t]*$"
)
TAB = re.compile(r"^(?P<indent>[ \t]*)===[+!]?[ \t]+[\"'“](?P<title>.*)[\"'”][ \t]*$")
SLASH_BLOCK = re.compile(r"^///\s*(?P<kind>[\w-]+)\s*(?:\|\s*(?P<title>.*))?$")
SNIPPET = re.compile(r"^\s*-{1,}8<-{1,}\s+[\"'](?P<file>[^\"']+)[\"']\s*$")
BOX_BY_KIND = {
    "abstract": "note", "summary": "note", "tldr": "note", "info": "note", "todo": "note", "note": "note",
    "seealso": "seealso", "tip": "tip", "hint": "hint", "important": "important", "success": "tip", "check": "tip",
    "done": "tip", "question": "hint", "help": "hint", "faq": "hint", "warning": "warning", "caution": "caution",
    "attention": "attention", "failure": "warning", "fail": "warning", "missing": "warning", "danger": "danger",
    "error": "error", "bug": "warning", "example": "note", "quote": "note", "cite": "note",
}  # fmt: skip


def read_box(lines: Sequence[str], index: int, number: int, convert: ConvertLines) -> tuple[int, list[str]] | None:
    """Return how many lines a block of MkDocs takes and what it becomes, None if there is none at an index."""
    if match := BOX.match(lines[index]):
        end = _end_of_indented(lines, index, match["indent"])
        content = convert(_dedent(lines[index + 1 : end], match["indent"]), number + 1)
        return end - index, _indented(_box(match, content), match["indent"])
    if TAB.match(lines[index]):
        return _read_tabs(lines, index, number, convert)
    if match := SLASH_BLOCK.match(lines[index]):
        end = next((n for n in range(index + 1, len(lines)) if lines[n].strip() == "///"), len(lines))
        content = convert(lines[index + 1 : end], number + 1)
        return min(end + 1, len(lines)) - index, _slashes(match["kind"], (match["title"] or "").strip(), content)
    if match := SNIPPET.match(lines[index]):
        return 1, include_lines(match["file"])
    return None


def _box(match: re.Match[str], content: Sequence[str]) -> list[str]:
    kind, title, folded = match["kind"].lower(), match["title"], match["mark"].startswith("???")
    box = BOX_BY_KIND.get(kind, "note")
    is_plain = title is None and not folded and box == kind
    if is_plain:
        return colon_lines(box, "", {}, content)
    heading = title if title else kind.replace("-", " ").capitalize()
    return colon_lines("admonition", heading, {"class": f"{box}{' dropdown' if folded else ''}"}, content)


def _slashes(kind: str, title: str, content: Sequence[str]) -> list[str]:
    if kind in ("details", "collapse"):
        return colon_lines("dropdown", title or "Details", {}, content)
    if kind == "caption":
        return [*content]
    box = BOX_BY_KIND.get(kind, "note")
    if not title and kind == box:
        return colon_lines(box, "", {}, content)
    return colon_lines("admonition", title or kind.capitalize(), {"class": box}, content)


def _read_tabs(lines: Sequence[str], index: int, number: int, convert: ConvertLines) -> tuple[int, list[str]]:
    """Return neighboring tabs as a set of tabs."""
    items: list[str] = []
    position, indent = index, ""
    while position < len(lines) and (match := TAB.match(lines[position])):
        indent = match["indent"]
        end = _end_of_indented(lines, position, indent)
        content = convert(_dedent(lines[position + 1 : end], indent), number + position - index + 1)
        items += [*colon_lines("tab-item", match["title"], {}, content), ""]
        position = end
        while position < len(lines) and not lines[position].strip():
            position += 1
        if position < len(lines) and not TAB.match(lines[position]):
            break
    while position > index and not lines[position - 1].strip():
        position -= 1
    return position - index, _indented(colon_lines("tab-set", "", {}, items), indent)


def _end_of_indented(lines: Sequence[str], index: int, indent: str) -> int:
    """Return the index after the lines that are indented below a first line, without blank lines at the end."""
    width = len(indent.expandtabs(4)) + 2
    end = index + 1
    for number in range(index + 1, len(lines)):
        text = lines[number].expandtabs(4)
        if text.strip() and len(text) - len(text.lstrip()) < width:
            break
        if text.strip():
            end = number + 1
    return end


def _dedent(lines: Sequence[str], indent: str) -> list[str]:
    """Return lines without the indentation that all of them have below a first line."""
    texts = [line.expandtabs(4) if line[:1] in " \t" else line for line in lines]
    widths = [len(text) - len(text.lstrip()) for text in texts if text.strip()]
    width = min([*widths, len(indent.expandtabs(4)) + 4]) if widths else 0
    return [text[width:] if text.strip() else "" for text in texts]


def _indented(lines: Sequence[str], indent: str) -> list[str]:
    return [f"{indent}{line}" if line else "" for line in lines]
