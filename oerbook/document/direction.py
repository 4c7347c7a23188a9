"""Which way words run: chapters and passages from right to left in a book from left to right, and the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from oerbook.document import ast
from oerbook.document.desk import desk
from oerbook.model import Book, Chapter

# https://www.w3.org/International/questions/qa-scripts
RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "iw", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"])
SCRIPTS = frozenset(["adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"])
WAYS = ("rtl", "ltr")
TONGUE = "language-"  # docutils makes an attribute of a class that begins like this
TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
LETTER = re.compile(r"[^\W\d_]")
RIGHT = re.compile("[\u05be-\u07ff\u0800-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
TEXTS = (nodes.paragraph, nodes.title, nodes.term, nodes.rubric, nodes.caption, nodes.attribution, nodes.line)
WHOLE = (
    nodes.block_quote,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.line_block,
    nodes.table,
)
Blocks = list[dict[str, Any]]


def way_of(language: str) -> str:
    """Return the way that a language is written.

    >>> way_of("fr"), way_of("he"), way_of("pa-Arab"), way_of("AR-eg")
    ('ltr', 'rtl', 'rtl', 'rtl')
    """
    base, *rest = language.lower().replace("_", "-").split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    return "rtl" if (SCRIPTS & set(scripts) if scripts else base in RIGHT_TO_LEFT) else "ltr"


def runs(text: str) -> str:
    """Return the way that most letters of a text run, "" when it has none.

    >>> runs("شعر"), runs("Le mot شعر, poésie"), runs("12")
    ('rtl', 'ltr', '')
    """
    letters, right = len(LETTER.findall(text)), len(RIGHT.findall(text))
    return ("rtl" if 2 * right > letters else "ltr") if letters else ""


def language_of(book: Book, chapter: Chapter | None) -> str:
    """Return the language of a chapter where it is another than the book's, else ""."""
    own = chapter.language if chapter else ""
    return own if own.lower() != book.language.lower() and TAG.fullmatch(own) else ""


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Mark the passages of a page that run the other way than the page does."""
    here = desk()
    base = way_of(language_of(here.book, here.pages.get(app.env.current_document.docname)) or here.book.language)
    if base == "rtl" or RIGHT.search(doctree.astext()):
        _mark(doctree, base)


def _mark(node: nodes.Element, base: str) -> None:
    for child in node.children:
        if not isinstance(child, nodes.Element) or set(WAYS) & set(child.get("classes", ())):
            continue
        if isinstance(child, (*TEXTS, *WHOLE)):
            ways = {way for one in _texts(child) if (way := runs(one.astext()))}
            if ways and base not in ways:
                child["classes"].append(*ways)
                continue
        if not isinstance(child, TEXTS):
            _mark(child, base)


def _texts(node: nodes.Element) -> Iterator[nodes.Node]:
    return node.findall(lambda one: isinstance(one, TEXTS))


def told(element: Any) -> list[str]:
    """Return the language and the way that HTML names, as classes."""
    language, way = element.get("lang") or element.get("xml:lang") or "", (element.get("dir") or "").lower()
    known = TAG.fullmatch(language)
    way = way if way in WAYS else way_of(language) if known else ""
    return [*([TONGUE + language] if known else []), *([way] if way else [])]


def spoken(classes: list[str]) -> dict[str, str]:
    """Return what classes say of language and way, as attributes."""
    language = next((name.removeprefix(TONGUE) for name in classes if name.startswith(TONGUE)), "")
    way = next((name for name in classes if name in WAYS), "")
    return {name: value for name, value in (("lang", language), ("dir", way)) if value}


def turned(node: Any, content: Blocks, *, typst: bool) -> Blocks:
    """Return the blocks of a node in its own language and way."""
    said = spoken(node.get("classes", [])) if isinstance(node, nodes.Element) and content else {}
    if not said or isinstance(node, nodes.literal_block):
        return content
    if not typst:
        return [ast.div(content, **said)]
    return [ast.raw_block("typst", f"#[#set text({_typst(said)})"), *content, ast.raw_block("typst", "]")]


def of_chapter(blocks: Blocks, language: str, *, typst: bool) -> Blocks:
    """Return a chapter's blocks in a language of its own."""
    said = {"lang": language, "dir": way_of(language)}
    if typst:
        return [ast.raw_block("typst", f"#set text({_typst(said)})"), *blocks]
    first = next((place for place, block in enumerate(blocks) if block["t"] == "Header"), None)
    if first is None:
        return blocks
    level, (identifier, classes, pairs), words = blocks[first]["c"]
    header = {"t": "Header", "c": [level, [identifier, classes, [*pairs, *map(list, said.items())]], words]}
    return [*blocks[:first], header, *blocks[first + 1 :]]


def _typst(said: dict[str, str]) -> str:
    base = said.get("lang", "").partition("-")[0].lower()
    named = f'lang: "{base}", ' if 2 <= len(base) <= 3 else ""
    return f"{named}dir: {said['dir']}" if "dir" in said else named.rstrip(", ")


class BookTranslator(HTML5Translator):
    """HTML in which passages say which way they run."""

    def starttag(self, node: Any, *rest: Any, **more: Any) -> str:
        """Return an opening tag, with the way of its node."""
        way = spoken(node.get("classes", [])).get("dir") if isinstance(node, nodes.Element) else None
        return super().starttag(node, *rest, **({"dir": way} | more if way else more))
