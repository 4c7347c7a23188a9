"""OpenDocument texts, as LibreOffice writes them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.conversion.archives import list_members, read_archive
from oerbook.importers.conversion.pictures import name_pictures
from oerbook.importers.conversion.rename_images import rename_images
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, SourceRecord
from oerbook.importers.conversion.xml_files import parse_xml
from oerbook.importers.word.odt_package import (
    ROLE_END,
    ROLE_START,
    accept_changes,
    count_open_document,
    has_tracked_changes,
    mark_roles,
    pack_open_document,
    read_open_document,
    take_facts,
)
from oerbook.importers.word.properties import read_properties
from oerbook.importers.word.reference_links import number_links
from oerbook.importers.word.text_chapters import TextDocument, make_chapters
from oerbook.importers.word.tree import tidy_blocks
from oerbook.manuscript.pandoc_ast import text_inlines
from oerbook.model.untyped import Json
from oerbook.tools.pandoc_reader import read_document

SUMMARY = "OpenDocument text (.odt)"
MIME_TYPE = b"application/vnd.oasis.opendocument.text"
MARKED = re.compile(f"^{ROLE_START}(.*?){ROLE_END}")


def recognizes(source: Path) -> bool:
    """Say whether a file is an OpenDocument text or a template of one."""
    if not source.is_file() or not {"mimetype", "content.xml"} <= set(list_members(source)):
        return False
    try:
        return read_archive(source, "mimetype".__eq__)["mimetype"].startswith(MIME_TYPE)
    except OerbookError:
        return False


def convert(source: Path, options: ConversionOptions) -> ConvertedBook:
    """Read an OpenDocument text: one chapter for each heading of the first level.

    Raises OerbookError if it has tracked changes and the options do not accept them.
    """
    document = read_open_document(source)
    if has_tracked_changes(document) and not options.accept_changes:
        hint = "Accept them with --accept-changes; for --history tracked, save the text as .docx first."
        raise OerbookError(f"{source.name} has tracked changes", hint=hint)
    accept_changes(document)
    facts = take_facts(document)
    findings = tuple(mark_roles(document, options.styles))
    counts, words = count_open_document(document)
    read = read_document(pack_open_document(document), "odt", ["--standalone"])
    pictures = name_pictures(read.media, source.stem)
    blocks = tidy_blocks(_restore_roles(rename_images(read.blocks, pictures.paths)), lambda name: name)
    text = TextDocument(source.name, source.stem, tuple(number_links(blocks)), _metadata(facts))
    meta = document.members.get("meta.xml")
    properties = read_properties(parse_xml(meta, source.name) if meta else None)
    title = text.title or properties.title or source.stem
    creators = text.authors or ((properties.creator,) if properties.creator else ())
    chapters = make_chapters(text, title, options.division)
    return ConvertedBook(
        title,
        tuple(replace(chapter, front={"authors": list(creators)}) for chapter in chapters),
        language=properties.language,
        front={"description": properties.description, "keywords": list(properties.keywords)},
        pictures=pictures.pictures,
        sources=(SourceRecord(title, creators, revision=properties.modified),),
        findings=findings,
        counts=counts,
        words=words,
    )


def _metadata(facts: dict[str, list[str]]) -> dict[str, Json]:
    """Return title and authors as pandoc's metadata."""
    names = [{"t": "MetaInlines", "c": text_inlines(name)} for name in facts["author"]]
    titles = [{"t": "MetaInlines", "c": text_inlines(title)} for title in facts["title"]]
    return {**({"title": titles[0]} if titles else {}), "author": {"t": "MetaList", "c": names}}


def _restore_roles(value: Json) -> Json:
    """Return a value of pandoc's tree in which marked paragraphs are in divs of their role."""
    if isinstance(value, list):
        return [_restore_roles(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("t") in ("Para", "Plain") and value["c"] and value["c"][0]["t"] == "Str":
        first = value["c"][0]["c"]
        if match := MARKED.match(first):
            rest = first[match.end() :]
            inlines = [*([{"t": "Str", "c": rest}] if rest else []), *value["c"][1:]]
            content = [{"t": value["t"], "c": [_restore_roles(inline) for inline in inlines]}] if inlines else []
            return {"t": "Div", "c": [["", [], [["custom-style", match[1]]]], content]}
    if value.get("t") in ("Para", "Plain") and any(inline["t"] == "Str" for inline in value["c"]):
        return {"t": value["t"], "c": [_in_line(_restore_roles(inline)) for inline in value["c"]]}
    return {key: _restore_roles(content) for key, content in value.items()}


def _in_line(inline: Json) -> Json:
    """Return a formula between words as one in a line; pandoc takes every formula of a text for a displayed one."""
    return {"t": "Math", "c": [{"t": "InlineMath"}, inline["c"][1]]} if inline["t"] == "Math" else inline
