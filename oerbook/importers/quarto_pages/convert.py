"""Convert a page of Quarto or R Markdown to MyST."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.importers.line_conversion.markdown_blocks import Block, indent_lines, read_blocks
from oerbook.importers.line_conversion.myst_blocks import directive_lines, trim_blank_lines
from oerbook.importers.line_conversion.page import ConvertedPage
from oerbook.importers.line_conversion.pandoc_tables import LONG_RULER, RULER, read_multiline_table, table_lines
from oerbook.importers.quarto_pages.chunk_options import read_chunk
from oerbook.importers.quarto_pages.chunks import BOX_ENGINES, STATEMENTS, convert_chunk
from oerbook.importers.quarto_pages.context import PageContext
from oerbook.importers.quarto_pages.divs import bookdown_prefix, convert_div, statement_lines
from oerbook.importers.quarto_pages.front_matter import page_front_matter, split_page
from oerbook.importers.quarto_pages.text_blocks import REFERENCE_TEXT, convert_heading, convert_math, convert_text

RAW_FORMAT = re.compile(r"(?P<mark>`{3,}|~{3,})\s*\{=(?P<format>[\w-]+)\}\s*$")
PLAIN_ATTRIBUTES = re.compile(r"(?P<mark>`{3,}|~{3,})\s*\{\s*\.(?P<language>[\w+-]+)\s*\}\s*$")
MAX_TABLE_LINES = 400


def convert_page(context: PageContext) -> ConvertedPage:
    """Return the MyST text of a page, and findings."""
    facts, lines, first = split_page(context.page.text.replace("\r\n", "\n"))
    for block in read_blocks(lines, first):
        if block.kind == "text" and (match := REFERENCE_TEXT.match("\n".join(block.lines))):
            context.captions[match["name"]] = match["words"].rstrip()
    converted = _tidy(_convert_lines(lines, first, context))
    _report_code(context)
    text = "\n".join([*page_front_matter(facts, context.unnumbered), *converted])
    return ConvertedPage(f"{text.rstrip()}\n", tuple(context.findings))


def _tidy(lines: Sequence[str]) -> list[str]:
    """Return lines without blank ones at the start."""
    return trim_blank_lines(lines)


def _convert_lines(lines: Sequence[str], first: int, context: PageContext) -> list[str]:
    lines, tables = _take_multiline_tables(list(lines))
    result: list[str] = []
    for block in read_blocks(lines, first):
        if block.kind == "text" and block.lines[0] in tables:
            result += tables[block.lines[0]]
            continue
        converted = _convert_block(block, context)
        if not converted and block.kind != "blank" and result and not result[-1].strip():
            result.pop()
        result += converted
    return result


def _take_multiline_tables(lines: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Replace the tables with blank lines in them by one line each that names them; line numbers stay."""
    tables: dict[str, list[str]] = {}
    for index, line in enumerate(lines):
        if not LONG_RULER.match(line) or (index and lines[index - 1].strip()):
            continue
        for end in range(index + 3, min(index + MAX_TABLE_LINES, len(lines))):
            is_end = RULER.match(lines[end]) and (end + 1 == len(lines) or not lines[end + 1].strip())
            if is_end and (table := read_multiline_table(lines[index : end + 1])) is not None:
                name = f"\x00table {len(tables)}"
                tables[name] = table_lines(table, "", "")
                lines[index : end + 1] = [name, *[""] * (end - index)]
                break
    return lines, tables


def _convert_block(block: Block, context: PageContext) -> list[str]:
    if block.kind == "fence":
        return indent_lines(_convert_fence(block, context), block.indent)
    if block.kind == "div":
        inner = convert_div(block, context, lambda lines, number: _convert_lines(lines, number, context))
        return indent_lines(inner, block.indent)
    if block.kind == "heading":
        return convert_heading(block, context)
    if block.kind == "math":
        return convert_math(block)
    if block.kind == "text":
        return convert_text(block, context)
    return list(block.lines)


def _convert_fence(block: Block, context: PageContext) -> list[str]:
    if raw := RAW_FORMAT.fullmatch(block.info):
        return _convert_raw(raw["format"], block, context)
    if plain := PLAIN_ATTRIBUTES.fullmatch(block.info):
        return [f"{plain['mark']}{plain['language']}", *block.content, plain["mark"]]
    chunk = read_chunk(block.info, block.content)
    if chunk is None:
        return [block.lines[0][len(block.indent) :], *block.content, *_closing(block)]
    if chunk.engine in STATEMENTS:
        label = f"{bookdown_prefix(chunk.engine)}:{chunk.label}" if chunk.label else ""
        content = _convert_lines(chunk.code, block.content_line + len(chunk.option_lines), context)
        return statement_lines(chunk.engine, label, chunk.options.get("name", ""), content, context)
    if chunk.engine in BOX_ENGINES:
        info = f"{{.{chunk.options.get('type', 'note')}}}"
        div = Block("div", block.line, block.lines, block.indent, info, block.content)
        return convert_div(div, context, lambda lines, number: _convert_lines(lines, number, context))
    return convert_chunk(chunk, block, context)


def _closing(block: Block) -> list[str]:
    is_closed = len(block.lines) > len(block.content) + 1
    return [block.info[: len(block.info) - len(block.info.lstrip("`~"))]] if is_closed else []


def _convert_raw(name: str, block: Block, context: PageContext) -> list[str]:
    if name.startswith("html"):
        return directive_lines("raw", "html", {}, block.content)
    if any(line.strip() for line in block.content):
        message = f"this passage for {name} alone is kept in the file and not shown"
        context.report("import-simplified", message, block.line, warning=False)
    return directive_lines("raw", name, {}, block.content)


def _report_code(context: PageContext) -> None:
    """Report once for a page that code was not run."""
    for lines, message in (
        (context.unstored, "outputs of code chunks are not stored in the repository, so only the code is shown"),
        (context.not_run, "values that code computes in the text are shown as code"),
    ):
        if lines:
            context.report("import-not-run", message, lines[0], warning=False)
