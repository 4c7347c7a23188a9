"""What to do with a directive nobody knows: show its text, and say so."""

from __future__ import annotations

import difflib
import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from oerbook.document.context.build_context import desk

OPTION = re.compile(r"^:([\w-]+):(?:\s+(.*))?$")
COMMON = [
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
MEANT = {
    "tab": "tab-item",
    "tabs": "tab-set",
    "alert": "warning",
    "info": "note",
    "quote": "epigraph",
    "video": "figure",
}


def is_directive(name: str, language: Any, document: nodes.document) -> bool:
    """Say whether docutils, Sphinx or an extension knows a directive of this name."""
    return directives.directive(name, language, document)[0] is not None


def options(content: str) -> dict[str, str]:
    """Return the options at the head of a directive's text, in either of MyST's two forms, values as text."""
    found: dict[str, str] = {}
    lines = content.split("\n")
    if lines and lines[0].strip() == "---":
        for line in lines[1:]:
            if line.strip() == "---":
                break
            key, colon, value = line.partition(":")
            if colon:
                found[key.strip()] = value.strip().strip("'\"")
        return found
    for line in lines:
        match = OPTION.match(line.strip())
        if not match:
            break
        found[match[1]] = (match[2] or "").strip()
    return found


def _body(content: str) -> str:
    """Return the text below the options, with blank lines in their place."""
    lines = content.split("\n")
    if lines and lines[0].strip() == "---":
        ends = [place for place, line in enumerate(lines[1:], start=1) if line.strip() == "---"]
        if ends:
            return "\n".join([""] * (ends[0] + 1) + lines[ends[0] + 1 :])
    for place, line in enumerate(lines):
        if not OPTION.match(line.strip()):
            return "\n".join([""] * place + lines[place:])
    return ""


def fallback(renderer: Any, name: str, first_line: str, content: str, position: int) -> list[nodes.Element]:
    """Return the text of an unknown directive: as code when its name is a language, else as ordinary text."""
    here, docname = desk(), renderer.sphinx_env.docname
    try:
        find_lexer_class_by_name(name)
    except ClassNotFound:
        close = [MEANT[name.lower()]] if name.lower() in MEANT else difflib.get_close_matches(name.lower(), COMMON, 1)
        if name.startswith("."):
            close = [name.lstrip(".").removeprefix("callout-")]  # pandoc's way, and Quarto's, to name a box
        meant = f" Did you mean {{{close[0]}}}?" if close else ""
        hint = "Its text is shown as it stands." + meant
        here.say(docname, "unknown-directive", f"nothing is known of {{{name}}}", position, hint=hint)
    else:
        hint = f"Write ```{name} without braces for code, or {{code-cell}} {name} for a notebook cell."
        here.say(docname, "unknown-directive", f"{{{name}}} is a language, not a directive", position, hint=hint)
        code = nodes.literal_block(content, content, language=name)
        return [code]
    box = nodes.container(classes=["unknown-directive", nodes.make_id(name)])
    if first_line.strip():
        box += nodes.paragraph("", first_line.strip())
    with renderer.current_node_context(box):
        renderer.nested_render_text(_body(content), position, temp_root_node=box)
    return [box] if box.children else []
