"""Read a collection of CNXML: its facts, and its modules in order with the chapters that hold them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oerbook.errors import OerbookError
from oerbook.importers.reading.source_files import SourceFiles
from oerbook.importers.web.elements import text_of
from oerbook.importers.web.parse import parse_xml
from oerbook.importers.web.rights import find_license_in
from oerbook.model.untyped import XmlElement

MODULE_NAMES = ("index.cnxml", "index_auto_generated.cnxml", "index.cnxml.html")


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """A module of a collection: its id and the titles of the subcollections around it, outermost first."""

    identifier: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """The facts of a collection and its modules; `license` is an SPDX id or ""."""

    title: str
    language: str
    license: str
    slug: str
    authors: tuple[str, ...]
    version: str
    modules: tuple[ModuleEntry, ...]


def is_collection(name: str) -> bool:
    """Say whether a file is named like a collection."""
    base = posixpath.basename(name)
    return base == "collection.xml" or base.endswith(".collection.xml")


def find_collection(files: SourceFiles) -> str:
    """Return the file of the collection, "" if there is none. Raises OerbookError if there are several."""
    names = sorted(name for name in files.sizes if is_collection(name))
    if len(names) > 1:
        listed = ", ".join(names)
        hint = f"Name one of them: {files.path.name}/{names[0]}"
        raise OerbookError(f"{files.path.name} holds several collections: {listed}", hint=hint)
    return names[0] if names else ""


def find_module(files: SourceFiles, identifier: str) -> str:
    """Return the file of a module, "" if the source lacks it."""
    ends = [f"{identifier}/{name}" for name in MODULE_NAMES]
    return next((name for name in files.sizes if any(name == end or name.endswith(f"/{end}") for end in ends)), "")


def read_collection(data: bytes, name: str) -> Collection:
    """Return what a collection file says."""
    root = parse_xml(data, name, recover=True)
    meta = root.find("metadata")
    facts = read_metadata(root if meta is None else meta)
    content = root.find("content")
    modules = tuple(_read_modules(content, ())) if content is not None else ()
    return Collection(
        facts["title"],
        facts["language"],
        facts["license"],
        facts["slug"],
        read_authors(meta),
        facts["version"],
        modules,
    )


def read_metadata(meta: XmlElement) -> dict[str, str]:
    """Return title, language, license, slug and version of metadata."""
    license_ = meta.find(".//license")
    stated = (license_.get("url") or "", text_of(license_)) if license_ is not None else ("", "")
    values = {tag: _text(meta, tag) for tag in ("title", "language", "slug", "version", "content-id", "abstract")}
    return {**values, "license": find_license_in(*stated)}


def read_authors(meta: XmlElement | None) -> tuple[str, ...]:
    """Return the authors that metadata names."""
    if meta is None:
        return ()
    names = {person.get("userid") or "": _text(person, "fullname") for person in meta.iter("person")}
    ids = [i for role in meta.iter("role") if role.get("type") == "author" for i in (role.text or "").split()]
    direct = [_text(author, "name") or _text(author, "fullname") for author in meta.iter("author")]
    return tuple(dict.fromkeys(name for name in (*(names.get(i, "") for i in ids), *direct) if name))


def _read_modules(content: XmlElement, titles: Sequence[str]) -> Iterator[ModuleEntry]:
    for child in content:
        if child.tag == "module":
            yield ModuleEntry(child.get("document") or "", tuple(titles))
        elif child.tag == "subcollection":
            title = _text(child, "title")
            inner = child.find("content")
            yield from _read_modules(inner, (*titles, title)) if inner is not None else ()


def _text(element: XmlElement, tag: str) -> str:
    child = element.find(tag)
    return text_of(child) if child is not None else ""
