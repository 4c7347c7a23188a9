"""Write divs: boxes, statements, exercises, the glossary; others are their content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oerbook.importers.myst_writer.escaping import fence_for
from oerbook.importers.myst_writer.state import PageState
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

BOX_CLASSES: tuple[str, ...] = (
    "note",
    "warning",
    "tip",
    "important",
    "caution",
    "attention",
    "danger",
    "error",
    "hint",
    "seealso",
)
BOX_CLASSES += ("admonition", "sidebar", "margin", "dropdown")
STATEMENT_CLASSES: tuple[str, ...] = (
    "theorem",
    "lemma",
    "corollary",
    "proposition",
    "definition",
    "axiom",
    "conjecture",
    "remark",
)
STATEMENT_CLASSES += ("example", "algorithm", "assumption", "criterion", "observation", "property", "notation", "proof")
QUOTE_CLASSES = ("epigraph", "pull-quote", "highlights")
WriteBlocks = Callable[[PageState, Sequence[Block]], str]


def write_div(state: PageState, block: Block, write_blocks: WriteBlocks) -> str:
    """Return a div as the directive of its class."""
    (identifier, classes, pairs), content = block["c"]
    values = dict(pairs)
    label = state.context.labels.get(identifier, "")
    state.count_text(str(values.get("title", "")))
    for name in classes:
        if name in STATEMENT_CLASSES:
            options = [f":label: {label}"] if label else []
            return _directive(f"prf:{name}", values.get("title", ""), options, write_blocks(state, content))
        if name in ("exercise", "solution"):
            return _write_exercise(state, block, name, write_blocks(state, content))
        if name in BOX_CLASSES:
            return _write_box(name, values, [f":name: {label}"] if label else [], write_blocks(state, content))
        if name == "glossary":
            return _directive("glossary", "", [], write_blocks(state, content))
        if name in QUOTE_CLASSES:
            return _directive(name, "", [], write_blocks(state, content))
        if name == "equation" and label and _formula(content):
            state.counts["formulas"] += 1
            return f"$$\n{_formula(content)}\n$$ ({label})"
    text = write_blocks(state, content)
    return f"({label})=\n{text}" if label and text else text


def _write_exercise(state: PageState, block: Block, name: str, text: str) -> str:
    (identifier, _classes, pairs), _content = block["c"]
    values = dict(pairs)
    if name == "solution":
        label = state.context.labels.get(values.get("for", ""), "")
        if not label:
            return _directive("dropdown", "Solution", [], text)
        state.counts["solutions"] += 1
        return _directive("solution", label, [], text)
    state.counts["exercises"] += 1
    label = state.context.labels.get(identifier, "")
    options = [f":label: {label}"] if label else []
    return _directive("exercise", values.get("title", ""), options, text)


def _write_box(name: str, values: dict[str, Json], options: list[str], text: str) -> str:
    title = str(values.get("title", ""))
    if not title or name in ("admonition", "sidebar", "margin", "dropdown"):
        name = "note" if name == "admonition" and not title else name
        return _directive(name, title, options, text)
    return _directive("admonition", title, [f":class: {name}", *options], text)


def _directive(name: str, argument: str, options: list[str], body: str) -> str:
    """Return a directive in colons, which editors show as text, unlike backticks."""
    fence = fence_for(body, ":")
    head = f"{fence}{{{name}}} {' '.join(argument.split())}".rstrip()
    return "\n".join([head, *options, *([""] if options else []), body, fence])


def _formula(content: Sequence[Block]) -> str:
    """Return the TeX of a div that holds one display formula, "" for another one."""
    inlines = content[0]["c"] if len(content) == 1 and content[0]["t"] in ("Para", "Plain") else []
    formulas = [inline for inline in inlines if inline["t"] == "Math"]
    others = [inline for inline in inlines if inline["t"] not in ("Math", "Space", "SoftBreak")]
    if len(formulas) != 1 or others:
        return ""
    return "\n".join(line.rstrip() for line in formulas[0]["c"][1].strip("\n").split("\n") if line.strip())
