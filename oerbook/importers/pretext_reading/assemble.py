"""Put a PreTeXt book together from its files, and read its facts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from oerbook.errors import OerbookError
from oerbook.importers.reading.source_files import SourceFiles
from oerbook.importers.web.elements import make, text_of
from oerbook.importers.web.parse import decode, parse_xml
from oerbook.importers.web.rights import find_license_in
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

MAX_DEPTH = 20
ROOT_TAGS = ("pretext", "mathbook")
MACRO = re.compile(r"\\(?:re)?newcommand\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[\d\])?\s*\{")
OPERATOR = re.compile(r"\\DeclareMathOperator(\*?)\s*\{?\\([A-Za-z]+)\}?\s*\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class BookFacts:
    """The facts of a book; `macros` are TeX by name."""

    title: str
    subtitle: str
    language: str
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    license: str
    copyright: str
    website: str
    macros: dict[str, str]


def find_root(files: SourceFiles) -> str:
    """Return the main file: a root element around a book or article; the shallowest, `main` or `source` first."""
    found = []
    for name in files.sizes:
        if not name.endswith((".ptx", ".xml")) or files.sizes[name] > 20_000_000:
            continue
        head = re.sub(r"<!--.*?-->", "", decode(files.read(name)), flags=re.S)
        if re.search(rf"<(?:{'|'.join(ROOT_TAGS)})[\s>]", head) and re.search(
            r"<(?:book|article)[\s>]|xi:include", head
        ):
            has_parts = "<part" in head
            found.append(
                (name.count("/"), not re.search(r"(?:^|/)(?:main|source|index|book)\.", name), has_parts, name)
            )
    return min(found)[3] if found else ""


def read_book(files: SourceFiles, name: str) -> tuple[XmlElement, list[Finding]]:
    """Return the whole tree below the main file, and findings on files that are missing or cannot be read.

    Each element of an included file has the attribute `file`.
    """
    findings: list[Finding] = []
    root = parse_xml(files.read(name), name)
    root.set("file", name)
    _include(root, name, files, findings, 0)
    return root, findings


def _include(element: XmlElement, name: str, files: SourceFiles, findings: list[Finding], depth: int) -> None:
    for include in list(element.iter("xi-include")):
        parent = include.getparent()
        if parent is None:
            continue
        href = unquote(include.get("href") or "")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
        place = Place(name, include.sourceline or 0)
        new = None
        if target not in files.sizes or depth > MAX_DEPTH:
            message = f"the part {href} is missing or lies outside the source, and was left out"
            findings.append(Finding("import-page-missing", message, place, Severity.WARNING))
        elif include.get("parse") == "text":
            new = make("span", decode(files.read(target)))
        else:
            try:
                new = parse_xml(files.read(target), target)
                new.set("file", target)
                _include(new, target, files, findings, depth + 1)
            except OerbookError as error:
                findings.append(Finding("import-unreadable", error.message, Place(target), Severity.ERROR, error.hint))
        if new is None:
            parent.remove(include)
        else:
            new.tail = include.tail
            parent.replace(include, new)


def read_facts(root: XmlElement) -> BookFacts:
    """Return what the front matter and the settings of a book say."""
    book = next((e for e in root.iter("book", "article")), root)
    info = next(iter(book.iter("bibinfo", "titlepage")), None)
    licenses = [text_of(e) for tag in ("minilicense", "shortlicense", "license") for e in root.iter(tag)]
    website = next((text_of(a) for e in root.iter("website") for a in e.iter("address", "url") if text_of(a)), "")
    holder = next(iter(root.iter("copyright")), None)
    notice = " ".join(text_of(e) for e in holder if e.tag in ("year", "holder")) if holder is not None else ""
    macros = "\n".join("".join(e.itertext()) for e in root.iter("macros"))
    return BookFacts(
        _child_text(book, "title"),
        _child_text(book, "subtitle"),
        (root.get("lang") or "").split("-")[0] if (root.get("lang") or "").endswith("-US") else root.get("lang") or "",
        _people(info, "author"),
        _people(info, "editor"),
        find_license_in(*licenses),
        notice,
        website,
        read_macros(macros),
    )


def read_macros(text: str) -> dict[str, str]:
    r"""Return the TeX of `\newcommand` and `\DeclareMathOperator` by name.

    >>> read_macros(r"\newcommand{\R}{\mathbb{R}} \DeclareMathOperator{\lcm}{lcm}")
    {'R': '\\mathbb{R}', 'lcm': '\\operatorname{lcm}'}
    """
    text = re.sub(r"(?<!\\)%.*", "", text)
    macros = {}
    for match in MACRO.finditer(text):
        depth, end = 1, match.end()
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0) if text[end - 1] != "\\" else 0
            end += 1
        macros[match[1]] = text[match.end() : end - 1].strip()
    macros |= {m[2]: rf"\operatorname{m[1]}{{{m[3]}}}" for m in OPERATOR.finditer(text)}
    return {name: tex for name, tex in macros.items() if tex}


def _people(info: XmlElement | None, tag: str) -> tuple[str, ...]:
    if info is None:
        return ()
    names = [_child_text(person, "personname") for person in info.iter(tag)]
    return tuple(dict.fromkeys(name for name in names if name))


def _child_text(element: XmlElement, tag: str) -> str:
    child = element.find(tag)
    if child is None:
        return ""
    for name in list(child.iter("pretext", "latex", "tex")):
        name.text = {"pretext": "PreTeXt", "latex": "LaTeX", "tex": "TeX"}[str(name.tag)]
    return text_of(child)
