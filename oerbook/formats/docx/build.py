"""DOCX through pandoc, for those who edit in a word processor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oerbook.formats.docx.styles import reference
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.bylines import author_names
from oerbook.metadata.copyright_page import copyright_lines
from oerbook.metadata.labels import word
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import finish, pack, unpack
from oerbook.tools import pandoc

SUMMARY = "DOCX for word processors"


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a DOCX."""
    work = manuscript.work / "docx"
    work.mkdir(parents=True, exist_ok=True)
    styles = work / "reference.docx"
    styles.write_bytes(reference(manuscript))
    blocks: list[object] = _front(manuscript)
    for section in manuscript.sections:
        blocks += section.blocks
    source = pandoc.document(blocks, _metadata(manuscript))
    arguments = [
        "-f", "json", "-t", "docx", "-o", "-", "--toc", "--toc-depth=2", f"--reference-doc={styles.resolve()}",
        "--resource-path=.",
        f"--syntax-highlighting={(manuscript.theme / 'epub' / 'code.theme').resolve()}",
    ]  # fmt: skip
    made = pandoc.run(arguments, source, manuscript.media, manuscript.epoch)
    return finish("docx", out, pack(unpack(made.output), manuscript.epoch))


def _front(manuscript: Manuscript) -> list[object]:
    """Return the copyright page, which follows the title block and the contents."""
    found: list[Any] = []
    for line in copyright_lines(manuscript.book, manuscript.epoch):
        content = pandoc_ast.words(line.words)
        content = [pandoc_ast.inline("Strong", content)] if line.strong else content
        found.append(pandoc_ast.para([pandoc_ast.link(content, line.url)] if line.url else content))
    return [pandoc_ast.div(found, "", [], custom_style="Copyright")]


def _metadata(manuscript: Manuscript) -> dict[str, object]:
    book = manuscript.book

    def text(words: str) -> dict[str, Any]:
        return {"t": "MetaString", "c": words}

    authors = author_names(book)
    meta: dict[str, Any] = {
        "title": text(book.title),
        "subtitle": text(book.subtitle),
        "author": {"t": "MetaList", "c": [text(name) for name in authors]},
        "lang": text(book.language),
        "description": text(book.description),
        "keywords": {
            "t": "MetaList",
            "c": [{"t": "MetaInlines", "c": pandoc_ast.words(item)} for item in book.keywords],
        },
        "subject": text(book.subject),
        "toc-title": text(word(book, "contents")),
        "date": text(book.edition),
    }
    return {key: value for key, value in meta.items() if value.get("c")}
