"""Render the content of unknown directives and suggest known ones."""

from __future__ import annotations

import difflib
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from oerbook.document.reading.foreign_blocks import DIRECTIVE_BY_ADMONITION_NAME
from oerbook.text.myst_scan import blank_options

SUGGESTED_DIRECTIVES = [
    "admonition",
    "code-block",
    "code-cell",
    "figure",
    "image",
    "include",
    "list-table",
    "math",
    "note",
    "tip",
    "warning",
    "table",
    "toctree",
    "dropdown",
    "exercise",
    "solution",
    "grid",
    "tab-item",
]
SIMILAR_DIRECTIVES = {
    "alert": "warning",
    "info": "note",
    "quote": "epigraph",
    "film": "video",
    "movie": "video",
    "sound": "audio",
    "quiz": "exercise",
    "question": "exercise",
}


def is_known_directive(name: str, language: Any, document: nodes.document) -> bool:
    """Return whether docutils, Sphinx or an extension has a directive of this name."""
    return directives.directive(name, language, document)[0] is not None


def render_unknown_directive(
    renderer: Any, name: str, first_line: str, content: str, position: int
) -> list[nodes.Element]:
    """Report an unknown directive and return its content as text.

    If the directive is named after a programming language, its content is code.
    """
    context, docname = renderer.context, renderer.sphinx_env.docname
    try:
        find_lexer_class_by_name(name)
    except ClassNotFound:
        suggestion = _suggest(name)
        question = f" Did you mean {{{suggestion}}}?" if suggestion else ""
        if name.startswith(".") and not suggestion:
            question = " For a box, write :::{note}."
        hint = "Its content is shown as ordinary text." + question
        context.report_problem(docname, "directive-unknown", f"unknown directive {{{name}}}", position, hint=hint)
    else:
        hint = f"Write ```{name} without braces for code, or {{code-cell}} {name} for a notebook cell."
        context.report_problem(
            docname, "directive-unknown", f"{{{name}}} is a language, not a directive", position, hint=hint
        )
        return [nodes.literal_block(content, content, language=name)]
    box = nodes.container(classes=["directive-unknown", nodes.make_id(name)])
    if first_line.strip():
        box += nodes.paragraph("", first_line.strip())
    with renderer.current_node_context(box):
        renderer.nested_render_text(blank_options(content), position, temp_root_node=box)
    return [box] if box.children else []


def _suggest(name: str) -> str:
    """Return the directive that an author probably meant, or ""."""
    if name.startswith("."):  # pandoc and Quarto name a box by its class: {.callout-note}
        kind = name.lstrip(".").removeprefix("callout-")
        return kind if kind in DIRECTIVE_BY_ADMONITION_NAME else ""
    if name.lower() in SIMILAR_DIRECTIVES:
        return SIMILAR_DIRECTIVES[name.lower()]
    return next(iter(difflib.get_close_matches(name.lower(), SUGGESTED_DIRECTIVES, 1)), "")
