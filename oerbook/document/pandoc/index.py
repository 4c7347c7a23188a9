"""The index at the back of the book: links in EPUB and DOCX, page numbers in the PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oerbook.document.pandoc.page_context import Block
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import anchor

Fold = Callable[[str, str], tuple[str, str] | None]
Links = list[tuple[str, str]]


def index_block(entries: Any, target: str, fold: Fold, title: str = "Index") -> list[Block]:
    """Return the index section from Sphinx's sorted entries.

    `entries` is what `IndexEntries.create_index` gives: (letter, [(term, (links, subentries, key))]).
    """
    found: list[Block] = [pandoc_ast.header(1, pandoc_ast.words(title), anchor("genindex", ""), ["unnumbered"])]
    if target == "typst":
        found.append(pandoc_ast.raw_block("typst", "#oer-index["))
    for letter, terms in entries:
        found.append(_letter(letter, target))
        items: list[list[Block]] = []
        for term, (links, subentries, _key) in terms:
            lines = [_line(term, links, target, fold, 0)]
            inner = [_line(sub, sublinks, target, fold, 1) for sub, sublinks in subentries]
            if target == "typst":
                found += [*lines, *inner]
            else:
                nested = [{"t": "BulletList", "c": [[line] for line in inner]}] if inner else []
                items.append([*lines, *nested])
        if items:
            found.append({"t": "BulletList", "c": items})
    if target == "typst":
        found.append(pandoc_ast.raw_block("typst", "]"))
    return found


def _letter(letter: str, target: str) -> Block:
    if target == "typst":
        return pandoc_ast.raw_block("typst", f"#oer-index-letter({pandoc_ast.quoted(str(letter))})")
    return pandoc_ast.para([pandoc_ast.inline("Strong", pandoc_ast.words(str(letter)))])


def _anchors(links: Links, fold: Fold) -> list[str]:
    found = []
    for _main, uri in links:
        place = fold("genindex", uri)
        if place is not None:
            found.append(anchor(*place))
    return list(dict.fromkeys(found))


def _line(term: str, links: Links, target: str, fold: Fold, level: int) -> Block:
    anchors = _anchors(links, fold)
    if target == "typst":
        spots = "".join(f", {pandoc_ast.quoted(spot)}" for spot in anchors)
        return pandoc_ast.raw_block("typst", f"#oer-index-entry({level}, {pandoc_ast.quoted(term)}{spots})")
    words = pandoc_ast.words(term)
    for number, spot in enumerate(anchors, start=1):
        words += [{"t": "Str", "c": ","}] if number > 1 else [{"t": "Space"}] if False else []
        words += [{"t": "Space"}, pandoc_ast.link(pandoc_ast.words(str(number)), f"#{spot}")]
    return pandoc_ast.plain(words)
