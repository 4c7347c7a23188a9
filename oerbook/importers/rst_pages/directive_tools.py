"""What conversions of directives share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oerbook.importers.line_conversion.myst_blocks import fence_length, trim_blank_lines
from oerbook.importers.rst_pages.context import RstContext
from oerbook.importers.rst_pages.directive import Directive
from oerbook.importers.rst_pages.words import convert_words

ConvertLines = Callable[[Sequence[str], int], list[str]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a directive needs: the page, and the conversion of the lines in it."""

    context: RstContext
    convert: ConvertLines


def content_lines(directive: Directive, tools: Tools) -> list[str]:
    """Return the content of a directive as MyST."""
    return trim_blank_lines(tools.convert(directive.content, directive.content_line))


def title_words(text: str, directive: Directive, tools: Tools) -> str:
    """Return the words of a title or caption as MyST, on one line."""
    return convert_words(" ".join(text.split()), directive.line, tools.context)


def lines_with_flags(name: str, argument: str, options: dict[str, str], content: Sequence[str]) -> list[str]:
    """Return a directive whose options may have no value."""
    mark = "`" * fence_length(content, "`")
    written = [f":{key}: {value}".rstrip() for key, value in options.items()]
    gap = [""] if written and content else []
    return [f"{mark}{{{name}}} {argument}".rstrip(), *written, *gap, *content, mark]
