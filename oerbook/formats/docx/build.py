"""Build the DOCX with pandoc, for people who edit in a word processor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from oerbook.formats.docx.code_lines import mark_code_lines, tag_code_blocks
from oerbook.formats.docx.contents import PLACEHOLDER_STYLE, begin_on_new_page, fill_contents, paragraph_style_id
from oerbook.formats.docx.fonts import add_fonts
from oerbook.formats.docx.layout_tables import fit_tables
from oerbook.formats.docx.note_numbers import write_note_numbers
from oerbook.formats.docx.page_setup import PageSetup, complete_sections
from oerbook.formats.docx.properties import CUSTOM_FILE, custom_properties
from oerbook.formats.docx.sanitize import sanitize_members
from oerbook.formats.docx.styles import reference_document
from oerbook.formats.pandoc_metadata import copyright_page_blocks, to_pandoc_metadata
from oerbook.formats.part_chapters import with_chapter_lists
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.code_lines import CodeLines
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.markup.namespaces import WORD_NAMESPACE
from oerbook.metadata.bylines import author_line, author_names
from oerbook.metadata.labels import translated_label
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import pack_zip, unpack_zip, write_artifact
from oerbook.storage.files import write_atomically
from oerbook.theming.theme import read_tokens
from oerbook.tools import pandoc

DOCUMENT_FILE, SETTINGS_FILE = "word/document.xml", "word/settings.xml"
UPDATE_FIELDS = b'<w:updateFields w:val="true"/>'  # Word asks, then computes the page numbers of the contents


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a DOCX file."""
    work = manuscript.cache_dir / "docx"
    styles = work / "reference.docx"
    write_atomically(styles, reference_document(manuscript))
    blocks: list[object] = [_copyright_page(manuscript), _contents_placeholder()]
    numbered: dict[str, CodeLines] = {}
    for section, section_blocks, _part in with_chapter_lists(manuscript.sections):
        content = with_part_title(section_blocks) if section.kind == "part" else section_blocks
        blocks += tag_code_blocks(content, numbered)
    source = pandoc.encode_document(blocks, _metadata(manuscript))
    arguments = [
        "-f", "json", "-t", "docx", "-o", "-", f"--reference-doc={styles.resolve()}",
        "--resource-path=.",
        f"--syntax-highlighting={(manuscript.theme_dir / 'epub' / 'code.theme').resolve()}",
    ]  # fmt: skip
    converted = pandoc.run_pandoc(arguments, source, manuscript.media_dir, manuscript.epoch)
    members = write_note_numbers(unpack_zip(converted.output))
    document = mark_code_lines(members[DOCUMENT_FILE], numbered)
    members[DOCUMENT_FILE] = _finish_document(document, manuscript)
    members[CUSTOM_FILE] = custom_properties(manuscript.book, manuscript.epoch)
    members[SETTINGS_FILE] = members[SETTINGS_FILE].replace(b"<w:rsids", UPDATE_FIELDS + b"<w:rsids", 1)
    members = add_fonts(members, read_tokens(manuscript.theme_dir), manuscript.theme_dir)
    members, findings = sanitize_members(members)
    return write_artifact("docx", out, pack_zip(members, manuscript.epoch), findings)


def _finish_document(document: bytes, manuscript: Manuscript) -> bytes:
    """Return the document with a filled table of contents, fitted tables and a copyright page of its own."""
    root = etree.fromstring(document)
    _join_authors(root, author_line(manuscript.book))
    fill_contents(root, translated_label(manuscript.book, "contents"))
    page = PageSetup.of(manuscript.book.settings.paper, read_tokens(manuscript.theme_dir))
    fit_tables(root, page.line_twips, page.turned_line_twips)
    complete_sections(root)
    begin_on_new_page(next((p for p in root.iter(f"{WORD_NAMESPACE}p") if paragraph_style_id(p) == "Copyright"), None))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _join_authors(root: etree._Element, line: str) -> None:
    """Name the authors of the title page in one paragraph; pandoc gives each a paragraph."""
    paragraphs = [p for p in root.iter(f"{WORD_NAMESPACE}p") if paragraph_style_id(p) == "Author"]
    texts = [text for paragraph in paragraphs[:1] for text in paragraph.iter(f"{WORD_NAMESPACE}t")]
    for text in texts:
        text.text = line if text is texts[0] else ""
    for paragraph in paragraphs[1:]:
        parent = paragraph.getparent()
        if parent is not None:
            parent.remove(paragraph)


def with_part_title(section_blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a part; its heading has a style of its own."""
    blocks = list(section_blocks)
    place = next((n for n, block in enumerate(blocks) if block["t"] == "Header"), None)
    if place is not None:
        _level, (identifier, _classes, _pairs), words = blocks[place]["c"]
        blocks[place] = pandoc_ast.div([pandoc_ast.para(words)], identifier, [], custom_style="Part Title")
    return blocks


def _contents_placeholder() -> Block:
    style = f'<w:pPr><w:pStyle w:val="{PLACEHOLDER_STYLE}"/></w:pPr>'
    return pandoc_ast.raw_block("openxml", f"<w:p>{style}</w:p>")


def _copyright_page(manuscript: Manuscript) -> Block:
    """Return the copyright page, which follows the title page."""
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
        "date": to_pandoc_metadata(book.edition),
    }
    return {key: value for key, value in meta.items() if value.get("c")}
