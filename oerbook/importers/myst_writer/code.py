"""Write code blocks."""

from __future__ import annotations

import re

from oerbook.importers.myst_writer.escaping import fence_for
from oerbook.importers.myst_writer.state import PageState
from oerbook.manuscript.pandoc_ast import Block

LANGUAGE = re.compile(r"[A-Za-z][\w+#.-]*")
CLASSES_WITHOUT_LANGUAGE = frozenset(
    ["numberLines", "lineAnchors", "sourceCode", "code", "listing", "example", "verbatim"]
)


def write_code_block(state: PageState, block: Block) -> str:
    """Return a fence with its language, or a directive if the code has a caption, a label or line numbers."""
    (identifier, classes, pairs), text = block["c"]
    values = dict(pairs)
    language = next((name for name in classes if LANGUAGE.fullmatch(name) and name not in CLASSES_WITHOUT_LANGUAGE), "")
    text = text.replace("\t", "    ").strip("\n")
    if not text.strip():
        return ""
    state.counts["code"] += 1
    state.count_text(f"{values.get('caption', '')} {text}")
    fence = fence_for(text)
    options = [f":caption: {values['caption']}"] if values.get("caption") else []
    if identifier in state.context.labels:
        options.append(f":name: {state.context.labels[identifier]}")
    if "numberLines" in classes or values.get("linenos"):
        first = str(values.get("startFrom", ""))
        options.append(f":lineno-start: {first}" if first not in ("", "1") else ":linenos:")
    if not options:
        return f"{fence}{language}\n{text}\n{fence}"
    return "\n".join([f"{fence}{{code-block}} {language}".rstrip(), *options, "", text, fence])
