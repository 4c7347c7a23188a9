"""Build the DOCX with pandoc, for people who edit in a word processor."""

from __future__ import annotations

from pathlib import Path

from oerbook.formats.docx.code_lines import mark_code_lines, tag_code_blocks
from oerbook.formats.docx.note_numbers import write_note_numbers
from oerbook.formats.docx.styles import reference_document
from oerbook.formats.pandoc_metadata import copyright_page_blocks, to_pandoc_metadata
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.code_lines import CodeLines
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.metadata.bylines import author_names
from oerbook.metadata.labels import translated_label
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import pack_zip, unpack_zip, write_artifact
from oerbook.tools import pandoc

DOCUMENT_FILE = "word/document.xml"
SUMMARY = "DOCX for word processors"


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a DOCX file."""
    work = manuscript.cache_dir / "docx"
    work.mkdir(parents=True, exist_ok=True)
    styles = work / "reference.docx"
    styles.write_bytes(reference_document(manuscript))
    blocks: list[object] = [_copyright_page(manuscript)]
    numbered: dict[str, CodeLines] = {}
    for section in manuscript.sections:
        blocks += tag_code_blocks(section.blocks, numbered)
    source = pandoc.encode_document(blocks, _metadata(manuscript))
    arguments = [
        "-f", "json", "-t", "docx", "-o", "-", "--toc", "--toc-depth=2", f"--reference-doc={styles.resolve()}",
        "--resource-path=.",
        f"--syntax-highlighting={(manuscript.theme_dir / 'epub' / 'code.theme').resolve()}",
    ]  # fmt: skip
    converted = pandoc.run_pandoc(arguments, source, manuscript.media_dir, manuscript.epoch)
    members = write_note_numbers(unpack_zip(converted.output))
    members[DOCUMENT_FILE] = mark_code_lines(members[DOCUMENT_FILE], numbered)
    return write_artifact("docx", out, pack_zip(members, manuscript.epoch))


def _copyright_page(manuscript: Manuscript) -> Block:
    """Return the copyright page, which follows the table of contents."""
    return pandoc_ast.div(copyright_page_blocks(manuscript), "", [], custom_style="Copyright")


def _metadata(manuscript: Manuscript) -> dict[str, object]:
    """Return pandoc's metadata; empty values are left out."""
    book = manuscript.book
    meta: dict[str, dict[str, object]] = {
        "title": to_pandoc_metadata(book.title),
        "subtitle": to_pandoc_metadata(book.subtitle),
        "author": {"t": "MetaList", "c": [to_pandoc_metadata(name) for name in author_names(book)]},
        "lang": to_pandoc_metadata(book.language),
        "description": to_pandoc_metadata(book.description),
        "keywords": {
            "t": "MetaList",
            "c": [{"t": "MetaInlines", "c": pandoc_ast.text_inlines(item)} for item in book.keywords],
        },
        "subject": to_pandoc_metadata(book.subject),
        "toc-title": to_pandoc_metadata(translated_label(book, "contents")),
        "date": to_pandoc_metadata(book.edition),
    }
    return {key: value for key, value in meta.items() if value.get("c")}
