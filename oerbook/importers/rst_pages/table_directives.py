"""Convert directives that hold tables, glossaries and index entries."""

from __future__ import annotations

from collections.abc import Callable

from oerbook.importers.line_conversion.myst_blocks import (
    directive_lines,
    fence_length,
    target_line,
    trim_blank_lines,
)
from oerbook.importers.rst_pages.directive import Directive
from oerbook.importers.rst_pages.directive_tools import Tools, content_lines, title_words
from oerbook.importers.rst_pages.words import convert_words

INDEX_KINDS = ("single", "pair", "triple", "see", "seealso", "module", "keyword")


def _list_table(directive: Directive, tools: Tools) -> list[str]:
    options = {key: value for key, value in directive.options.items() if key not in ("class", "widths") or value}
    title = title_words(directive.argument, directive, tools)
    return directive_lines("list-table", title, options, content_lines(directive, tools))


def _csv_table(directive: Directive, tools: Tools) -> list[str]:
    convert = tools.context
    options = dict(directive.options)
    if options.get("header"):
        options["header"] = convert_words(options["header"], directive.line, convert)
    content = [convert_words(line, directive.content_line + n, convert) for n, line in enumerate(directive.content)]
    return directive_lines("csv-table", title_words(directive.argument, directive, tools), options, content)


def _table(directive: Directive, tools: Tools) -> list[str]:
    title = title_words(directive.argument, directive, tools)
    content = content_lines(directive, tools)
    name = directive.options.get("name", "")
    if content and content[0].startswith("```{list-table}"):
        return [f"{content[0]} {title}", *([f":name: {name}"] if name else []), *content[1:]]
    if content and content[0].startswith("```{eval-rst}"):
        options = [f"   :name: {name}"] if name else []
        return [
            "```{eval-rst}",
            f".. table:: {directive.argument}",
            *options,
            "",
            *(f"   {line}" for line in content[1:-1]),
            "```",
        ]
    return directive_lines("table", title, {"name": name}, content)


def _glossary(directive: Directive, tools: Tools) -> list[str]:
    lines: list[str] = []
    content = list(directive.content)
    index = 0
    while index < len(content):
        if not content[index].startswith(" "):
            lines.append(content[index])
            index += 1
            continue
        end = next(
            (n for n in range(index, len(content)) if content[n].strip() and not content[n].startswith(" ")),
            len(content),
        )
        width = min(len(line) - len(line.lstrip()) for line in content[index:end] if line.strip())
        body = [line[width:] for line in content[index:end]]
        converted = trim_blank_lines(tools.convert(body, directive.content_line + index))
        lines += [f"  {line}" if line else "" for line in converted]
        lines += [""] if end < len(content) else []
        index = end
    flags = [f":{key}:" for key in directive.options]
    mark = "`" * fence_length(lines, "`")
    return [f"{mark}{{glossary}}", *flags, *([""] if flags else []), *trim_blank_lines(lines), mark]


def _index(directive: Directive, _tools: Tools) -> list[str]:
    entries = [line.strip() for line in [*directive.argument.split("\n"), *directive.content] if line.strip()]
    lines: list[str] = []
    for entry in entries:
        kind, colon, _words = entry.partition(":")
        parts = (
            [entry] if colon and kind.strip("! ") in INDEX_KINDS else [p.strip() for p in entry.split(",") if p.strip()]
        )
        for part in parts:
            lines += [f"```{{index}} {part}", "```"]
    name = directive.options.get("name", "")
    return [*([target_line(name)] if name else []), *lines]


TABLE_HANDLERS: dict[str, Callable[[Directive, Tools], list[str]]] = {
    "list-table": _list_table,
    "flat-table": _list_table,
    "csv-table": _csv_table,
    "table": _table,
    "glossary": _glossary,
    "index": _index,
}
