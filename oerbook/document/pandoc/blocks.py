"""Rules for block nodes: one function for each docutils node, in one table."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from oerbook.document.pandoc import admonitions, figures, images, inlines, lists, media, notes, quotes, tables
from oerbook.document.pandoc.headings import extract_anchors, heading_number_inlines
from oerbook.document.pandoc.page_translator import BlockRule, PageTranslator
from oerbook.document.transforms.images import IMAGE_ROW_CLASS
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.code_lines import add_code_lines
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.manuscript.word_tables import numbered_equation

LANGUAGE_ALIASES = {
    "ipython": "python",
    "ipython2": "python",
    "ipython3": "python",
    "py": "python",
    "python3": "python",
    "pycon": "python",
    "pycon3": "python",
    "console": "bash",
    "shell": "bash",
    "sh": "bash",
    "zsh": "bash",
    "shell-session": "bash",
    "none": "",
    "text": "",
    "default": "",
    "output": "",
    "js": "javascript",
    "ts": "typescript",
    "yml": "yaml",
    "md": "markdown",
    "myst": "markdown",
    "rst": "rst",
    "c++": "cpp",
}
CLASSES_KEPT_IN_EPUB = ("cell", "cell_input", "cell_output", "margin", "epigraph", "details", "people", "biography")


def translate_section(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a section: its heading with its number written out, then its content."""
    page.level += 1
    ids = [page.anchor(identifier) for identifier in node.get("ids", ())]
    if page.level == 1:
        ids.insert(0, page.anchor(""))
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    rest = [child for child in node.children if child is not title]
    result: list[Block] = []
    if title is not None and node is not page.untitled_section:
        heading, inner_ids = _heading(page, node, title)
        ids += inner_ids
        classes = ["unnumbered"] if page.level == 1 else []
        result.append(pandoc_ast.header(min(page.level, 6), heading, ids[0] if ids else "", classes))
        ids = ids[1:]
    for identifier in ids:
        result.append(
            pandoc_ast.raw_block("typst", pandoc_ast.typst_label(identifier))
            if page.is_typst
            else pandoc_ast.div([], identifier)
        )
    result += page.blocks(rest)
    page.level -= 1
    return result


def _heading(page: PageTranslator, node: Any, title: nodes.title) -> tuple[list[Inline], list[str]]:
    """Return the inlines of a section's heading, and the ids taken out of them."""
    number = _section_number(page, node)
    content, ids = extract_anchors(page.inlines(title.children))
    return [*heading_number_inlines(page, number), {"t": "Space"}, *content] if number else content, ids


def _section_number(page: PageTranslator, node: Any) -> str:
    anchors = [f"#{identifier}" for identifier in node.get("ids", ())]
    numbers = page.context.section_numbers
    number = numbers.get("", ()) if page.level == 1 else next((numbers[a] for a in anchors if a in numbers), ())
    return ".".join(map(str, number)) + "." if number else ""


