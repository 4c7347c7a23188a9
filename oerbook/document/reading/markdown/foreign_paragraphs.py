"""Read paragraphs that have a meaning in other tools: definitions of abbreviations, lines of verse, template tags.

`*[HTML]: Hypertext Markup Language` explains an abbreviation of the page (MkDocs, Kramdown, PHP Markdown Extra). Lines
that begin with `| ` keep their line ends (pandoc). A line `{% … %}` is a tag of Jekyll or GitBook, which stays visible.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore

ABBREVIATION = re.compile(r"\*\[(?P<name>[^\[\]\n]{1,60})\]:[ \t]*(?P<text>\S[^\n]*)")
VERSE_LINE = re.compile(r"\|(?: (?P<indent> *)(?P<words>.*))?")
TEMPLATE_TAG = re.compile(r"\{%.*%\}[ \t]*$")
PAGE_ABBREVIATIONS_ATTRIBUTE = "abbreviations"  # attribute of a document: the abbreviations that its text defines


def paragraph_rule(state: StateCore) -> None:
    """Turn paragraphs of definitions and of verse into tokens of their own."""
    for index, token in enumerate(state.tokens[:-1]):
        inline = state.tokens[index + 1]
        if token.type != "paragraph_open" or inline.content[:2] not in ("*[", "| ", "|\n"):
            continue
        lines = inline.content.split("\n")
        if all(map(ABBREVIATION.fullmatch, lines)):
            kind = "abbreviation_definitions"
        elif len(lines) > 1 and all(VERSE_LINE.fullmatch(line) and not line.rstrip().endswith("|") for line in lines):
            kind = "verse"
        else:
            continue
        token.type, token.tag, token.nesting, token.content = kind, "", 0, inline.content
        inline.type = state.tokens[index + 2].type = "moved"
    state.tokens[:] = [token for token in state.tokens if token.type != "moved"]


def template_tag_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001 - the signature of markdown-it
    """Parse a line `{% … %}` as a paragraph; MyST would take it for a comment among attributes."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if state.is_code_block(start) or not TEMPLATE_TAG.match(text):
        return False
    if not silent:
        opening = state.push("paragraph_open", "p", 1)
        inline = state.push("inline", "", 0)
        state.push("paragraph_close", "p", -1)
        opening.map = inline.map = [start, start + 1]
        inline.content, inline.children = text.strip(), []
        state.line = start + 1
    return True


def render_definitions(renderer: Any, token: Any) -> None:
    """Note the abbreviations that a page defines in its text."""
    found = {match["name"]: match["text"].strip() for match in ABBREVIATION.finditer(token.content)}
    renderer.document[PAGE_ABBREVIATIONS_ATTRIBUTE] = {
        **renderer.document.get(PAGE_ABBREVIATIONS_ATTRIBUTE, {}),
        **found,
    }


def render_verse(renderer: Any, token: Any) -> None:
    """Add lines that end where they are typed, indented as they are typed."""
    block = nodes.line_block()
    renderer.add_line_and_source_path(block, token)
    first = token.map[0] + 1 if token.map else 0
    for offset, typed in enumerate(token.content.split("\n")):
        match: Any = VERSE_LINE.fullmatch(typed)
        line = nodes.line(typed, "\N{NO-BREAK SPACE}" * len(match["indent"] or ""))
        line.line = first + offset
        block += line
        with renderer.current_node_context(line):
            renderer.nested_render_text(match["words"] or "", first + offset, inline=True)
    renderer.current_node.append(block)


def add_foreign_paragraphs(parser: MarkdownIt) -> None:
    """Add the rules to a parser."""
    parser.core.ruler.after("block", "foreign_paragraphs", paragraph_rule)
    interrupted = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
    parser.block.ruler.before("attr", "template_tag", template_tag_rule, {"alt": interrupted})
