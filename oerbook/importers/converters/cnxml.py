"""OpenStax CNXML: a collection with its modules (folder, zip archive or collection file), or one module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.importers.cnxml_reading.collection import (
    MODULE_NAMES,
    Collection,
    ModuleEntry,
    find_collection,
    find_module,
    is_collection,
    read_authors,
    read_collection,
    read_metadata,
)
from oerbook.importers.cnxml_reading.engine import ModuleState
from oerbook.importers.cnxml_reading.module import begin_module, convert_module
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook, Person, SourceRecord
from oerbook.importers.reading.source_files import SourceFiles, open_source
from oerbook.importers.web.chapters import convert_to_chapters
from oerbook.importers.web.elements import make
from oerbook.importers.web.links import unite_ids
from oerbook.importers.web.pages import WebPage
from oerbook.importers.web.parse import parse_xml
from oerbook.importers.web.pictures import PictureCollector, read_from
from oerbook.importers.web.rights import find_license_in
from oerbook.model.findings import Finding, Pairs, Place, Severity
from oerbook.model.untyped import XmlElement

SUMMARY = "OpenStax CNXML"
COLLECTION_MARK, MODULE_MARK = b"cnx.rice.edu/collxml", b"cnx.rice.edu/cnxml"
BOOK_URL = "https://openstax.org/details/books/"


def recognizes(source: Path) -> bool:
    """Say whether a file is a collection or module, or whether a folder or archive holds one."""
    try:
        if source.is_file() and source.suffix.lower() != ".zip":
            with source.open("rb") as file:
                head = file.read(2000)
            return COLLECTION_MARK in head or MODULE_MARK in head
        return any(is_collection(name) or name.endswith(MODULE_NAMES) for name in open_source(source).sizes)
    except (OerbookError, OSError):
        return False


def convert(source: Path, _options: ConversionOptions) -> ConvertedBook:
    """Read a collection or module. Raises OerbookError if it is damaged or if there are several collections."""
    files, collection = _open_collection(source)
    pages, states, findings = _convert_modules(files, collection)
    definitions = [definition for state in states for definition in state.definitions]
    if definitions:
        pages.append(_glossary_page(definitions))
    _link_exercises(pages, states)
    _name_unnumbered(pages)
    unite_ids([(page.name, page.body) for page in pages])
    names = {state.identifier: state.file for state in states}
    read_picture = read_from(files.read, files.resolve)
    credits = {
        files.resolve(state.file, src): _picture_record(src, *credit)
        for state in states
        for src, credit in state.credits.items()
    }
    collector = PictureCollector(lambda page, url: read_picture(names.get(page, page), url), credits)
    converted = convert_to_chapters(pages, collector)
    reports = [finding for state in states for finding in state.findings]
    record = SourceRecord(
        collection.title,
        collection.authors,
        f"{BOOK_URL}{collection.slug}" if collection.slug else source.name,
        collection.license,
        revision=collection.version,
    )
    return ConvertedBook(
        collection.title,
        converted.chapters,
        language=collection.language,
        license=collection.license,
        front={"authors": list(collection.authors)},
        pictures=converted.pictures,
        people=tuple(map(Person, collection.authors)),
        sources=(record,),
        findings=(*files.findings, *findings, *reports, *converted.findings),
        counts=converted.counts,
        words=converted.words,
    )


def _open_collection(source: Path) -> tuple[SourceFiles, Collection]:
    """Return the files of a source and its collection; a module alone is a collection of one."""
    if source.is_file() and source.suffix.lower() != ".zip":
        with source.open("rb") as file:
            is_book = COLLECTION_MARK in file.read(2000)
        root = source.parent.parent if is_book and source.parent.name == "collections" else source.parent
        files = open_source(root if is_book else _media_root(source))
        if is_book:
            name = source.relative_to(root).as_posix()
            return files, read_collection(files.read(name), name)
        return files, _collection_of_module(files, source.relative_to(files.path).as_posix())
    files = open_source(source)
    name = find_collection(files)
    if name:
        return files, read_collection(files.read(name), name)
    modules = [name for name in sorted(files.sizes) if PurePosixPath(name).name in MODULE_NAMES]
    if not modules:
        raise OerbookError(f"{source.name} holds no collection and no module", hint="Name the folder of the book.")
    first = _collection_of_module(files, modules[0])
    entries = tuple(ModuleEntry(PurePosixPath(name).parent.name or name) for name in modules)
    return files, replace(first, modules=entries)


def _media_root(module: Path) -> Path:
    """Return the folder of a repository that a module lies in, so that its pictures are found, or its own folder."""
    folder = module.parent
    return folder.parent.parent if folder.parent.name == "modules" else folder


def _collection_of_module(files: SourceFiles, name: str) -> Collection:
    root = parse_xml(files.read(name), name, recover=True)
    meta = root.find("metadata")
    facts = read_metadata(root if meta is None else meta)
    title = root.find("title")
    own = "".join(title.itertext()) if title is not None else ""
    identifier = PurePosixPath(name).parent.name or name
    authors = read_authors(meta)
    return Collection(
        own or facts["title"],
        facts["language"],
        facts["license"],
        "",
        authors,
        facts["version"],
        (ModuleEntry(identifier),),
    )


def _convert_modules(
    files: SourceFiles, collection: Collection
) -> tuple[list[WebPage], list[ModuleState], list[Finding]]:
    pages, states, findings = [], [], []
    for entry in collection.modules:
        name = find_module(files, entry.identifier) or (entry.identifier if entry.identifier in files.sizes else "")
        if not name and len(collection.modules) == 1:
            name = next((n for n in files.sizes if PurePosixPath(n).name in MODULE_NAMES), "")
        if not name:
            message = f"the collection names the module {entry.identifier}, which is missing"
            findings.append(Finding("import-page-missing", message, Place(entry.identifier), Severity.WARNING))
            continue
        try:
            root = parse_xml(files.read(name), name)
        except OerbookError as error:
            findings.append(Finding("import-unreadable", error.message, Place(name), Severity.ERROR, error.hint))
            continue
        state = begin_module(entry.identifier, name)
        body = convert_module(root, state)
        is_front = not entry.titles and any(e.titles for e in collection.modules)
        title = root.find("title")
        page = WebPage(
            entry.identifier,
            body,
            " ".join("".join(title.itertext()).split()) if title is not None else entry.identifier,
            entry.titles[-1] if entry.titles else "",
            front={"numbering": False} if is_front else {},
        )
        pages.append(page)
        states.append(state)
    return pages, states, findings


def _glossary_page(definitions: Sequence[tuple[str, XmlElement]]) -> WebPage:
    """Return a chapter with all glossary entries; meanings of one term follow each other."""
    meanings: dict[str, tuple[str, list[XmlElement]]] = {}
    for term, meaning in definitions:
        known = meanings.setdefault(term.casefold(), (term, []))[1]
        if not any("".join(other.itertext()).split() == "".join(meaning.itertext()).split() for other in known):
            known.append(meaning)
    body = make("body")
    body.append(make("h1", "Glossary"))
    entries = make("dl", class_="glossary")
    for _key, (term, found) in sorted(meanings.items()):
        entries.append(make("dt", term))
        entries.extend(found)
    body.append(entries)
    return WebPage("glossary", body, "Glossary", slug="glossary", front={"numbering": False})


def _link_exercises(pages: Sequence[WebPage], states: Sequence[ModuleState]) -> None:
    """Let links to exercises lead to their new ids."""
    new_ids = {state.identifier: state.new_ids for state in states}
    for page in pages:
        for link in page.body.iter("a"):
            path, _hash, fragment = (link.get("href") or "").partition("#")
            new = new_ids.get(path or page.name, {}).get(fragment)
            if fragment and new:
                link.set("href", f"#{new}")
                link.set("data-kept-target", "yes")


def _name_unnumbered(pages: Sequence[WebPage]) -> None:
    """Give links without words to tables, figures and boxes without a caption the word for what they lead to."""
    words = {"table": "the table", "figure": "the figure", "example": "the example", "admonition": "the box"}
    targets = {(page.name, e.get("id")): e for page in pages for e in page.body.iter() if e.get("id")}
    for page in pages:
        for link in page.body.iter("a"):
            path, _hash, fragment = (link.get("href") or "").partition("#")
            target = targets.get((path or page.name, fragment))
            if target is None or link.get("class") != "number":
                continue
            has_caption = target.find("caption") is not None or target.find("figcaption") is not None
            name = words.get(str(target.tag)) or words.get(target.get("class") or "", "")
            if name and not has_caption:
                link.text = name
                del link.attrib["class"]


def _picture_record(source: str, caption: str, credit: str) -> Pairs:
    """Return the facts of a picture from the credit in its caption."""
    license_ = find_license_in(credit)
    title = caption.rstrip(". ")[:120] or PurePosixPath(source).stem
    values = (("title", title), ("authors", credit), ("license", license_))
    return tuple((key, value) for key, value in values if value)