def translate_paragraph(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a paragraph; it is split at a block in it, such as a formula."""
    if any(map(page.is_block_only, node.children)):
        return translate_children(page, node)
    if page.is_typst and IMAGE_ROW_CLASS in node.get("classes", ()):
        return images.translate_image_row(page, node)
    content = page.inlines(node.children)
    return page.with_ids(node, [pandoc_ast.para(content)] if content else [])


def translate_children(page: PageTranslator, node: Any) -> list[Block]:
    """Translate the children of a node that only groups them."""
    return page.with_ids(node, page.blocks(node.children))


def translate_container(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a container; sphinx-design components get a printable form."""
    classes = node.get("classes", [])
    if "sd-card" in classes:
        return page.with_ids(node, admonitions.translate_card(page, node))
    if "literal-block-wrapper" in classes:
        return figures.translate_listing(page, node)
    if "sd-tab-set" in classes:
        return page.with_ids(node, admonitions.translate_tabs(page, node))
    if page.is_typst and admonitions.TYPST_MARKUP_OF_CONTRIBUTORS.keys() & set(classes):
        return page.with_ids(node, admonitions.translate_contributors(page, node))
    content = page.blocks(node.children)
    epub_classes = [name for name in classes if name in CLASSES_KEPT_IN_EPUB]
    if epub_classes and page.target == "epub" and content:
        content = [pandoc_ast.div(content, "", epub_classes)]
    return page.with_ids(node, content)


def translate_literal_block(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a code block with its language."""
    language = str(node.get("language", ""))
    language = LANGUAGE_ALIASES.get(language, language)
    language = language if re.fullmatch(r"[\w+#.-]*", language) else ""
    arguments = node.get("highlight_args") or {}
    first = int(arguments.get("linenostart") or 1) if node.get("linenos") else None
    block = pandoc_ast.code_block(node.astext(), language)
    return page.with_ids(node, [add_code_lines(block, first, arguments.get("hl_lines") or ())])


def translate_plain_literal(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a code block without a language."""
    return page.with_ids(node, [pandoc_ast.code_block(node.astext())])


def translate_math_block(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a displayed formula with its number."""
    formula = page.context.convert_formula(node.astext(), True)
    number = _equation_number(page, node)
    if page.is_typst and formula.typst:
        call = (
            f"#oer-equation({pandoc_ast.typst_string(formula.alt)}, {pandoc_ast.typst_string(number)})[$"
            f" {formula.typst} $]"
        )
        return page.with_ids(node, [pandoc_ast.raw_block("typst", call)])
    if page.target == "epub" and formula.mathml:
        content = [pandoc_ast.raw_inline("html", formula.mathml)]
    elif page.target == "docx" and formula.omml and number:
        return page.with_ids(node, [numbered_equation(formula.omml, number)])
    elif page.target == "docx" and formula.omml:
        content = [pandoc_ast.raw_inline("openxml", formula.omml)]
    else:
        tex = [pandoc_ast.code_block(node.astext(), "")]
        return page.with_ids(node, [*tex, pandoc_ast.para(pandoc_ast.text_inlines(number))] if number else tex)
    if number:
        content += [{"t": "Space"}, pandoc_ast.span(pandoc_ast.text_inlines(number), "", ["eqno"])]
    equation = [pandoc_ast.para(content)]
    return page.with_ids(node, [pandoc_ast.div(equation, "", ["equation"])] if page.target == "epub" else equation)


def _equation_number(page: PageTranslator, node: Any) -> str:
    """Return "(1.2)" for a numbered equation, as in HTML, else ""."""
    if not node.get("number") or node.get("unnumbered"):
        return ""
    identifier = nodes.make_id(f"equation-{node.get('label', '')}")
    number = page.context.figure_numbers.get("displaymath", {}).get(identifier)
    return "(" + (".".join(map(str, number)) if number else str(node["number"])) + ")"


def translate_line_block(page: PageTranslator, node: Any) -> list[Block]:
    """Translate lines of verse or an address; nested blocks are indented with spaces."""
    return page.with_ids(node, [{"t": "LineBlock", "c": _lines(page, node, 0)}])


def _lines(page: PageTranslator, node: Any, depth: int) -> list[list[Inline]]:
    result: list[list[Inline]] = []
    for child in node.children:
        if isinstance(child, nodes.line_block):
            result += _lines(page, child, depth + 1)
        else:
            indent = pandoc_ast.text_inlines("\u00a0" * 4 * depth) if depth else []
            result.append([*indent, *page.inlines(child.children)])
    return result


def translate_transition(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a transition to a horizontal rule."""
    return page.with_ids(node, [{"t": "HorizontalRule"}])


def translate_rubric(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a heading that is not part of the outline."""
    heading = pandoc_ast.para([pandoc_ast.inline("Strong", page.inlines(node.children))])
    return page.with_ids(node, [pandoc_ast.div([heading], "", ["rubric"])] if page.target == "epub" else [heading])


def translate_target(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a link target between blocks."""
    return page.with_ids(node, [])


def translate_only(page: PageTranslator, node: Any) -> list[Block]:
    """Translate the children of `{only}` if its expression holds for the target."""
    return page.blocks(node.children) if inlines.is_only_expression_true(page, node["expr"]) else []


def drop_node(_page: PageTranslator, _node: Any) -> list[Block]:
    """Return nothing: the node contains no text of the book."""
    return []


def translate_raw(page: PageTranslator, node: Any) -> list[Block]:
    """Translate the raw HTML that MyST itself writes."""
    content = inlines.translate_inline_raw(page, node)
    return [pandoc_ast.plain(content)] if content else []


def translate_signature(page: PageTranslator, node: Any) -> list[Block]:
    """Translate the signature of a documented object (a function, say) to code."""
    return page.with_ids(node, [pandoc_ast.para([pandoc_ast.code(node.astext())])])


def translate_centered(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a centred line to a paragraph."""
    return page.with_ids(node, [pandoc_ast.para(page.inlines(node.children))])


BLOCK_RULES: dict[str, BlockRule] = {
    "document": translate_children,
    "section": translate_section,
    "paragraph": translate_paragraph,
    "compact_paragraph": translate_paragraph,
    "container": translate_container,
    "compound": translate_children,
    "block_quote": quotes.translate_block_quote,
    "literal_block": translate_literal_block,
    "doctest_block": translate_plain_literal,
    "math_block": translate_math_block,
    "line_block": translate_line_block,
    "transition": translate_transition,
    "rubric": translate_rubric,
    "target": translate_target,
    "only": translate_only,
    "comment": drop_node,
    "index": drop_node,
    "raw": translate_raw,
    "substitution_definition": drop_node,
    "system_message": drop_node,
    "toctree": drop_node,
    "tabular_col_spec": drop_node,
    "highlightlang": drop_node,
    "acks": translate_children,
    "centered": translate_centered,
    "meta": drop_node,
    "docinfo": drop_node,
    "decoration": drop_node,
    "pending": drop_node,
    "start_of_file": translate_children,
    "glossary": translate_children,
    "citation": quotes.translate_citation,
    "footnote": notes.translate_footnote,
    "desc": translate_children,
    "desc_content": translate_children,
    "desc_signature": translate_signature,
    "productionlist": translate_plain_literal,
    "parsed_literal": translate_plain_literal,
    "legend": translate_children,
    "bullet_list": lists.translate_bullet_list,
    "enumerated_list": lists.translate_enumerated_list,
    "definition_list": lists.translate_definition_list,
    "field_list": lists.translate_field_list,
    "option_list": lists.translate_option_list,
    "hlist": translate_children,
    "hlistcol": translate_children,
    "list_item": translate_children,
    "table": tables.translate_table,
    "figure": figures.translate_figure,
    "MediaNode": media.translate_media,
    "topic": admonitions.make_titled_box_rule("topic"),
    "sidebar": admonitions.make_titled_box_rule("sidebar"),
    "admonition": admonitions.make_titled_box_rule("note"),
    "versionmodified": admonitions.make_untitled_box_rule("note"),
    "todo_node": drop_node,  # for authors; left out of HTML as well
    "proof_node": translate_children,
    "dropdown_main": admonitions.translate_dropdown,
    "dropdown_title": drop_node,
    "aside_main": admonitions.make_untitled_box_rule("sidebar"),
    "sd_tab_input": drop_node,
    "sd_tab_label": drop_node,
    "PassthroughTextElement": translate_paragraph,
}
BLOCK_RULES |= {name: admonitions.make_admonition_rule(name) for name in admonitions.ADMONITIONS}
BLOCK_RULES |= dict.fromkeys(admonitions.THEOREM_AND_EXERCISE_NODES, admonitions.translate_theorem_or_exercise)
