"""Read an edited copy: a Word file or an OpenDocument text, with its tracked changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from oerbook.importers.conversion.archives import read_archive
from oerbook.importers.conversion.xml_files import parse_xml
from oerbook.importers.editing_copies.edit_words import EditedParagraph, Run
from oerbook.importers.word.namespaces import w
from oerbook.importers.word.styles import StyleSheet, read_styles, read_traits, value_of
from oerbook.importers.word.tracked_changes import Comment, read_comments, remove_comment_marks, with_changes_resolved
from oerbook.model.untyped import XmlElement

KIND_BY_STYLE = {
    **{f"heading{level}": f"h{level}" for level in range(1, 7)},
    "listbullet": "bullet",
    "listnumber": "number",
    "quote": "quote",
    "quotations": "quote",
    "markup": "source",
}
TEXT, OFFICE, STYLE, FO, META = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}}}"
    for name in ("text:1.0", "office:1.0", "style:1.0", "xsl-fo-compatible:1.0", "meta:1.0")
)


@dataclass(frozen=True, slots=True)
class EditedCopy:
    """What an edited copy holds: its paragraphs, its comments, and the facts that the copy was given."""

    paragraphs: tuple[EditedParagraph, ...]
    facts: Mapping[str, str]
    comments: tuple[Comment, ...] = ()


def read_copy(source: Path) -> EditedCopy:
    """Return the content of an edited copy. Raises OerbookError if the file cannot be read."""
    members = read_archive(source, lambda name: name.endswith(".xml"))
    if "content.xml" in members:
        return _read_odt(source.name, members)
    return _read_docx(source.name, members)


def _read_docx(name: str, members: Mapping[str, bytes]) -> EditedCopy:
    document = parse_xml(members.get("word/document.xml", b"<none/>"), name)
    styles = members.get("word/styles.xml")
    sheet = read_styles(parse_xml(styles, name) if styles else None)
    comments = members.get("word/comments.xml")
    remarks = read_comments(parse_xml(comments, name) if comments else None)
    remove_comment_marks(document)
    final = with_changes_resolved(document, lambda _group: True)
    paragraphs = tuple(_word_paragraph(paragraph, sheet) for paragraph in final.iter(w("p")))
    custom = members.get("docProps/custom.xml")
    facts = {}
    for element in parse_xml(custom, name) if custom else ():
        facts[str(element.get("name", ""))] = "".join(element.itertext())
    return EditedCopy(paragraphs, facts, tuple(remarks))


def _word_paragraph(paragraph: XmlElement, sheet: StyleSheet) -> EditedParagraph:
    style_id = value_of(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
    style = sheet.styles.get(style_id)
    kind = _kind(style.name if style else style_id)
    level = value_of(paragraph.find(f"{w('pPr')}/{w('numPr')}/{w('ilvl')}"))
    runs = [_word_run(run, kind) for run in paragraph.iter(w("r"))]
    return EditedParagraph(kind, join_runs(runs), int(level) if level.isdigit() else 0)


def _word_run(run: XmlElement, kind: str) -> Run:
    pieces = [
        (element.text or "") if element.tag == w("t") else " " if element.tag in (w("tab"), w("br")) else ""
        for element in run.iter(w("t"), w("tab"), w("br"))
    ]
    properties = run.find(w("rPr"))
    traits = read_traits(properties)
    style = value_of(run.find(f"{w('rPr')}/{w('rStyle')}"))
    if kind[0] == "h" or kind == "source" or style == "MarkupWords":
        return Run("".join(pieces))
    return Run("".join(pieces), traits.get("bold", False), traits.get("italic", False))


def _read_odt(name: str, members: Mapping[str, bytes]) -> EditedCopy:
    content = parse_xml(members["content.xml"], name)
    for element in list(content.iter(f"{TEXT}tracked-changes", f"{OFFICE}annotation")):
        element.getparent().remove(element) if not element.tail else _remove_keeping_tail(element)
    looks = {str(style.get(f"{STYLE}name")): style for style in content.iter(f"{STYLE}style")}
    body = content.find(f"{OFFICE}body")
    found = body.iter(f"{TEXT}p", f"{TEXT}h") if body is not None else ()
    paragraphs = tuple(_odt_paragraph(paragraph, looks) for paragraph in found)
    meta = parse_xml(members.get("meta.xml", b"<none/>"), name)
    facts = {str(e.get(f"{META}name")): e.text or "" for e in meta.iter(f"{META}user-defined")}
    return EditedCopy(paragraphs, facts)


def _remove_keeping_tail(element: XmlElement) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    else:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _odt_paragraph(paragraph: XmlElement, looks: Mapping[str, XmlElement]) -> EditedParagraph:
    name = str(paragraph.get(f"{TEXT}style-name", ""))
    automatic = looks.get(name)
    parent = str(automatic.get(f"{STYLE}parent-style-name") or name) if automatic is not None else name
    kind = _kind(re.sub(r"_([0-9a-f]{2})_", lambda match: chr(int(match[1], 16)), parent))
    if paragraph.tag == f"{TEXT}h":
        kind = f"h{min(int(paragraph.get(f'{TEXT}outline-level', '1')), 6)}"
    depth = sum(1 for ancestor in paragraph.iterancestors(f"{TEXT}list"))
    if depth and kind == "text":
        kind = "bullet"
    runs = list(_odt_runs(paragraph, (False, False), looks))
    if kind[0] == "h" or kind == "source":
        runs = [Run(run.text) for run in runs]
    return EditedParagraph(kind, join_runs(runs), max(depth - 1, 0))


def _odt_runs(element: XmlElement, look: tuple[bool, bool], looks: Mapping[str, XmlElement]) -> Iterator[Run]:
    """Yield the text of an element in reading order, with the look of the spans around it."""
    if element.text:
        yield Run(element.text, *look)
    for child in element:
        if child.tag == f"{TEXT}span":
            yield from _odt_runs(child, _odt_look(str(child.get(f"{TEXT}style-name", "")), look, looks), looks)
        elif child.tag == f"{TEXT}s":
            yield Run(" " * int(child.get(f"{TEXT}c", "1")), *look)
        elif child.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            yield Run(" ", *look)
        elif child.tag not in (f"{TEXT}p", f"{TEXT}note"):
            yield from _odt_runs(child, look, looks)
        if child.tail:
            yield Run(child.tail, *look)


def _odt_look(name: str, look: tuple[bool, bool], looks: Mapping[str, XmlElement]) -> tuple[bool, bool]:
    style = looks.get(name)
    if "markup" in name.casefold() or (style is not None and "arkup" in str(style.get(f"{STYLE}parent-style-name"))):
        return (False, False)
    properties = style.find(f"{STYLE}text-properties") if style is not None else None
    if properties is None:
        return look
    weight, slant = properties.get(f"{FO}font-weight"), properties.get(f"{FO}font-style")
    return (look[0] if weight is None else weight == "bold", look[1] if slant is None else slant == "italic")


def _kind(style_name: str) -> str:
    return KIND_BY_STYLE.get(re.sub(r"[^a-z0-9]", "", style_name.casefold()), "text")


def join_runs(runs: list[Run]) -> tuple[Run, ...]:
    """Return runs of the same look as one; word processors divide text into many."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and (joined[-1].bold, joined[-1].italic) == (run.bold, run.italic):
            joined[-1] = Run(joined[-1].text + run.text, run.bold, run.italic)
        else:
            joined.append(run)
    return tuple(joined)
