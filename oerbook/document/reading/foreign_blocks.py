"""Read blocks as other tools write them: captions, callouts, boxes of MkDocs, notes in the text."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin

from oerbook.document.reading.attributes import TRAILING_ATTRIBUTES, parse_attributes

TABLE_CAPTION = re.compile(r"(?:Table\s*:|:)[ \t]+(?P<words>\S[\s\S]*)")
HTML_ADMONITION = re.compile(r"\s*<div[^>]*\bclass\s*=\s*[\"'][^\"'>]*\badmonition\b", re.I)
HTML_TITLE = re.compile(r"<(p|div)[^>]*\btitle\b[^>]*>.*?</\1\s*>", re.I | re.S)
HTML_TAG = re.compile(r"<[^<>]*>")
CALLOUT_START = re.compile(r"\[!(?P<kind>\w+)\](?P<fold>[+-]?)[ \t]*(?P<title>[^\n]*)(?:\n|$)")
# Names of boxes in other tools, and the directives of MyST for them; any other box gets its name as its title.
DIRECTIVE_BY_ADMONITION_NAME = {
    **dict.fromkeys(["info", "todo", "abstract", "summary", "tldr", "example", "quote", "cite"], "note"),
    **dict.fromkeys(["success", "check", "done"], "tip"),
    **dict.fromkeys(["help", "question", "faq"], "hint"),
    **dict.fromkeys(["fail", "failure", "missing", "bug"], "warning"),
    **{name: name for name in ("note", "tip", "important", "warning", "caution")},
    **{name: name for name in ("hint", "attention", "danger", "error", "seealso")},
}


def is_admonition_without_text(html: str) -> bool:
    """Return whether HTML is a box that ends before its text starts, as an empty line in it makes it.

    >>> is_admonition_without_text('<div class="admonition">')
    True
    """
    return bool(HTML_ADMONITION.match(html)) and not HTML_TAG.sub("", HTML_TITLE.sub("", html)).strip()


def table_caption_rule(state: StateCore) -> None:
    """Move a paragraph `Table: words` or `: words` beside a table to the table."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "table_open":
            continue
        close = next(
            n for n in range(index, len(tokens)) if tokens[n].type == "table_close" and tokens[n].level == token.level
        )
        for start in (close + 1, index - 3):
            if start >= 0 and _is_caption(tokens[start : start + 3]):
                _move_caption(token, tokens[start + 1])
                for moved in tokens[start : start + 3]:
                    moved.type = "moved"
                break
    state.tokens[:] = [token for token in tokens if token.type != "moved"]


def _is_caption(tokens: list[Token]) -> bool:
    kinds = [token.type for token in tokens]
    return kinds == ["paragraph_open", "inline", "paragraph_close"] and bool(TABLE_CAPTION.fullmatch(tokens[1].content))


def _move_caption(table: Token, inline: Token) -> None:
    match = TABLE_CAPTION.fullmatch(inline.content)
    words = match["words"].strip() if match else ""
    if attributes := TRAILING_ATTRIBUTES.search(words):
        words = words[: attributes.start()]
        parsed = parse_attributes(attributes["items"])
        table.attrs.update({key: parsed[key] for key in ("id", "class") if key in parsed})
    table.meta = {**table.meta, "caption": words, "caption_line": inline.map[0] if inline.map else 0}


def callout_rule(state: StateCore) -> None:
    """Read quotations that begin with `[!tip] Title`, as in Obsidian and on GitHub, as boxes."""
    tokens = state.tokens
    for index, token in enumerate(tokens[:-2]):
        opening, inline = tokens[index + 1], tokens[index + 2]
        match = (
            CALLOUT_START.match(inline.content)
            if token.type == "blockquote_open" and opening.type == "paragraph_open"
            else None
        )
        if not match:
            continue
        close = next(
            n
            for n in range(index, len(tokens))
            if tokens[n].type == "blockquote_close" and tokens[n].level == token.level
        )
        token.type, tokens[close].type = "foreign_box_open", "foreign_box_close"
        token.meta = {"kind": match["kind"].lower(), "title": match["title"].strip(), "fold": match["fold"]}
        inline.content = inline.content[match.end() :]
        if inline.map:
            inline.map = [inline.map[0] + 1, max(inline.map[1], inline.map[0] + 2)]
        if not inline.content.strip():
            for dropped in tokens[index + 1 : index + 4]:
                dropped.type = "moved"
    state.tokens[:] = [token for token in tokens if token.type != "moved"]


def mkdocs_admonition_rule(state: StateCore) -> None:
    """Give the boxes of MkDocs, `!!! note "Title"`, the form of callouts."""
    for token in state.tokens:
        if token.type == "admonition_open":
            words = token.info.strip()
            quoted = re.search(r'"([^"]*)"\s*$', words)
            fold = "" if token.markup == "!!!" else "+" if token.markup.endswith("+") else "-"
            title = quoted[1] if quoted else ""
            token.type, token.meta = (
                "foreign_box_open",
                {"kind": words.split()[0].lower(), "title": title, "fold": fold},
            )
        elif token.type == "admonition_close":
            token.type = "foreign_box_close"
    state.tokens[:] = _without_titles(state.tokens)


def _without_titles(tokens: list[Token]) -> list[Token]:
    result, skipping = [], False
    for token in tokens:
        skipping = skipping or token.type == "admonition_title_open"
        if not skipping:
            result.append(token)
        skipping = skipping and token.type != "admonition_title_close"
    return result


def inline_note_rule(state: StateInline, silent: bool) -> bool:
    """Parse a footnote in the text, `^[words]`, as pandoc does."""
    if not state.src.startswith("^[", state.pos):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    if end < 0 or not state.src[state.pos + 2 : end].strip():
        return False
    if not silent:
        token = state.push("inline_note", "", 0)
        token.content = state.src[state.pos + 2 : end]
    state.pos = end + 1
    return True


def add_foreign_blocks(parser: MarkdownIt) -> None:
    """Add the rules to a parser."""
    parser.use(admon_plugin)
    parser.core.ruler.after("block", "mkdocs_boxes", mkdocs_admonition_rule)
    parser.core.ruler.after("block", "callouts", callout_rule)
    parser.core.ruler.after("block", "table_captions", table_caption_rule)
    parser.inline.add_terminator_char("^")
    parser.inline.ruler.before("link", "inline_note", inline_note_rule)
