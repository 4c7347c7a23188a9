"""Convert the blocks of GitBook: hints, tabs, code with titles, embedded pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from oerbook.importers.line_conversion.myst_blocks import (
    colon_lines,
    directive_lines,
    include_lines,
    trim_blank_lines,
)
from oerbook.importers.markdown_pages.context import MarkdownContext

ConvertLines = Callable[[Sequence[str], int], list[str]]
OPENING_TAG = re.compile(r"^\s*\{%-?\s*(?P<name>[\w-]+)(?P<rest>.*?)-?%\}(?P<after>.*)$")
ARGUMENT = re.compile(r"(?P<key>\w+)\s*=\s*[\"'](?P<value>[^\"']*)[\"']")
BOX_BY_STYLE = {
    "info": "note",
    "tip": "tip",
    "success": "tip",
    "working": "note",
    "warning": "warning",
    "danger": "danger",
}
BLOCK_TAGS = frozenset(
    ["hint", "tabs", "tab", "code", "content-ref", "swagger", "youtube", "filename", "quote", "stepper", "step"]
)
URL_TAGS = frozenset(["embed", "file", "youtube", "video"])
SECTION_START = re.compile(r"^\s*<!--\s*sec\s+data-title=\"(?P<title>[^\"]*)\"(?P<rest>.*)$")
SECTION_END = re.compile(r"^\s*<!--\s*endsec\s*-->\s*$")


def read_liquid_block(
    lines: Sequence[str], index: int, number: int, context: MarkdownContext, convert: ConvertLines
) -> tuple[int, list[str]] | None:
    """Return how many lines a block of GitBook takes and what it becomes, None if there is none at an index.

    `number` is the line of the old file at the index.
    """
    if section := SECTION_START.match(lines[index]):
        start = next((n + 1 for n in range(index, len(lines)) if "-->" in lines[n]), index + 1)
        last = next((n for n in range(start, len(lines)) if SECTION_END.match(lines[n])), len(lines))
        content = convert(lines[start:last], number + start - index)
        return min(last + 1, len(lines)) - index, colon_lines("dropdown", section["title"], {}, content)
    match = OPENING_TAG.match(lines[index])
    if match is None:
        return None
    name = match["name"]
    values = {item["key"]: item["value"] for item in ARGUMENT.finditer(match["rest"])}
    end = _find_end(lines, index, name) if name in BLOCK_TAGS else None
    if end is not None:
        first = [match["after"]] if match["after"].strip() and end != index else []
        inner = re.sub(rf"\{{%-?\s*end{name}.*$", "", match["after"]) if end == index else ""
        content = [inner] if end == index else [*first, *lines[index + 1 : end]]
        start = number + (0 if first or end == index else 1)
        return end + 1 - index, _convert_block(name, values, content, convert, start)
    if match["after"].strip():
        return None
    if name == "set" and (value := re.search(r"(\w+)\s*=\s*[\"'](.*)[\"']\s*$", match["rest"])):
        context.own_variables[value[1]] = value[2]
        return 1, []
    if name in URL_TAGS and (url := values.get("url") or values.get("src")):
        return 1, [f"[{values.get('caption') or url}]({url})"]
    if name == "include":
        path = re.search(r"[\"']([^\"']+)[\"']", match["rest"])
        return 1, include_lines(path[1] if path else "")
    return None


def _find_end(lines: Sequence[str], index: int, name: str) -> int | None:
    """Return the line with the tag that ends a block; blocks of the same name inside it are skipped."""
    depth = 0
    for number in range(index, len(lines)):
        depth += len(re.findall(rf"\{{%-?\s*{name}\b", lines[number]))
        depth -= len(re.findall(rf"\{{%-?\s*end{name}\b", lines[number]))
        if depth <= 0:
            return number
    return None


def _convert_block(
    name: str, values: dict[str, str], content: Sequence[str], convert: ConvertLines, start: int
) -> list[str]:
    if name == "hint":
        return colon_lines(BOX_BY_STYLE.get(values.get("style", "info"), "note"), "", {}, convert(content, start))
    if name == "tabs":
        return colon_lines("tab-set", "", {}, convert(content, start))
    if name in ("tab", "step"):
        return [
            *colon_lines("tab-item" if name == "tab" else "card", values.get("title", ""), {}, convert(content, start)),
            "",
        ]
    if name == "code":
        return _titled_code(values.get("title", ""), convert(content, start))
    if name == "filename":
        return [f"**{line.strip()}**" if line.strip() else "" for line in content]
    if name == "youtube":
        return directive_lines("youtube", " ".join(content).strip(), {}, [])
    return convert(content, start)


def _titled_code(title: str, lines: Sequence[str]) -> list[str]:
    """Return code with a title as its caption."""
    body = trim_blank_lines(lines)
    match = re.match(r"(`{3,}|~{3,})\s*([\w+#-]*)\s*$", body[0]) if body else None
    if not title or match is None:
        return body
    return [f"{match[1]}{{code-block}} {match[2] or 'none'}", f":caption: {title}", "", *body[1:]]
