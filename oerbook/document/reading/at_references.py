"""Parse references as mystmd and Quarto write them: `@fig-worm`."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from sphinx import addnodes

AT_LABEL = re.compile(r"@([\w][\w:./-]*\w)")
LABEL_AUTOLINK = re.compile(r"<#([\w][\w:./-]*)>")
# Labels of Quarto and of pandoc-crossref begin with what they name.
LABEL_PREFIXES = re.compile(r"(?:fig|tbl|tab|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|exer|rem|alg|prf)[-:_]")


def at_reference_rule(state: StateInline, silent: bool) -> bool:
    """Parse `@label` at the cursor, if it is no citation, or `<#label>`."""
    if link := LABEL_AUTOLINK.match(state.src, state.pos):
        if not silent:
            token = state.push("at_reference", "", 0)
            token.content, token.markup = link[1], "<"
        state.pos = link.end()
        return True
    if state.src[state.pos] != "@" or (state.pos and re.match(r"[\w.@/\\]", state.src[state.pos - 1])):
        return False
    match = AT_LABEL.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("at_reference", "", 0)
        token.content = match[1]
    state.pos = match.end()
    return True


def render_at_reference(renderer: Any, token: Any) -> None:
    """Add a reference; `@label` is plain text if the book has no such label."""
    label = token.content
    if token.markup == "<":
        add_reference(renderer, token, label)
        return
    is_citation = token.markup == "[" and not LABEL_PREFIXES.match(label)  # in brackets, where the book has works
    certain = is_citation or bool(LABEL_PREFIXES.match(label))
    shown = {"[": f"({label}?)", "[@": f"[@{label}]"}.get(token.markup, f"@{label}")
    add_reference(renderer, token, label, at_sign=shown, certain=certain, is_citation=is_citation)


def add_reference(renderer: Any, token: Any, label: str, **attributes: Any) -> None:
    """Add a reference without words of its own."""
    docname = renderer.sphinx_env.docname
    node = addnodes.pending_xref(
        "",
        nodes.inline("", ""),
        refdomain=None,
        reftype="myst",
        reftarget=label,
        refdoc=docname,
        refexplicit=False,
        **attributes,
    )
    renderer.add_line_and_source_path(node, token)
    renderer.current_node.append(node)


def add_at_references(parser: MarkdownIt) -> None:
    """Add the rule to a parser, after that of citations."""
    parser.inline.ruler.after("at_citation", "at_reference", at_reference_rule)
