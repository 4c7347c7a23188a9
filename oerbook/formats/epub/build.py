"""EPUB 3 through pandoc, with a cover, MathML and the metadata that libraries and accessibility law ask for."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from oerbook.formats import cover
from oerbook.formats.epub.fonts import with_fonts
from oerbook.formats.epub.package import mended
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.bylines import author_line, author_names, contributors
from oerbook.metadata.copyright_page import copyright_lines
from oerbook.metadata.labels import identifier, word
from oerbook.model.artifacts import Artifact
from oerbook.model.book import Book
from oerbook.storage.archive import finish, pack, unpack
from oerbook.theming.theme import filled, tokens
from oerbook.tools import pandoc

SUMMARY = "EPUB 3 for e-readers (MathML, accessibility metadata)"


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as an EPUB."""
    work = manuscript.work / "epub"
    work.mkdir(parents=True, exist_ok=True)
    values = _values(manuscript)
    style = filled((manuscript.theme / "epub" / "book.css").read_text(encoding="utf-8"), values)
    (work / "book.css").write_text(style, encoding="utf-8")
    image = cover.draw(manuscript, work / "cover.png")
    title, preface = _front(manuscript)
    blocks: list[object] = [title, *preface]
    for section in manuscript.sections:
        blocks += section.blocks
    source = pandoc.document(blocks, _metadata(manuscript.book))
    arguments = [
        "-f", "json", "-t", "epub3", "-o", "-", "--mathml", "--split-level=1", "--toc-depth=2", "--toc",
        "--epub-title-page=false", f"--css={work.resolve() / 'book.css'}", f"--epub-cover-image={image.resolve()}",
        f"--resource-path={manuscript.media.resolve()}",
        f"--syntax-highlighting={(manuscript.theme / 'epub' / 'code.theme').resolve()}",
    ]  # fmt: skip
    made = pandoc.run(arguments, source, manuscript.media, manuscript.epoch)
    members = with_fonts(mended(unpack(made.output), manuscript), manuscript)
    return finish("epub", out, pack(members, manuscript.epoch))


def _values(manuscript: Manuscript) -> dict[str, str]:
    """Return the tokens as the style sheet takes them: the steps of the scale in em, faces and hyphens by name."""
    values = tokens(manuscript.theme)
    scale = float(values["scale"])
    steps = {f"step-{step}": f"{scale**step:.3f}" for step in range(1, 5)}
    heads = values["sans" if values["headings"] == "sans" else "text"]
    return values | steps | {"heads": heads, "hyphens": "auto" if values["justify"] == "true" else "manual"}


def _front(manuscript: Manuscript) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the title page's heading and text, and the copyright page."""
    book = manuscript.book
    heading = pandoc_ast.header(1, pandoc_ast.words(book.title), "title-page", ["unnumbered", "book-title"])
    lines = [pandoc_ast.para(pandoc_ast.words(book.subtitle))] if book.subtitle else []
    if author_names(book):
        lines.append(pandoc_ast.para(pandoc_ast.words(author_line(book))))
    shown = pandoc_ast.div(lines, "", ["title-lines"])
    legal = []
    for line in copyright_lines(book, manuscript.epoch):
        content = pandoc_ast.words(line.words)
        content = [pandoc_ast.inline("Strong", content)] if line.strong else content
        legal.append(pandoc_ast.para([pandoc_ast.link(content, line.url)] if line.url else content))
    named = pandoc_ast.header(1, pandoc_ast.words(word(book, "copyright")), "copyright-page", ["unnumbered"])
    return heading, [shown, named, pandoc_ast.div(legal, "", ["copyright"])]


def _text(words: str) -> dict[str, Any]:
    return {"t": "MetaString", "c": words}


def _metadata(book: Book) -> dict[str, object]:
    """Return pandoc's metadata for the package."""
    people = [_person(name, "aut") for name in author_names(book)]
    others = [_person(name, role) for name, role in contributors(book)]
    meta: dict[str, Any] = {
        "title": _text(book.title + (f": {book.subtitle}" if book.subtitle else "")),
        "pagetitle": _text(book.title),
        "lang": _text(book.language),
        "identifier": _text(identifier(book)),
        "creator": {"t": "MetaList", "c": people or [_person(book.publisher or "Anonymous", "aut")]},
        "contributor": {"t": "MetaList", "c": others},
        "publisher": _text(book.publisher),
        "description": _text(book.description),
        "date": _text(book.date.isoformat() if book.date else ""),
        "subject": {"t": "MetaList", "c": [_text(item) for item in book.keywords]},
        "toc-title": _text(word(book, "contents")),
    }
    return {key: value for key, value in meta.items() if value.get("c")}


def _person(name: str, role: str) -> dict[str, Any]:
    return {"t": "MetaMap", "c": {"role": _text(role), "text": _text(name)}}


def plain(words: str) -> str:
    """Return words for XML."""
    return html.escape(re.sub(r"\s+", " ", words), quote=True)
