"""Convert a page of mdBook, GitBook, MkDocs or plain Markdown to MyST."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.importers.line_conversion.attributes import split_attributes
from oerbook.importers.line_conversion.markdown_blocks import FENCE, HEADING, indent_lines, read_blocks
from oerbook.importers.line_conversion.myst_blocks import include_lines, safe_label, target_line, trim_blank_lines
from oerbook.importers.line_conversion.page import ConvertedPage
from oerbook.importers.markdown_pages.boxes import read_box
from oerbook.importers.markdown_pages.context import MarkdownContext
from oerbook.importers.markdown_pages.fences import INCLUDE, convert_fence
from oerbook.importers.markdown_pages.liquid import read_liquid_block
from oerbook.importers.markdown_pages.words import convert_inline_text
from oerbook.importers.quarto_pages.front_matter import page_front_matter, split_page
from oerbook.text.myst_scan import lines_outside_fences

MDBOOK_TITLE = re.compile(r"^\s*\{\{#title\b.*\}\}\s*$")
TABLE_OF_CONTENTS = re.compile(r"^\s*(?:\[\[?_?TOC_?\]?\]|\{:toc\}|<!-- *toc *-->.*)\s*$", re.I)
ONLY_IMAGES = re.compile(r"(?:\s*(?:<img\b[^<>]*>|!\[[^\]]*\]\([^)]*\)))+\s*")
LISTING_START = re.compile(r"^\s*<Listing\b(?P<items>[^>]*)>\s*$")
LISTING_ATTRIBUTE = re.compile(r"(?P<key>[\w-]+)=\"(?P<value>[^\"]*)\"")
DISPLAY_BRACKETS = re.compile(r"^\s*\\\\?\[(?P<tex>.*?)(?:\\\\?\])?\s*$")


def convert_page(context: MarkdownContext) -> ConvertedPage:
    """Return the MyST text of a page, and findings."""
    facts, lines, first = split_page(context.page.text.replace("\r\n", "\n"))
    converted = trim_blank_lines(_convert_lines(lines, first, context))
    if context.is_chapter and not facts.get("title"):
        converted = _raise_headings(converted)
    text = "\n".join([*page_front_matter(facts, False), *converted]).rstrip()
    return ConvertedPage(f"{text}\n" if text else "", tuple(context.findings))


def _raise_headings(lines: Sequence[str]) -> list[str]:
    """Return a page whose first heading is its title: if it has none of level 1, all headings rise by as much.

    >>> _raise_headings(["## Loam", "", "### Deep"])
    ['# Loam', '', '## Deep']
    """
    numbered = lines_outside_fences("\n".join(lines))
    found = {number: match for number, line in numbered if (match := HEADING.match(line))}
    levels = [len(match["marks"]) for match in found.values()]
    if not levels or levels[0] > min(levels) or levels[0] == 1:
        return list(lines)
    return [line[levels[0] - 1 :] if number in found else line for number, line in enumerate(lines)]


def _convert_lines(lines: Sequence[str], first: int, context: MarkdownContext) -> list[str]:
    result: list[str] = []
    index = 0
    while index < len(lines):
        count, converted = _convert_at(lines, index, first + index, context)
        result += converted
        index += count
    return result


def _convert_at(lines: Sequence[str], index: int, number: int, context: MarkdownContext) -> tuple[int, list[str]]:
    """Return how many lines a block at an index takes, and what it becomes."""
    line = lines[index]
    fence = FENCE.match(line)
    if fence and not (fence["mark"][0] == "`" and "`" in fence["info"]):
        block = next(read_blocks(lines[index:], number, divs=False))
        if len(block.lines) == 1:
            return 1, [line]
        converted = convert_fence(fence["mark"], fence["info"], block.content, context, number)
        return len(block.lines), indent_lines(converted, block.indent)

    def convert(inner: Sequence[str], start: int) -> list[str]:
        return _convert_lines(inner, start, context)

    special = read_box(lines, index, number, convert) if context.tool == "mkdocs" else None
    if special is None and context.tool == "gitbook":
        special = read_liquid_block(lines, index, number, context, convert)
    if special is None and context.tool == "mdbook":
        special = _mdbook_line(lines, index, number, context)
    if special is not None:
        return special
    if line.strip() == "$$" or (line.lstrip().startswith("$$") and line.count("$$") == 1):
        block = next(read_blocks(lines[index:], number, divs=False))
        return len(block.lines), list(block.lines)
    return 1, _convert_line(line, number, context)


def _convert_line(line: str, number: int, context: MarkdownContext) -> list[str]:
    if TABLE_OF_CONTENTS.match(line):
        return []
    if line.startswith("    ") and not re.match(r"\s*(?:[-*+]|\d+[.)])\s", line) and "{" not in line:
        return [line]
    heading = HEADING.match(line)
    if heading is None:
        return [convert_inline_text(line, number, context)]
    if ONLY_IMAGES.fullmatch(heading["words"]):  # a heading without words leads nowhere
        return ["", heading["words"], ""]
    words, attributes = split_attributes(re.sub(r"\{:\s*", "{ ", heading["words"]))
    label = safe_label(attributes.get("id", ""))
    text = f"{heading['marks']} {convert_inline_text(words, number, context)}".rstrip()
    return [*([target_line(label)] if label else []), text]


def _mdbook_line(
    lines: Sequence[str], index: int, number: int, context: MarkdownContext
) -> tuple[int, list[str]] | None:
    """Return what a line of mdBook's own becomes: an included page, a title, a listing with a caption."""
    line = lines[index]
    if MDBOOK_TITLE.match(line):
        return 1, []
    if match := INCLUDE.match(line):
        return 1, include_lines(match["file"])
    if match := LISTING_START.match(line):
        end = next((n for n in range(index + 1, len(lines)) if lines[n].strip() == "</Listing>"), None)
        if end is None:
            return None
        values = {item["key"]: item["value"] for item in LISTING_ATTRIBUTE.finditer(match["items"])}
        content = _convert_lines(lines[index + 1 : end], number + 1, context)
        return end + 1 - index, _listing(values, trim_blank_lines(content))
    if display := re.match(r"^\s*\\\\\[(?P<tex>.*)$", line):
        end = next((n for n in range(index, len(lines)) if "\\\\]" in lines[n]), index)
        inner = "\n".join([display["tex"], *lines[index + 1 : end + 1]]).split("\\\\]")[0].strip("\n")
        return end + 1 - index, ["$$", *inner.split("\n"), "$$"]
    return None


def _listing(values: dict[str, str], content: Sequence[str]) -> list[str]:
    """Return a numbered listing: the name of its file, its code, and its caption."""
    number = f"Listing {values['number']}" if values.get("number") else ""
    caption = ": ".join(part for part in (number, values.get("caption", "")) if part)
    file_name = values.get("file-name", "")
    label = f"({safe_label('listing-' + values['number'])})=" if values.get("number") else ""
    before = [line for line in (label, f"Filename: {file_name}" if file_name else "") if line]
    return [*before, *([""] if before else []), *content, *(["", caption] if caption else [])]
