"""Build the DOCX with pandoc, for people who edit in a word processor."""

from __future__ import annotations

from pathlib import Path

from oerbook.formats.docx.styles import reference
from oerbook.formats.front_matter import copyright_paragraphs, meta_text
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.metadata.bylines import author_names
from oerbook.metadata.labels import word
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import finish, pack, unpack
from oerbook.tools import pandoc

SUMMARY = "DOCX for word processors"


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a DOCX file."""
    work = manuscript.work / "docx"
    work.mkdir(parents=True, exist_ok=True)
    styles = work / "reference.docx"
    styles.write_bytes(reference(manuscript))
    blocks: list[object] = [_copyright_page(manuscript)]
    for section in manuscript.sections:
        blocks += section.blocks
    source = pandoc.document(blocks, _metadata(manuscript))
    arguments = [
        "-f", "json", "-t", "docx", "-o", "-", "--toc", "--toc-depth=2", f"--reference-doc={styles.resolve()}",
        "--resource-path=.",
        f"--syntax-highlighting={(manuscript.theme / 'epub' / 'code.theme').resolve()}",
    ]  # fmt: skip
    converted = pandoc.run(arguments, source, manuscript.media, manuscript.epoch)
    return finish("docx", out, pack(unpack(converted.output), manuscript.epoch))


def _copyright_page(manuscript: Manuscript) -> Block:
    """Return the copyright page, which follows the table of contents."""
    return pandoc_ast.div(copyright_paragraphs(manuscript), "", [], custom_style="Copyright")


def _metadata(manuscript: Manuscript) -> dict[str, object]:
    """Return pandoc's metadata; empty values are left out."""
    book = manuscript.book
    meta: dict[str, dict[str, object]] = {
        "title": meta_text(book.title),
        "subtitle": meta_text(book.subtitle),
        "author": {"t": "MetaList", "c": [meta_text(name) for name in author_names(book)]},
        "lang": meta_text(book.language),
        "description": meta_text(book.description),
        "keywords": {
            "t": "MetaList",
            "c": [{"t": "MetaInlines", "c": pandoc_ast.words(item)} for item in book.keywords],
        },
        "subject": meta_text(book.subject),
        "toc-title": meta_text(word(book, "contents")),
        "date": meta_text(book.edition),
    }
    return {key: value for key, value in meta.items() if value.get("c")}
