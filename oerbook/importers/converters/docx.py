"""Word documents."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.conversion.archives import list_members
from oerbook.importers.conversion.pictures import NamedPictures, name_pictures
from oerbook.importers.conversion.rename_images import rename_images
from oerbook.importers.conversion.values import (
    ConversionOptions,
    ConvertedBook,
    ConvertedChapter,
    SourceRecord,
)
from oerbook.importers.word.character_styles import apply_character_styles
from oerbook.importers.word.citations import read_bibliography
from oerbook.importers.word.docx_package import (
    WordPackage,
    count_content,
    keep_code_spaces,
    pack_package,
    read_package,
)
from oerbook.importers.word.fields import link_references
from oerbook.importers.word.headings import mark_headings
from oerbook.importers.word.properties import Properties, read_properties
from oerbook.importers.word.reference_links import number_links
from oerbook.importers.word.styles import guess_role
from oerbook.importers.word.text_chapters import TextDocument, make_chapters
from oerbook.importers.word.tracked_changes import (
    ChangeGroup,
    find_change_groups,
    read_comments,
    remove_comment_marks,
    with_changes_resolved,
)
from oerbook.importers.word.tracked_history import add_history, list_states
from oerbook.importers.word.tree import tidy_blocks
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement
from oerbook.tools.pandoc_reader import PandocDocument, read_document

SUMMARY = "Word (.docx)"
FORMAT = "docx+styles+citations"


def recognizes(source: Path) -> bool:
    """Say whether a file is a Word document."""
    return source.is_file() and "word/document.xml" in list_members(source)


def convert(source: Path, options: ConversionOptions) -> ConvertedBook:
    """Read a Word document: one chapter for each heading of the first level.

    Raises OerbookError if it has tracked changes and the options do not say what to do with them.
    """
    package = read_package(source)
    groups = find_change_groups(package.document)
    _check_changes(groups, options, source.name)
    base = copy.deepcopy(package.document)
    remove_comment_marks(base)
    link_references(base)
    keep_code_spaces(base, package.sheet, options.styles)
    findings = mark_headings(base, package.styles, package.sheet, options.styles, source.name)
    final = with_changes_resolved(base, lambda _group: True)
    text, pictures, document = _read_text(package, final, options)
    properties = read_properties(package.part("docProps/core.xml"))
    title = text.title or properties.title or source.stem
    chapters = make_chapters(text, title, options.division)
    findings += [*_report_comments(package), *_report_properties(properties, source.name)]
    if options.history and groups:
        read = _state_reader(package, options, title)
        states = list_states(base, groups, read)
        chapters = add_history(chapters, states, properties)
    creators = text.authors or ((properties.creator,) if properties.creator else ())
    counts, words = count_content(package, final, options.styles)
    return ConvertedBook(
        title,
        tuple(replace(chapter, front={"authors": list(creators)}) for chapter in chapters),
        language=properties.language,
        license="",
        front={"description": properties.description, "keywords": list(properties.keywords)},
        pictures=pictures.pictures,
        bibliography=read_bibliography(document.metadata),
        sources=(SourceRecord(title, creators, revision=properties.modified),),
        findings=tuple(findings),
        counts=counts,
        words=words - text.words_left_out,
    )


def _check_changes(groups: Sequence[ChangeGroup], options: ConversionOptions, name: str) -> None:
    """Raise OerbookError if there are tracked changes and the options do not say what to do with them."""
    if groups and not (options.accept_changes or options.history):
        authors = ", ".join(dict.fromkeys(group.author or "somebody" for group in groups))
        hint = "Accept them with --accept-changes, or turn them into commits of their authors with --history tracked."
        raise OerbookError(f"{name} has tracked changes by {authors}", hint=hint)


def _read_text(
    package: WordPackage, root: XmlElement, options: ConversionOptions
) -> tuple[TextDocument, NamedPictures, PandocDocument]:
    """Return a main part as pandoc reads it, with tidy blocks."""
    document = read_document(pack_package(package, root), FORMAT, ["--standalone", "--track-changes=accept"])
    stem = Path(package.name).stem
    pictures = name_pictures(document.media, stem)
    blocks: list[Block] = rename_images(document.blocks, pictures.paths)
    blocks = tidy_blocks(blocks, _role_finder(package, options))
    blocks = number_links(apply_character_styles(blocks, package.sheet.character_traits()))
    return TextDocument(package.name, stem, tuple(blocks), document.metadata), pictures, document


def _role_finder(package: WordPackage, options: ConversionOptions) -> Callable[[str], str]:
    """Return a function that says what paragraphs of a style are, by the style's name."""
    roles = {
        style.name: guess_role(package.sheet, style_id, options.styles)
        for style_id, style in package.sheet.styles.items()
    }
    return lambda name: roles.get(name, "text")


def _report_comments(package: WordPackage) -> Iterator[Finding]:
    for comment in read_comments(package.part("word/comments.xml")):
        by = f" by {comment.author}" if comment.author else ""
        message = f"a comment{by} is not in the text: {comment.text[:300]}"
        yield Finding("import-comment", message, Place(package.name), Severity.INFO, "Answer it, or open an issue.")


def _report_properties(properties: Properties, name: str) -> Iterator[Finding]:
    if properties.creator:
        message = f"the author {properties.creator} is from the properties of the file"
        hint = "If somebody else wrote the text, correct authors: in the front matter."
        yield Finding("import-guessed", message, Place(name), Severity.INFO, hint)


def _state_reader(
    package: WordPackage, options: ConversionOptions, title: str
) -> Callable[[XmlElement], tuple[ConvertedChapter, ...]]:
    """Return a function that reads the chapters of an earlier state of the main part."""
    return lambda root: make_chapters(_read_text(package, root, options)[0], title, options.division)
