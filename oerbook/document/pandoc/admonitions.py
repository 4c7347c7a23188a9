"""What stands apart from the text: notes, statements and their proofs, exercises, cards, tabs, folded passages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

from oerbook.document.pandoc import figures
from oerbook.document.pandoc.inlines import inlines
from oerbook.document.pandoc.page_context import Block, Page
from oerbook.manuscript import pandoc_ast

ADMONITIONS = [
    "attention",
    "caution",
    "danger",
    "error",
    "hint",
    "important",
    "note",
    "seealso",
    "tip",
    "warning",
    "deprecated",
    "versionadded",
    "versionchanged",
]
STATEMENTS = [
    "axiom_node",
    "theorem_node",
    "lemma_node",
    "algorithm_node",
    "definition_node",
    "remark_node",
    "conjecture_node",
    "corollary_node",
    "criterion_node",
    "example_node",
    "property_node",
    "observation_node",
    "proposition_node",
    "assumption_node",
    "notation_node",
    "unenumerable_node",
    "exercise_node",
    "exercise_enumerable_node",
    "solution_node",
]
TITLES = {name: name.capitalize() for name in ADMONITIONS} | {"seealso": "See also"}


def _blocks(page: Page, children: Any) -> list[Block]:
    from oerbook.document.pandoc.blocks import blocks

    return blocks(page, children)


def _anchored(page: Page, node: Any, content: list[Block]) -> list[Block]:
    from oerbook.document.pandoc.blocks import with_ids

    return with_ids(page, node, content)


def box(page: Page, kind: str, title: list[dict[str, Any]], content: list[Block]) -> list[Block]:
    """Return a box of a kind, with a title in front if it has one."""
    if page.typst:
        opening = [pandoc_ast.raw_block("typst", f"#oer-box({pandoc_ast.quoted(kind)})[")]
        head = [pandoc_ast.plain(title)] if title else []
        return [*opening, *head, pandoc_ast.raw_block("typst", "]["), *content, pandoc_ast.raw_block("typst", "]")]
    heading = pandoc_ast.para([pandoc_ast.inline("Strong", title)])
    if page.target == "docx":
        shown = [pandoc_ast.div([heading], "", [], custom_style="Box Title")] if title else []
        return [*shown, pandoc_ast.div(content, "", [], custom_style="Box")]
    shown = [pandoc_ast.div([heading], "", ["box-title"])] if title else []
    return [pandoc_ast.div([*shown, *content], "", ["box", kind])]


def admonition(name: str) -> Callable[[Page, Any], list[Block]]:
    """Return the rule for an admonition that is titled by its kind."""

    def rule(page: Page, node: Any) -> list[Block]:
        from sphinx.locale import admonitionlabels

        title = pandoc_ast.words(str(admonitionlabels.get(name, TITLES[name])))
        if name.startswith(("version", "deprecated")):
            title = []
        return _anchored(page, node, box(page, name, title, _blocks(page, node.children)))

    return rule


KINDS = frozenset(ADMONITIONS)


def titled(kind: str) -> Callable[[Page, Any], list[Block]]:
    """Return the rule for a box whose first child is its title."""

    def rule(page: Page, node: Any) -> list[Block]:
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        subtitle = next((c for c in node.children if isinstance(c, nodes.subtitle)), None)
        rest = [c for c in node.children if c is not title and c is not subtitle]
        words = inlines(page, title.children) if title is not None else []
        if subtitle is not None:
            words += [*pandoc_ast.words(": "), *inlines(page, subtitle.children)]
        named = next((name for name in node.get("classes", ()) if name in KINDS), kind)
        return _anchored(page, node, box(page, named, words, _blocks(page, rest)))

    return rule


def untitled(kind: str) -> Callable[[Page, Any], list[Block]]:
    """Return the rule for a box without a title."""

    def rule(page: Page, node: Any) -> list[Block]:
        return _anchored(page, node, box(page, kind, [], _blocks(page, node.children)))

    return rule


def statement(page: Page, node: Any) -> list[Block]:
    """Return a theorem, definition, exercise or the like under its number and title."""
    title = next((c for c in node.children if isinstance(c, nodes.title)), None)
    rest = [c for c in node.children if c is not title]
    exercise = "exercise" in type(node).__name__ or "solution" in type(node).__name__
    kind = "exercise" if exercise else str(node.get("realtype", "theorem"))
    words = _statement_number(page, node)
    if title is not None:
        words += [{"t": "Space"}] if words and title.children else []
        words += inlines(page, title.children)
    content = _blocks(page, rest)
    return _anchored(page, node, box(page, "solution" if "solution" in type(node).__name__ else kind, words, content))


def _statement_number(page: Page, node: Any) -> list[dict[str, Any]]:
    """Return "Theorem 2.1" as HTML has it; an exercise carries its number in its title already."""
    if type(node).__name__ in ("exercise_node", "solution_node"):
        return []
    if type(node).__name__ == "exercise_enumerable_node":
        return pandoc_ast.words(figures.number(page, node, "exercise"))
    name = str(node.get("realtype", "")).title()
    numbers = page.context.fignumbers.get(str(node.get("countertype", "")), {})
    found = next((numbers[identifier] for identifier in node.get("ids", ()) if identifier in numbers), None)
    if found and type(node).__name__ != "unenumerable_node":
        name = f"{name} {'.'.join(map(str, found))}"
    return pandoc_ast.words(name)


def card(page: Page, node: Any) -> list[Block]:
    """Return a card as a quiet box: its head is the title."""
    return box(page, "card", [], _blocks(page, node.children))


def tabs(page: Page, node: Any) -> list[Block]:
    """Return tabs one after the other, each under its label: paper cannot be clicked."""
    found: list[Block] = []
    for child in node.children:
        if type(child).__name__ == "sd_tab_label":
            label = pandoc_ast.para([pandoc_ast.inline("Strong", inlines(page, child.children))])
            held = [pandoc_ast.raw_block("typst", "#block(sticky: true)["), label, pandoc_ast.raw_block("typst", "]")]
            found += held if page.typst else [label]
        elif type(child).__name__ != "sd_tab_input":
            found += _blocks(page, [child])
    return box(page, "tabs", [], found)


def dropdown(page: Page, node: Any) -> list[Block]:
    """Return a folded passage, open."""
    head = next((c for c in node.children if type(c).__name__ == "dropdown_title"), None)
    rest = [c for c in node.children if c is not head]
    words = inlines(page, head.children) if head is not None else []
    return _anchored(page, node, box(page, "dropdown", words, _blocks(page, rest)))


# A list of people in two columns like the index, and what they say of themselves.
PEOPLE = {
    "people": ("#oer-index[", "]"),
    "biography": ("#pad(left: 1em, emph[#set par(hanging-indent: 0pt)", "])"),
}


def people(page: Page, node: Any) -> list[Block]:
    """Return a list of people for paper; its letters keep with those whom they lead."""
    before, after = next(PEOPLE[name] for name in node["classes"] if name in PEOPLE)
    content: list[Block] = []
    for child in node.children:
        lead = pandoc_ast.raw_block("typst", f"#oer-index-letter({pandoc_ast.quoted(child.astext())})")
        content += _anchored(page, child, [lead]) if isinstance(child, nodes.rubric) else _blocks(page, [child])
    return [pandoc_ast.raw_block("typst", before), *content, pandoc_ast.raw_block("typst", after)]
