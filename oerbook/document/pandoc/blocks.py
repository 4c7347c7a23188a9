"""Block nodes to pandoc blocks: one small function a node, in one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from docutils import nodes

from oerbook.document.pandoc import admonitions, figures, lists, quotes, tables
from oerbook.document.pandoc.headings import lifted, numeral
from oerbook.document.pandoc.inlines import INLINES, inlines, wanted
from oerbook.document.pandoc.page_context import Block, Page
from oerbook.document.pandoc.text_direction import turned
from oerbook.document.pandoc.unsupported import say
from oerbook.manuscript import pandoc_ast

Rule = Callable[[Page, Any], list[Block]]
LANGUAGES = {
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


def blocks(page: Page, children: Iterable[nodes.Node]) -> list[Block]:
    """Return nodes as blocks, in order; inline nodes among them make paragraphs of their own."""
    found: list[Block] = []
    run: list[nodes.Node] = []
    for node in children:
        if _inline(node):
            run.append(node)
            continue
        found += _paragraph(page, run)
        run = []
        found += one(page, node)
    return found + _paragraph(page, run)


def _inline(node: Any) -> bool:
    name = type(node).__name__
    if name in BLOCKS:
        return False
    return name in INLINES or isinstance(node, nodes.Inline | nodes.Text)


def _paragraph(page: Page, run: list[nodes.Node]) -> list[Block]:
    content = inlines(page, run)
    if not content:
        return []
    return [pandoc_ast.para(content)] if any(e["t"] not in ("Space", "SoftBreak") for e in content) else []


def one(page: Page, node: Any) -> list[Block]:
    """Return one node as blocks."""
    rule = BLOCKS.get(type(node).__name__)
    if rule is not None:
        return turned(node, rule(page, node), typst=page.typst)
    say(page, node)
    return blocks(page, node.children) if node.children else [pandoc_ast.para(pandoc_ast.words(node.astext()))]


def with_ids(page: Page, node: Any, content: list[Block]) -> list[Block]:
    """Put a node's ids where links can find them."""
    ids = [page.anchor(identifier) for identifier in node.get("ids", ())]
    if page.typst:
        return [*(pandoc_ast.raw_block("typst", pandoc_ast.label(identifier)) for identifier in ids), *content]
    for identifier in ids:
        content = [pandoc_ast.div(content, identifier)]
    return content


def section(page: Page, node: Any) -> list[Block]:
    """Return a section: its heading with its number written out, then its text."""
    page.level += 1
    ids = [page.anchor(identifier) for identifier in node.get("ids", ())]
    if page.level == 1:
        ids.insert(0, page.anchor(""))
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    rest = [child for child in node.children if child is not title]
    title = None if node is page.unheaded else title
    found: list[Block] = []
    if title is not None:
        number = _number(page, node)
        words, inner = lifted(inlines(page, title.children))
        ids += inner
        content = [*numeral(page, number), {"t": "Space"}, *words] if number else words
        found.append(pandoc_ast.header(min(page.level, 6), content, ids[0] if ids else "", _classes(page)))
    for identifier in ids[1:] if title is not None else ids:
        found.append(
            pandoc_ast.raw_block("typst", pandoc_ast.label(identifier))
            if page.typst
            else pandoc_ast.div([], identifier)
        )
    found += blocks(page, rest)
    page.level -= 1
    return found


def _classes(page: Page) -> list[str]:
    return ["unnumbered"] if page.level == 1 else []


def _number(page: Page, node: Any) -> str:
    anchors = [f"#{identifier}" for identifier in node.get("ids", ())]
    numbers = page.context.secnumbers
    number = numbers.get("", ()) if page.level == 1 else next((numbers[a] for a in anchors if a in numbers), ())
    return ".".join(map(str, number)) + "." if number else ""


