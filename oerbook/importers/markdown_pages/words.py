"""Convert what stands in lines of Markdown: variables, keys, icons, attributes, formulas in brackets."""

from __future__ import annotations

import re

from oerbook.importers.line_conversion.markdown_blocks import replace_in_words
from oerbook.importers.markdown_pages.context import MarkdownContext

VARIABLE = re.compile(r"\{\{\s*(?:(?:book|site|page)\.)?(?P<name>[\w.]+)\s*\}\}")
LIQUID_TAG = re.compile(r"\{%-?\s*(?P<name>\w+).*?-?%\}")
CODE_OR_DOLLAR = re.compile(
    r"(?P<code>(?P<ticks>`+)[^`](?:.*?[^`])?(?P=ticks)(?!`)|\$\$[^$]+\$\$|\]\([^)\s]*\))|(?<!\\)\$"
)
FILE_NAME = re.compile(r"\{%\s*filename\s*%\}(?P<words>.*?)\{%\s*endfilename\s*%\}")
KEY_COMBINATION = re.compile(r"\+\+(?P<keys>[\w\"-]+(?:\+[\w\"-]+)*)\+\+")
ICON = re.compile(r":(?:material|fontawesome|octicons|simple)(?:-[a-z0-9]+)+:(?:\{[^{}\n]*\})?")
KRAMDOWN_ATTRIBUTES = re.compile(r"(?<=[\])`*_])\{:\s*(?P<items>[^{}\n]*)\}")
LINK_ATTRIBUTES = re.compile(r"(?<=\))\{\s*(?:target|rel|\.md-button|\.external)[^{}\n]*\}")
INSERTED_TEXT = re.compile(r"\^\^(?P<words>[^\^\n]+)\^\^")
BRACKET_FORMULA = re.compile(r"(?<!\\)\\\\?\((?P<tex>\S(?:[^\n$]*?\S)?)\\\\?\)")
DOUBLE_DOLLARS_IN_LINE = re.compile(r"(?<=\S)([ (])\$\$(?P<tex>[^$\n]+)\$\$|^\$\$(?P<first>[^$\n]+)\$\$(?=[^\n])", re.M)
KEY_NAMES = {"ctrl": "Ctrl", "cmd": "Cmd", "alt": "Alt", "shift": "Shift", "enter": "Enter", "esc": "Esc", "tab": "Tab"}
MDBOOK_FORMULA = re.compile(r"\\\\\((?P<tex>.+?)\\\\\)")


def convert_inline_text(text: str, line: int, context: MarkdownContext) -> str:
    """Return a line of text as MyST."""
    if not context.dollar_math:
        text = CODE_OR_DOLLAR.sub(lambda match: match[0] if match["code"] else r"\$", text)
    if context.tool == "gitbook":
        text = FILE_NAME.sub(r"**\g<words>**", text)
        text = DOUBLE_DOLLARS_IN_LINE.sub(_inline_formula, text)
    if context.tool == "mdbook":
        text = MDBOOK_FORMULA.sub(r"$\g<tex>$", text)
    return replace_in_words(text, lambda words: _convert(words, line, context))


def _inline_formula(match: re.Match[str]) -> str:
    return f"{match[1] or ''}${(match['tex'] or match['first']).strip()}$"


def _convert(words: str, line: int, context: MarkdownContext) -> str:
    if context.tool == "mkdocs":
        words = KEY_COMBINATION.sub(_keys, words)
        words = INSERTED_TEXT.sub(r"{u}`\g<words>`", words)
        words = BRACKET_FORMULA.sub(r"$\g<tex>$", words)
        words = ICON.sub("", words)
    words = LINK_ATTRIBUTES.sub("", KRAMDOWN_ATTRIBUTES.sub(_attributes, words))
    if context.tool in ("gitbook", "markdown"):
        words = VARIABLE.sub(lambda match: _variable(match, context), words)
    if context.tool == "gitbook":
        words = LIQUID_TAG.sub(lambda match: _tag(match, line, context), words)
    return words


def _variable(match: re.Match[str], context: MarkdownContext) -> str:
    name = match["name"]
    return context.own_variables.get(name) or context.variables.get(name) or match[0]


def _attributes(match: re.Match[str]) -> str:
    """Return attributes of Kramdown as MyST writes them, nothing for those of links."""
    items = match["items"].strip()
    return "" if re.match(r"(?:target|rel)\s*=|\.md-button", items) else f"{{{items}}}"


def _keys(match: re.Match[str]) -> str:
    names = [key.strip('"') for key in match["keys"].split("+")]
    return " + ".join(f"{{kbd}}`{KEY_NAMES.get(name, name.replace('-', ' ').capitalize())}`" for name in names)


def _tag(match: re.Match[str], line: int, context: MarkdownContext) -> str:
    if match["name"] not in ("raw", "endraw"):
        context.report("import-simplified", f"the tag “{match['name']}” of GitBook was removed", line)
    return ""
