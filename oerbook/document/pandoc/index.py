"""The index of the book: numbers of sections that link to them in EPUB and DOCX, page numbers in the PDF."""

from __future__ import annotations

from collections.abc import Callable

from oerbook.document.context.index_entries import IndexGroups, IndexLocator, IndexTerm
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.pandoc_ast import Block, Inline

LinkResolver = Callable[[str, str], tuple[str, str] | None]


def make_index_blocks(groups: IndexGroups, target: str, resolve_link: LinkResolver, title: str) -> list[Block]:
    """Return the index section."""
    result: list[Block] = [
        pandoc_ast.header(1, pandoc_ast.text_inlines(title), book_anchor("genindex", ""), ["unnumbered"])
    ]
    lines: list[Block] = []
    for letter, terms in groups:
        lines.append(_letter(letter, target))
        for term in terms:
            lines.append(_line(term, target, resolve_link, 0))
            lines += [_line(inner, target, resolve_link, 1) for inner in term.subterms]
    if target == "typst":
        return [*result, pandoc_ast.raw_block("typst", "#oer-index["), *lines, pandoc_ast.raw_block("typst", "]")]
    return [*result, pandoc_ast.div(lines, "", ["index"])]


def _letter(letter: str, target: str) -> Block:
    if target == "typst":
        return pandoc_ast.raw_block("typst", f"#oer-index-letter({pandoc_ast.typst_string(letter)})")
    words = pandoc_ast.para([pandoc_ast.inline("Strong", pandoc_ast.text_inlines(letter))])
    style = {"custom_style": "Index Letter"} if target == "docx" else {}
    return pandoc_ast.div([words], "", ["index-letter"], **style)


def _line(term: IndexTerm, target: str, resolve_link: LinkResolver, level: int) -> Block:
    anchors = {
        book_anchor(*place): locator for locator in term.locators if (place := resolve_link("genindex", locator.uri))
    }
    if target == "typst":
        return pandoc_ast.raw_block("typst", _typst_entry(term, anchors, level))
    content = pandoc_ast.text_inlines(term.words)
    for anchor, locator in anchors.items():
        content += [{"t": "Str", "c": ","}, {"t": "Space"}, _locator(locator, anchor)]
    for words, other in term.see:
        content += [{"t": "Str", "c": ";" if anchors else ","}, {"t": "Space"}]
        content += [pandoc_ast.inline("Emph", pandoc_ast.text_inlines(words)), {"t": "Space"}]
        content += pandoc_ast.text_inlines(other)
    style = {"custom_style": f"index {level + 1}"} if target == "docx" else {}
    return pandoc_ast.div([pandoc_ast.para(content)], "", [f"index-{level + 1}"], **style)


def _locator(locator: IndexLocator, anchor: str) -> Inline:
    label = pandoc_ast.text_inlines(locator.label)
    return pandoc_ast.link([pandoc_ast.inline("Strong", label)] if locator.is_main else label, f"#{anchor}")


def _typst_entry(term: IndexTerm, anchors: dict[str, IndexLocator], level: int) -> str:
    """Return the call of the template: the term, where it stands, which of these explain it, other terms."""
    spots = "".join(f", {pandoc_ast.typst_string(anchor)}" for anchor in anchors)
    main = "".join(f"{pandoc_ast.typst_string(anchor)}, " for anchor, locator in anchors.items() if locator.is_main)
    see = "".join(
        f"({pandoc_ast.typst_string(words)}, {pandoc_ast.typst_string(other)}), " for words, other in term.see
    )
    named = (f", main: ({main})" if main else "") + (f", see: ({see})" if see else "")
    return f"#oer-index-entry({level}, {pandoc_ast.typst_string(term.words)}{spots}{named})"