def paragraph(page: Page, node: Any) -> list[Block]:
    """Return a paragraph; one that holds a block (a displayed formula, say) is divided there."""
    if any(type(child).__name__ in BLOCKS and type(child).__name__ not in INLINES for child in node.children):
        return with_ids(page, node, blocks(page, node.children))
    content = inlines(page, node.children)
    return with_ids(page, node, [pandoc_ast.para(content)] if content else [])


def transparent(page: Page, node: Any) -> list[Block]:
    """Return the content of a node that only groups."""
    return with_ids(page, node, blocks(page, node.children))


KEPT = ("cell", "cell_input", "cell_output", "margin", "epigraph", "details", "people", "biography")


def container(page: Page, node: Any) -> list[Block]:
    """Return a container; design components get the form that paper can hold."""
    classes = node.get("classes", [])
    if "sd-card" in classes:
        return with_ids(page, node, admonitions.card(page, node))
    if "literal-block-wrapper" in classes:
        return figures.listing(page, node)
    if "sd-tab-set" in classes:
        return with_ids(page, node, admonitions.tabs(page, node))
    if page.target == "typst" and admonitions.PEOPLE.keys() & set(classes):
        return with_ids(page, node, admonitions.people(page, node))
    content = blocks(page, node.children)
    kept = [name for name in classes if name in KEPT]
    if kept and page.target == "epub" and content:
        content = [pandoc_ast.div(content, "", kept)]
    return with_ids(page, node, content)


def literal(page: Page, node: Any) -> list[Block]:
    """Return a block of code."""
    language = str(node.get("language", ""))
    language = LANGUAGES.get(language, language)
    language = language if re.fullmatch(r"[\w+#.-]*", language) else ""
    return with_ids(page, node, [pandoc_ast.code_block(node.astext(), language)])


def plain_literal(page: Page, node: Any) -> list[Block]:
    """Return code whose language nobody named."""
    return with_ids(page, node, [pandoc_ast.code_block(node.astext())])


def mathematics(page: Page, node: Any) -> list[Block]:
    """Return a displayed formula with its number."""
    formula = page.context.math(node.astext(), True)
    number = _equation_number(page, node)
    if page.typst and formula.typst:
        call = f"#oer-equation({pandoc_ast.quoted(formula.alt)}, {pandoc_ast.quoted(number)})[$ {formula.typst} $]"
        return with_ids(page, node, [pandoc_ast.raw_block("typst", call)])
    if page.target == "epub" and formula.mathml:
        content = [pandoc_ast.raw("html", formula.mathml)]
    elif page.target == "docx" and not formula.problem:
        content = [{"t": "Math", "c": [{"t": "DisplayMath"}, formula.docx_tex]}]
    else:
        shown = [pandoc_ast.code_block(node.astext(), "")]
        return with_ids(page, node, [*shown, pandoc_ast.para(pandoc_ast.words(number))] if number else shown)
    if number:
        content += [{"t": "Space"}, pandoc_ast.span(pandoc_ast.words(number), "", ["eqno"])]
    shown = [pandoc_ast.para(content)]
    return with_ids(page, node, [pandoc_ast.div(shown, "", ["equation"])] if page.target == "epub" else shown)


def _equation_number(page: Page, node: Any) -> str:
    """Return "(1.2)" for a numbered equation, as HTML has it."""
    if not node.get("number"):
        return ""
    identifier = nodes.make_id(f"equation-{node.get('label', '')}")
    number = page.context.fignumbers.get("displaymath", {}).get(identifier)
    return "(" + (".".join(map(str, number)) if number else str(node["number"])) + ")"


def lines(page: Page, node: Any) -> list[Block]:
    """Return lines of verse or an address; deeper blocks are set in by spaces."""
    found: list[list[dict[str, Any]]] = []

    def gather(block: Any, depth: int) -> None:
        for child in block.children:
            if isinstance(child, nodes.line_block):
                gather(child, depth + 1)
            else:
                indent = pandoc_ast.words("\u00a0" * 4 * depth) if depth else []
                found.append([*indent, *inlines(page, child.children)])

    gather(node, 0)
    return with_ids(page, node, [{"t": "LineBlock", "c": found}])


