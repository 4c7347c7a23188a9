"""Rules for boxes: admonitions, theorems, exercises, cards, tabs and dropdowns."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.locale import admonitionlabels, get_translation

from oerbook.document.pandoc import figures
from oerbook.document.pandoc.page_translator import BlockRule, PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.manuscript.word_tables import wrap_in_box

translate_statement = get_translation("proof")
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
THEOREM_AND_EXERCISE_NODES = [
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
ADMONITION_TITLES = {name: name.capitalize() for name in ADMONITIONS} | {"seealso": "See also"}
# The paragraph styles of what stands in a book without a ground, in Word.
WORD_STYLE_BY_UNBOXED_KIND = (
    dict.fromkeys(
        ("theorem", "lemma", "proposition", "corollary", "axiom", "conjecture", "property", "criterion", "assumption"),
        "Statement",
    )
    | dict.fromkeys(
        ("definition", "remark", "example", "observation", "notation", "algorithm", "exercise", "solution"), "Body Text"
    )
    | {"proof": "Proof"}
)
# The Typst markup around a list of contributors (two columns, like the index) and around a biography.
TYPST_MARKUP_OF_CONTRIBUTORS = {
    "people": ("#oer-index[", "]"),
    "biography": ("#pad(left: 1em, emph[#set par(hanging-indent: 0pt)", "])"),
}


def make_box(page: PageTranslator, kind: str, title: list[Inline], content: list[Block]) -> list[Block]:
    """Return a box of a kind, under its title if it has one."""
    if page.is_typst:
        opening = pandoc_ast.raw_block("typst", f"#oer-box({pandoc_ast.typst_string(kind)})[")
        head = [pandoc_ast.plain(title)] if title else []
        return [opening, *head, pandoc_ast.raw_block("typst", "]["), *content, pandoc_ast.raw_block("typst", "]")]
    heading = pandoc_ast.para([pandoc_ast.inline("Strong", title)])
    if page.target == "docx":
        head = [pandoc_ast.div([heading], "", [], custom_style="Box Title")] if title else []
        if kind in WORD_STYLE_BY_UNBOXED_KIND:
            return [*head, pandoc_ast.div(content, "", [], custom_style=WORD_STYLE_BY_UNBOXED_KIND[kind])]
        return wrap_in_box([*head, pandoc_ast.div(content, "", [], custom_style="Box Text")])
    head = [pandoc_ast.div([heading], "", ["box-title"])] if title else []
    return [pandoc_ast.div([*head, *content], "", ["box", kind])]


def make_admonition_rule(name: str) -> BlockRule:
    """Return the rule for an admonition that has its kind as title."""

    def rule(page: PageTranslator, node: Any) -> list[Block]:
        untitled_kind = name.startswith(("version", "deprecated"))
        title = (
            [] if untitled_kind else pandoc_ast.text_inlines(str(admonitionlabels.get(name, ADMONITION_TITLES[name])))
        )
        return page.with_ids(node, make_box(page, name, title, page.blocks(node.children)))

    return rule


def make_titled_box_rule(kind: str) -> BlockRule:
    """Return the rule for a box with a title, and perhaps a subtitle, in its children."""

    def rule(page: PageTranslator, node: Any) -> list[Block]:
        title, subtitle = _first(node, nodes.title), _first(node, nodes.subtitle)
        rest = [child for child in node.children if child is not title and child is not subtitle]
        heading = page.inlines(title.children) if title is not None else []
        if subtitle is not None:
            heading += [*pandoc_ast.text_inlines(": "), *page.inlines(subtitle.children)]
        box_kind = next((name for name in node.get("classes", ()) if name in (*ADMONITIONS, "proof")), kind)
        if box_kind == "proof" and heading:  # its heading begins its text
            rest = [nodes.paragraph("", "", nodes.emphasis("", "", *title.children)), *rest]
            heading = []
        return page.with_ids(node, make_box(page, box_kind, heading, page.blocks(rest)))

    return rule


def make_untitled_box_rule(kind: str) -> BlockRule:
    """Return the rule for a box without a title."""

    def rule(page: PageTranslator, node: Any) -> list[Block]:
        return page.with_ids(node, make_box(page, kind, [], page.blocks(node.children)))

    return rule


def translate_theorem_or_exercise(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a theorem, definition, exercise or solution, with number and title."""
    title = _first(node, nodes.title)
    rest = [child for child in node.children if child is not title]
    heading = _statement_number(page, node)
    if title is not None:
        heading += [{"t": "Space"}] if heading and title.children else []
        heading += page.inlines(title.children)
    return page.with_ids(node, make_box(page, _statement_kind(node), heading, page.blocks(rest)))


def _statement_kind(node: Any) -> str:
    name = type(node).__name__
    if "solution" in name:
        return "solution"
    return "exercise" if "exercise" in name else str(node.get("realtype", "theorem"))


def _statement_number(page: PageTranslator, node: Any) -> list[Inline]:
    """Return "Theorem 2.1", as in HTML, or [] if the title has all of it."""
    name = type(node).__name__
    if name in ("exercise_node", "solution_node"):
        return []
    if name == "exercise_enumerable_node":
        return pandoc_ast.text_inlines(figures.number_label(page, node, "exercise"))
    label = str(translate_statement(str(node.get("realtype", "")).title()))
    numbers = page.context.figure_numbers.get(str(node.get("countertype", "")), {})
    number = next((numbers[identifier] for identifier in node.get("ids", ()) if identifier in numbers), None)
    if number and name != "unenumerable_node":
        label = f"{label} {'.'.join(map(str, number))}"
    return pandoc_ast.text_inlines(label)


def translate_card(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a card to a box without a title; its header is part of its content."""
    return make_box(page, "card", [], page.blocks(node.children))


def translate_tabs(page: PageTranslator, node: Any) -> list[Block]:
    """Translate tabs to a sequence, each tab below its label."""
    content: list[Block] = []
    for child in node.children:
        if type(child).__name__ == "sd_tab_label":
            label = pandoc_ast.para([pandoc_ast.inline("Strong", page.inlines(child.children))])
            sticky = [pandoc_ast.raw_block("typst", "#block(sticky: true)["), label, pandoc_ast.raw_block("typst", "]")]
            content += sticky if page.is_typst else [label]
        elif type(child).__name__ != "sd_tab_input":
            content += page.blocks([child])
    return make_box(page, "tabs", [], content)


def translate_dropdown(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a dropdown to a box that shows its content."""
    title = next((child for child in node.children if type(child).__name__ == "dropdown_title"), None)
    rest = [child for child in node.children if child is not title]
    heading = page.inlines(title.children) if title is not None else []
    return page.with_ids(node, make_box(page, "dropdown", heading, page.blocks(rest)))


def translate_contributors(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a list of contributors for Typst; an initial stays with its names."""
    before, after = next(
        TYPST_MARKUP_OF_CONTRIBUTORS[name] for name in node["classes"] if name in TYPST_MARKUP_OF_CONTRIBUTORS
    )
    content: list[Block] = []
    for child in node.children:
        initial = pandoc_ast.raw_block("typst", f"#oer-index-letter({pandoc_ast.typst_string(child.astext())})")
        content += page.with_ids(child, [initial]) if isinstance(child, nodes.rubric) else page.blocks([child])
    return [pandoc_ast.raw_block("typst", before), *content, pandoc_ast.raw_block("typst", after)]


def _first(node: Any, kind: type[nodes.Element]) -> Any:
    """Return a node's first child of a kind, or None."""
    return next((child for child in node.children if isinstance(child, kind)), None)
