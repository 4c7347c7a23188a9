"""The files of an OpenDocument text: its paragraphs marked with their roles, and counted apart from pandoc."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from oerbook.importers.conversion.archives import pack_archive, read_archive
from oerbook.importers.conversion.plain_text import count_words
from oerbook.importers.conversion.xml_files import parse_xml
from oerbook.importers.word.styles import role_by_name
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

TEXT, OFFICE, STYLE, DRAW, TABLE, XLINK = (
    f"{{{name}}}"
    for name in (
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "http://www.w3.org/1999/xlink",
    )
)
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
# Private characters around the role of a paragraph, which pandoc passes on as text.
ROLE_START, ROLE_END = "\ue0f0", "\ue0f1"
STANDARD_STYLES = re.compile(r"standard|text_20_body|default.*|title|subtitle|footnote|endnote|table_20_contents", re.I)


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """The members of a text, its content, and the names of its paragraph styles by the names that paragraphs use."""

    name: str
    members: Mapping[str, bytes]
    content: XmlElement
    style_names: Mapping[str, str]

    def style_of(self, paragraph: XmlElement) -> str:
        """Return the name of the style that a paragraph has, as the word processor shows it."""
        name = str(paragraph.get(f"{TEXT}style-name", ""))
        return re.sub(r"_([0-9a-f]{2})_", lambda m: chr(int(m[1], 16)), self.style_names.get(name, name))


def read_open_document(source: Path) -> OpenDocument:
    """Return the files of a text. Raises OerbookError if it is damaged or too large."""
    members = read_archive(source)
    content = parse_xml(members["content.xml"], f"{source.name}: content.xml")
    automatic = {
        str(style.get(f"{STYLE}name")): str(style.get(f"{STYLE}parent-style-name") or style.get(f"{STYLE}name"))
        for style in content.iter(f"{STYLE}style")
    }
    return OpenDocument(source.name, members, content, automatic)


def has_tracked_changes(document: OpenDocument) -> bool:
    """Say whether insertions or deletions are tracked in a text."""
    return any(True for _ in document.content.iter(f"{TEXT}changed-region"))


def mark_roles(document: OpenDocument, declared: Mapping[str, str]) -> Iterator[Finding]:
    """Make headings of paragraphs in heading styles, mark the others with their role, in place; report guesses."""
    wanted = {name.casefold(): role for name, role in declared.items()}
    guessed: dict[str, str] = {}
    for paragraph in list(document.content.iter(*PARAGRAPHS)):
        style = document.style_of(paragraph)
        role = wanted.get(style.casefold()) or ("text" if STANDARD_STYLES.fullmatch(style) else role_by_name(style))
        if paragraph.tag == f"{TEXT}h" and style.casefold() not in wanted:
            continue
        if role[0] == "h" and role[1:].isdigit():
            paragraph.tag = f"{TEXT}h"
            paragraph.set(f"{TEXT}outline-level", role[1:])
            if style.casefold() not in wanted:
                guessed.setdefault(style, role[1:])
        elif role != "text":
            _keep_spaces(paragraph, role)
            paragraph.text = f"{ROLE_START}{role}{ROLE_END}{paragraph.text or ''}"
    for style, level in guessed.items():
        message = f"paragraphs of the style “{style}” were read as headings of level {level}"
        hint = f'If that is wrong, import again with --style "{style}=text" or another level.'
        yield Finding("import-guessed", message, Place(document.name), Severity.INFO, hint)


def take_facts(document: OpenDocument) -> dict[str, list[str]]:
    """Remove the paragraphs of title and authors from the text, in place; return their texts by style."""
    facts: dict[str, list[str]] = {"title": [], "author": []}
    for paragraph in list(document.content.iter(*PARAGRAPHS)):
        style = document.style_of(paragraph).casefold()
        text = _own_text(paragraph).strip()
        if style in facts and text and (style == "author" or not facts["title"]):
            facts[style].append(text)
            paragraph.getparent().remove(paragraph)
    return facts


def accept_changes(document: OpenDocument) -> None:
    """Accept the tracked changes, in place: what was deleted is not in the text, but kept apart."""
    for element in list(document.content.iter(f"{TEXT}tracked-changes")):
        element.getparent().remove(element)


def pack_open_document(document: OpenDocument) -> bytes:
    """Return the text for pandoc; it finds formulas only by paths without a slash at the end."""
    for element in document.content.iter(f"{DRAW}object"):
        element.set(f"{XLINK}href", str(element.get(f"{XLINK}href", "")).rstrip("/"))
    content = etree.tostring(document.content, xml_declaration=True, encoding="UTF-8")
    return pack_archive({**document.members, "content.xml": content})


def count_open_document(document: OpenDocument) -> tuple[Counter[str], Counter[str]]:
    """Return the numbers of things in a text, and how often each word occurs in it."""
    body = document.content.find(f"{OFFICE}body")
    words: Counter[str] = Counter()
    for paragraph in body.iter(*PARAGRAPHS) if body is not None else ():
        words.update(count_words(_own_text(paragraph)))
    formulas = [
        name for name in document.members if name.endswith("/content.xml") and b"math" in document.members[name][:2000]
    ]
    counts = Counter(
        {
            "formulas": len(formulas),
            "notes": sum(1 for _ in document.content.iter(f"{TEXT}note")),
            "tables": sum(1 for _ in document.content.iter(f"{TABLE}table")),
        }
    )
    return counts, words


def _keep_spaces(paragraph: XmlElement, role: str) -> None:
    """Replace repeated spaces in code by characters that pandoc does not join, in place."""
    for element in paragraph.iter() if role == "code" else ():
        if element.tag == f"{TEXT}s":
            element.text = "\u00a0" * int(element.get(f"{TEXT}c", "1"))
            element.tag = f"{TEXT}span"
        for attribute in ("text", "tail"):
            if value := getattr(element, attribute):
                setattr(element, attribute, value.replace(" ", "\u00a0"))


def _own_text(paragraph: XmlElement) -> str:
    """Return the text of a paragraph without that of paragraphs in it and of the numbers of notes."""
    pieces: list[str] = [paragraph.text or ""]
    for child in paragraph:
        if child.tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
            pieces.append(" ")
        elif child.tag not in (*PARAGRAPHS, f"{TEXT}note", f"{DRAW}frame", f"{OFFICE}annotation"):
            pieces.append(_own_text(child))
        pieces.append(child.tail or "")
    return re.sub(f"{ROLE_START}.*?{ROLE_END}", "", "".join(pieces))
