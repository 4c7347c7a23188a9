"""Parse marks inside a line as pandoc and others write them: `H~2~O`, `x^2^`, `==marked==`, and dollars as money.

What could mean something else stays as typed, and the check of unrendered markup reports it.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

SUB_OR_SUPERSCRIPT_TEXT = r"[\w+\-−–=()*,.′]{1,20}"
SUBSCRIPT = re.compile(rf"(?<=[\w)\]}}’'])~(?P<text>{SUB_OR_SUPERSCRIPT_TEXT})~(?!~)")
SUPERSCRIPT = re.compile(
    rf"(?:(?<=[\w)\]}}’'*~])\^(?P<text>{SUB_OR_SUPERSCRIPT_TEXT})\^|(?<!\S)\^(?P<digits>\d{{1,3}}[+−-]?)\^(?=\w))(?!\^)"
)
HIGHLIGHTED_TEXT = re.compile(r"(?<![=\w])==(?![ =])(?P<text>[^=\n]{1,200})(?<! )==(?![=\w])")
DOLLAR_AMOUNT = re.compile(
    r"\$\d[\d,.]*(?:[kKM]|bn)?(?=[\s;:,.!?)/–—\"'’”-])(?P<rest>(?:\\\$|[^$\\=^_{}\n])*)\$(?P<behind>\S?)"
)
NODE_BY_SCRIPT_MARK = {"~": nodes.subscript, "^": nodes.superscript}


def sub_and_superscript_rule(state: StateInline, silent: bool) -> bool:
    """Parse `~2~` behind a letter or a bracket, and `^2^` there or with digits in front of a letter."""
    char = state.src[state.pos]
    if char not in NODE_BY_SCRIPT_MARK:
        return False
    match = (SUBSCRIPT if char == "~" else SUPERSCRIPT).match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("text_script", "", 0)
        token.content, token.markup = match["text"] or match["digits"], char
    state.pos = match.end()
    return True


def highlight_rule(state: StateInline, silent: bool) -> bool:
    """Parse `==marked words==`."""
    match = HIGHLIGHTED_TEXT.match(state.src, state.pos) if state.src[state.pos] == "=" else None
    if not match:
        return False
    if not silent:
        end, state.pos, state.posMax = state.posMax, match.start("text"), match.end("text")
        state.push("span_open", "span", 1).attrs = {"class": "mark"}
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = end
    state.pos = match.end()
    return True


def money_rule(state: StateInline, silent: bool) -> bool:
    """Keep the dollar sign of an amount: `$5 and $10` holds no formula."""
    match = DOLLAR_AMOUNT.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if not match or not (match["behind"].isdigit() or match["rest"][-1:].isspace()):
        return False
    if not silent:
        state.pending += "$"
    state.pos += 1
    return True


def render_sub_or_superscript(renderer: Any, token: Any) -> None:
    """Add lowered or raised text."""
    node = NODE_BY_SCRIPT_MARK[token.markup]("", token.content)
    renderer.add_line_and_source_path(node, token)
    renderer.current_node.append(node)


def add_text_marks(parser: MarkdownIt) -> None:
    """Add the rules to a parser, before those that read the same characters otherwise."""
    parser.inline.ruler.before("strikethrough", "text_script", sub_and_superscript_rule)
    parser.inline.ruler.before("emphasis", "text_mark", highlight_rule)
    parser.inline.ruler.before("math_inline", "money", money_rule)
    parser.inline.add_terminator_char("=")