def rule(page: Page, node: Any) -> list[Block]:
    """Return a break in the text."""
    return with_ids(page, node, [{"t": "HorizontalRule"}])


def rubric(page: Page, node: Any) -> list[Block]:
    """Return a heading that is not part of the outline."""
    content = [pandoc_ast.inline("Strong", inlines(page, node.children))]
    shown = pandoc_ast.para(content)
    return with_ids(page, node, [pandoc_ast.div([shown], "", ["rubric"])] if page.target == "epub" else [shown])


def spot(page: Page, node: Any) -> list[Block]:
    """Return a place to link to between blocks."""
    return with_ids(page, node, [])


def only(page: Page, node: Any) -> list[Block]:
    """Return what is meant for this target alone."""
    return blocks(page, node.children) if wanted(page, node["expr"]) else []


def nothing(_page: Page, _node: Any) -> list[Block]:
    """Return nothing: the node holds no words of the book."""
    return []


def raw(page: Page, node: Any) -> list[Block]:
    """Return the words of raw markup that is left (what MyST itself writes)."""
    content = INLINES["raw"](page, node)
    return [pandoc_ast.plain(content)] if content else []


def signature(page: Page, node: Any) -> list[Block]:
    """Return the signature of a program's object."""
    return with_ids(page, node, [pandoc_ast.para([pandoc_ast.code(node.astext())])])


BLOCKS: dict[str, Rule] = {
    "document": transparent,
    "section": section,
    "paragraph": paragraph,
    "compact_paragraph": paragraph,
    "container": container,
    "compound": transparent,
    "block_quote": quotes.quote,
    "literal_block": literal,
    "doctest_block": plain_literal,
    "math_block": mathematics,
    "line_block": lines,
    "transition": rule,
    "rubric": rubric,
    "target": spot,
    "only": only,
    "comment": nothing,
    "index": nothing,
    "raw": raw,
    "substitution_definition": nothing,
    "system_message": nothing,
    "toctree": nothing,
    "tabular_col_spec": nothing,
    "highlightlang": nothing,
    "acks": transparent,
    "centered": lambda page, node: with_ids(page, node, [pandoc_ast.para(inlines(page, node.children))]),
    "meta": nothing,
    "docinfo": nothing,
    "decoration": nothing,
    "pending": nothing,
    "start_of_file": transparent,
    "glossary": transparent,
    "citation": quotes.citation,
    "footnote": quotes.footnote,
    "desc": transparent,
    "desc_content": transparent,
    "desc_signature": signature,
    "productionlist": plain_literal,
    "parsed_literal": plain_literal,
    "legend": transparent,
    "bullet_list": lists.bullets,
    "enumerated_list": lists.numbered,
    "definition_list": lists.definitions,
    "field_list": lists.fields,
    "option_list": lists.options,
    "hlist": transparent,
    "hlistcol": transparent,
    "list_item": transparent,
    "table": tables.table,
    "figure": figures.figure,
    "topic": admonitions.titled("topic"),
    "sidebar": admonitions.titled("sidebar"),
    "admonition": admonitions.titled("note"),
    "versionmodified": admonitions.untitled("note"),
    "todo_node": nothing,  # for authors; HTML leaves it out as well
    "proof_node": transparent,
    "dropdown_main": admonitions.dropdown,
    "dropdown_title": nothing,
    "aside_main": admonitions.untitled("sidebar"),
    "sd_tab_input": nothing,
    "sd_tab_label": nothing,
    "PassthroughTextElement": paragraph,
}
BLOCKS |= {name: admonitions.admonition(name) for name in admonitions.ADMONITIONS}
BLOCKS |= dict.fromkeys(admonitions.STATEMENTS, admonitions.statement)
