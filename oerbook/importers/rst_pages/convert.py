"""Convert a page of reStructuredText to MyST."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.importers.line_conversion.myst_blocks import fence_length, trim_blank_lines
from oerbook.importers.line_conversion.page import ConvertedPage
from oerbook.importers.rst_pages.context import RstContext, title_slug
from oerbook.importers.rst_pages.directive import read_directive
from oerbook.importers.rst_pages.directive_tools import Tools
from oerbook.importers.rst_pages.directives import convert_directive
from oerbook.importers.rst_pages.explicit import (
    ANONYMOUS,
    collect_definitions,
    convert_explicit_markup,
    explicit_end,
)
from oerbook.importers.rst_pages.lists import read_definitions, read_fields, read_list, read_options
from oerbook.importers.rst_pages.source_lines import (
    DOCTEST,
    EXPLICIT,
    LINE_BLOCK,
    dedent,
    indent_of,
    indented_block,
    is_transition,
    read_title,
)
from oerbook.importers.rst_pages.tables import read_table
from oerbook.importers.rst_pages.words import convert_words

METADATA = re.compile(
    r"^:(?:orphan|tocdepth|nocomments|nosearch|no-search|layout|github_url|hide-toc|html_theme[\w.-]*):.*$"
)
LITERAL_END = re.compile(r"(?:^|\s|(?<=\S))::$")
MYST_TARGET_LINE = re.compile(r"\([\w:.-]+\)=$")
MAX_LEVEL = 6


def convert_page(context: RstContext) -> ConvertedPage:
    """Return the MyST text of a page, and findings."""
    text = context.page.text.replace("\r\n", "\n").expandtabs(8)
    lines = [line.rstrip() for line in text.split("\n")]
    collect_definitions(context.book.prolog.split("\n"), context)
    collect_definitions(lines, context)
    for index in range(len(lines)):
        if title := read_title(lines, index):
            context.titles.setdefault(" ".join(title[0].split()).lower(), title_slug(title[0]))
    context.default_role = context.book.default_role
    start = next((n for n, line in enumerate(lines) if line.strip() and not METADATA.match(line)), 0)
    converted = trim_blank_lines(_convert_lines(lines[start:], start + 1, context))
    text = "\n".join(converted).rstrip()
    return ConvertedPage(f"{text}\n" if text else "", tuple(context.findings))


def _convert_lines(lines: Sequence[str], first: int, context: RstContext) -> list[str]:
    result: list[str] = []
    index = 0
    while index < len(lines):
        count, converted = _convert_at(lines, index, first + index, context)
        if not converted and result and not result[-1].strip():
            result.pop()  # what leaves nothing leaves no second blank line
        if converted == [""] and result and MYST_TARGET_LINE.match(result[-1]):
            converted = []
        result += converted
        index += max(count, 1)
    return result


def _convert_at(lines: Sequence[str], index: int, number: int, context: RstContext) -> tuple[int, list[str]]:
    """Return how many lines a block at an index takes, and what it becomes."""
    line = lines[index]

    def convert(inner: Sequence[str], start: int) -> list[str]:
        return _convert_lines(inner, start, context)

    if not line.strip():
        return 1, [""]
    if indent_of(line):
        return _quotation(lines, index, number, context)
    if EXPLICIT.match(line) or ANONYMOUS.match(line):
        end = explicit_end(lines, index)
        return end - index, _explicit(lines[index:end], number, context)
    if title := read_title(lines, index):
        return title[2], _heading(title[0], title[1], number, context)
    if is_transition(lines, index):
        return 1, ["---"]
    if DOCTEST.match(line):
        end = next((n for n in range(index, len(lines)) if not lines[n].strip()), len(lines))
        return end - index, ["```pycon", *lines[index:end], "```"]
    if LINE_BLOCK.match(line):
        return _line_block(lines, index, number, context)
    tools = (context, convert)
    found = (
        read_table(lines, index, number, convert)
        or read_list(lines, index, number, convert)
        or read_fields(lines, index, number, tools)
        or read_options(lines, index, number, convert)
    )
    if found is None and not line.endswith("::"):
        found = read_definitions(lines, index, number, tools)
    return found if found is not None else _paragraph(lines, index, number, context)


def _explicit(lines: Sequence[str], number: int, context: RstContext) -> list[str]:
    def convert(inner: Sequence[str], start: int) -> list[str]:
        return _convert_lines(inner, start, context)

    converted = convert_explicit_markup(lines, number, context, convert)
    if converted is not None:
        return converted
    directive = read_directive(lines, number)
    return convert_directive(directive, Tools(context, convert)) if directive else []


def _heading(words: str, style: str, number: int, context: RstContext) -> list[str]:
    if style not in context.styles:
        context.styles.append(style)
    level = min(context.styles.index(style) + 1, MAX_LEVEL)
    label = context.book.title_labels.get(" ".join(words.split()).lower(), "")
    is_first = label and label not in context.own_labels
    target = [f"({label})="] if is_first else []
    if is_first:
        context.own_labels.add(label)
    return [*target, f"{'#' * level} {convert_words(words, number, context)}"]


def _quotation(lines: Sequence[str], index: int, number: int, context: RstContext) -> tuple[int, list[str]]:
    """Return an indented block as a quotation; the line that names its author keeps its dash."""
    end = indented_block(lines, index)
    body = dedent(lines[index:end])
    content = trim_blank_lines(_convert_lines(body, number, context))
    return end - index, [f"> {line}".rstrip() for line in content]


def _line_block(lines: Sequence[str], index: int, number: int, context: RstContext) -> tuple[int, list[str]]:
    end = next((n for n in range(index, len(lines)) if not lines[n].strip()), len(lines))
    result = []
    for offset, line in enumerate(lines[index:end]):
        words = line[1:].rstrip() if LINE_BLOCK.match(line) else f" {line.strip()}"
        space = re.match(r"\s*", words)
        indent = space[0] if space else " "
        result.append(f"|{indent or ' '}{convert_words(words.strip(), number + offset, context)}".rstrip())
    return end - index, result


def _paragraph(lines: Sequence[str], index: int, number: int, context: RstContext) -> tuple[int, list[str]]:
    end = index + 1
    while end < len(lines) and lines[end].strip() and not EXPLICIT.match(lines[end]):
        end += 1
    text = "\n".join(line.strip() for line in lines[index:end])
    if not text.endswith("::"):
        return end - index, convert_words(text, number, context).split("\n")
    literal = _literal_block(lines, end)
    if literal is None:
        return end - index, convert_words(text, number, context).split("\n")
    before = "" if text == "::" else text[:-2].rstrip() if text[:-2].endswith((" ", "\n")) else text[:-1]
    words = convert_words(before.rstrip(), number, context).split("\n") if before.strip() else []
    count, code = literal
    mark = "`" * fence_length(code, "`")
    language = context.language or context.book.language
    return end - index + count, [*words, *([""] if words else []), f"{mark}{language}", *code, mark]


def _literal_block(lines: Sequence[str], index: int) -> tuple[int, list[str]] | None:
    """Return how many lines a literal block below a paragraph takes, and its code; None if there is none."""
    start = index
    while start < len(lines) and not lines[start].strip():
        start += 1
    if start >= len(lines) or start == index:
        return None
    if indent_of(lines[start]):
        end = indented_block(lines, start)
        return end - index, dedent(lines[start:end])
    quote = lines[start][0]
    if not re.match(r"[!-/:-@\[-`{-~]", quote):
        return None
    end = next((n for n in range(start, len(lines)) if not lines[n].startswith(quote)), len(lines))
    return end - index, list(lines[start:end])
