"""The index of the book: links in EPUB and DOCX, page numbers in PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.pandoc_ast import Block

LinkResolver = Callable[[str, str], tuple[str, str] | None]
IndexLinks = list[tuple[str, str]]  # (main entry?, URI), as Sphinx has them


def make_index_blocks(entries: Any, target: str, resolve_link: LinkResolver, title: str) -> list[Block]:
    """Return the index section from Sphinx's sorted entries.

    `entries` is what `IndexEntries.create_index` returns: (letter, [(term, (links, subentries, key))]).
    """
    result: list[Block] = [
        pandoc_ast.header(1, pandoc_ast.text_inlines(title), book_anchor("genindex", ""), ["unnumbered"])
    ]
    if target == "typst":
        result.append(pandoc_ast.raw_block("typst", "#oer-index["))
    for letter, terms in entries:
        result.append(_letter(letter, target))
        items: list[list[Block]] = []
        for term, (links, subentries, _key) in terms:
            line = _line(term, links, target, resolve_link, 0)
            sublines = [_line(subterm, sublinks, target, resolve_link, 1) for subterm, sublinks in subentries]
            if target == "typst":
                result += [line, *sublines]
            else:
                nested = [{"t": "BulletList", "c": [[subline] for subline in sublines]}] if sublines else []
                items.append([line, *nested])
        if items:
            result.append({"t": "BulletList", "c": items})
    if target == "typst":
        result.append(pandoc_ast.raw_block("typst", "]"))
    return result


def _letter(letter: str, target: str) -> Block:
    if target == "typst":
        return pandoc_ast.raw_block("typst", f"#oer-index-letter({pandoc_ast.typst_string(str(letter))})")
    return pandoc_ast.para([pandoc_ast.inline("Strong", pandoc_ast.text_inlines(str(letter)))])


def _line(term: str, links: IndexLinks, target: str, resolve_link: LinkResolver, level: int) -> Block:
    anchors = _anchors(links, resolve_link)
    if target == "typst":
        arguments = "".join(f", {pandoc_ast.typst_string(name)}" for name in anchors)
        return pandoc_ast.raw_block("typst", f"#oer-index-entry({level}, {pandoc_ast.typst_string(term)}{arguments})")
    content = pandoc_ast.text_inlines(term)
    for number, name in enumerate(anchors, start=1):
        content += [{"t": "Str", "c": ","}] if number > 1 else []
        content += [{"t": "Space"}, pandoc_ast.link(pandoc_ast.text_inlines(str(number)), f"#{name}")]
    return pandoc_ast.plain(content)


def _anchors(links: IndexLinks, resolve_link: LinkResolver) -> list[str]:
    targets = [resolve_link("genindex", uri) for _main, uri in links]
    return list(dict.fromkeys(book_anchor(*target) for target in targets if target is not None))
