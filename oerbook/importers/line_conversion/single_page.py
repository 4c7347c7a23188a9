"""Read one page of Markdown, Quarto or reStructuredText as a chapter, with the files that it names beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.importers.common import to_list
from oerbook.importers.conversion.pictures import name_pictures
from oerbook.importers.conversion.values import (
    ConversionOptions,
    ConvertedBook,
    ConvertedChapter,
    Person,
    SourceRecord,
)
from oerbook.importers.line_conversion.links import find_paths, resolve_path, rewrite_paths
from oerbook.importers.line_conversion.page import ConvertedPage
from oerbook.importers.quarto_pages.front_matter import split_page
from oerbook.importers.reading.find_license import find_book_license
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Yaml

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".pdf")
INCLUDE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{include\}\s+(?P<path>\S+)\n(?::[^\n]*\n)*(?P=fence)$", re.M)
TITLE = re.compile(r"\A\s*(?:\([\w:.-]+\)=\n+)*#[ \t]+(?P<words>.+?)[ \t]*\n", re.M)
MAX_PAGE_BYTES = 20_000_000
MAX_PICTURE_BYTES = 50_000_000
MAX_INCLUDE_DEPTH = 5
EMAIL_IN_BRACKETS = re.compile(r"[<(][^<>()]*@[^<>()]*[>)]")


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page and how to convert it: a function of the path and text of a page beside it, and its name in words."""

    path: Path
    markup: str
    convert: Callable[[str, str], ConvertedPage]
    facts: Mapping[str, Yaml] = field(default_factory=dict)


def names_beside(path: Path) -> frozenset[str]:
    """Return the files in the folder of a page and below it, without links out of it."""
    root = path.parent.resolve()
    paths = (other for other in path.parent.rglob("*") if other.is_file() and not other.is_symlink())
    return frozenset(
        other.relative_to(path.parent).as_posix() for other in paths if other.resolve().is_relative_to(root)
    )


def read_text(path: Path) -> str:
    """Return the text of a page. Raises OerbookError if it is no text or too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PAGE_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OerbookError(f"{path.name} cannot be read as UTF-8 text", hint="Save it as UTF-8.") from error
    if len(data) > MAX_PAGE_BYTES:
        raise OerbookError(f"{path.name} is larger than {MAX_PAGE_BYTES // 1_000_000} MB", hint="Split it.")
    return text.replace("\r\n", "\n")


def convert_single_page(source: PageSource, options: ConversionOptions) -> ConvertedBook:
    """Return a page as a book of one chapter."""
    path, text = source.path, read_text(source.path)
    page = source.convert(path.name, text)
    facts = {**split_page(text)[0], **source.facts}
    body, findings = _expand_includes("\n".join(split_page(page.text)[1]), path.name, source, 0)
    title = TITLE.match(body)
    name = str(facts.get("title") or (title["words"] if title else path.stem)).strip()
    body = body[title.end() :].lstrip("\n") if title else body.lstrip("\n")
    body, media, missing = _take_pictures(body, path)
    named = [_name(author) for author in to_list(facts.get("author") or facts.get("authors"))]
    authors = tuple(name for name in named if name)
    license_ = options.license or find_book_license((), str(facts.get("license") or ""), [text])
    record = SourceRecord(name, authors, path.name, license_, changes=f"converted from {source.markup} to MyST")
    pictures = name_pictures(media, path.stem)
    body = rewrite_paths(body, lambda target: pictures.paths.get(target, target))
    front: dict[str, Yaml] = {"authors": list(authors)} if authors else {}
    if split_page(page.text)[0].get("numbering") is False:
        front["numbering"] = False
    chapter = ConvertedChapter(name, text=body, slug=path.stem, source_file=path.name, front=front, sources=(record,))
    return ConvertedBook(
        name,
        (chapter,),
        str(facts.get("lang") or facts.get("language") or ""),
        license_,
        pictures=pictures.pictures,
        people=tuple(Person(author) for author in authors),
        bibliography=_bibliography(facts, path),
        findings=(*page.findings, *findings, *missing),
    )


def _name(author: Yaml) -> str:
    """Return a name in one line and without an e-mail address, "" if it is only one.

    >>> _name("Ada Lee <ada@example.org>"), _name({"name": "Bo\\nChen"}), _name("cy@example.org")
    ('Ada Lee', 'Bo Chen', '')
    """
    text = str(author.get("name") or "") if isinstance(author, Mapping) else str(author)
    name = " ".join(EMAIL_IN_BRACKETS.sub("", text).split())
    return "" if "@" in name else name


def _expand_includes(text: str, page: str, source: PageSource, depth: int) -> tuple[str, list[Finding]]:
    """Return a page with the pages that it includes in their places."""
    names = names_beside(source.path)
    findings: list[Finding] = []

    def replace(match: re.Match[str]) -> str:
        target = resolve_path(match["path"], page)
        if target not in names or depth >= MAX_INCLUDE_DEPTH:
            message = f"the included file {match['path']} is not beside this page"
            findings.append(Finding("import-page-missing", message, Place(page), Severity.WARNING))
            return match[0]
        converted = source.convert(target, read_text(source.path.parent / target))
        inner, more = _expand_includes(converted.text, target, source, depth + 1)
        findings.extend([*converted.findings, *more])
        return inner.strip("\n")

    return INCLUDE.sub(replace, text), findings


def _take_pictures(body: str, path: Path) -> tuple[str, dict[str, bytes], list[Finding]]:
    """Return the pictures that a page names by their paths there; those that are missing are findings."""
    names = names_beside(path)
    media: dict[str, bytes] = {}
    findings: list[Finding] = []
    for target in dict.fromkeys(find_paths(body)):
        if not target.lower().endswith(PICTURE_SUFFIXES):
            continue
        name = resolve_path(target, path.name)
        file = path.parent / name
        if name in names and file.stat().st_size <= MAX_PICTURE_BYTES:
            media[target] = file.read_bytes()
        else:
            message = f"the picture {target} is not beside this page"
            findings.append(Finding("import-picture-missing", message, Place(path.name), Severity.WARNING))
    return body, media, findings


def _bibliography(facts: Mapping[str, Yaml], path: Path) -> str:
    names = names_beside(path)
    files = [str(name) for name in to_list(facts.get("bibliography")) if str(name) in names]
    return "\n\n".join(read_text(path.parent / name) for name in files if name.endswith(".bib"))
