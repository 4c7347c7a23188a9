"""Read the package document of an EPUB: facts of the book, files, reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oerbook.errors import OerbookError
from oerbook.importers.reading.source_files import SourceFiles
from oerbook.importers.web.elements import text_of
from oerbook.importers.web.parse import parse_html, parse_xml
from oerbook.model.untyped import XmlElement

CONTAINER_FILE = "META-INF/container.xml"
FIELD_BY_ROLE = {"aut": "authors", "edt": "editors", "": "authors"}


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of the manifest: its name in the archive, media type and properties (nav, cover-image)."""

    name: str
    media_type: str
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """The facts of an EPUB, its files by id, and the ids of its pages in reading order.

    `people` are (role, name); the role is a MARC relator code such as "aut". `rights` are all texts and addresses that
    may state a license.
    """

    folder: str
    title: str
    subtitle: str
    people: tuple[tuple[str, str], ...]
    language: str
    rights: tuple[str, ...]
    facts: Mapping[str, str]
    subjects: tuple[str, ...]
    files: Mapping[str, PackageFile]
    spine: tuple[str, ...]
    ncx: str
    cover: str
    guide: tuple[tuple[str, str], ...]  # (type, href) of EPUB 2

    @property
    def nav(self) -> str:
        """The id of the navigation document, "" if there is none."""
        return next((key for key, file in self.files.items() if "nav" in file.properties), "")


def read_package(files: SourceFiles) -> Package:
    """Return the package of an EPUB. Raises OerbookError if it has none, or if its files are encrypted."""
    container = parse_xml(files.read(CONTAINER_FILE), CONTAINER_FILE, recover=True)
    path = next((element.get("full-path") or "" for element in container.iter("rootfile")), "")
    if path not in files.sizes:
        raise OerbookError(f"{files.path.name} names no package document", hint="Export the EPUB again.")
    if _is_encrypted(files):
        raise OerbookError(
            f"{files.path.name} is copy-protected", hint="Ask its publisher for a copy without protection."
        )
    root = parse_xml(files.read(path), path, recover=True)
    manifest = dict(_read_manifest(root, path, files))
    meta = _find(root, "metadata")
    spine = _find(root, "spine")
    refinements = _read_refinements(meta)
    titles = _read_titles(meta, refinements)
    facts = {name: _first(meta, name) for name in ("publisher", "date", "description", "source")}
    facts["isbn"] = _read_isbn(meta)
    return Package(
        path.rpartition("/")[0],
        *titles,
        people=tuple(_read_people(meta, refinements)),
        language=_first(meta, "language"),
        rights=tuple(_read_rights(meta)),
        facts=facts,
        subjects=tuple(dict.fromkeys(text_of(e) for e in meta.iter("subject") if text_of(e))),
        files=manifest,
        spine=tuple(ref.get("idref") or "" for ref in spine.iter("itemref") if ref.get("idref") in manifest),
        ncx=_ncx_id(spine, manifest),
        cover=_cover_name(meta, manifest),
        guide=tuple((e.get("type") or "", e.get("href") or "") for e in root.iter("reference")),
    )


def _is_encrypted(files: SourceFiles) -> bool:
    """Say whether pages are encrypted; obfuscated fonts are not."""
    if "META-INF/encryption.xml" not in files.sizes:
        return False
    root = parse_xml(files.read("META-INF/encryption.xml"), "encryption.xml", recover=True)
    uris = [element.get("URI") or "" for element in root.iter("CipherReference")]
    return any(re.search(r"\.(x?html?|opf|ncx)$", uri, re.I) for uri in uris)


def _find(root: XmlElement, tag: str) -> XmlElement:
    found = next(root.iter(tag), None)
    return found if found is not None else root.makeelement(tag, {})


def _read_manifest(root: XmlElement, path: str, files: SourceFiles) -> Iterator[tuple[str, PackageFile]]:
    for item in root.iter("item"):
        name = files.resolve(path, item.get("href") or "")
        if name and item.get("id"):
            properties = tuple((item.get("properties") or "").split())
            yield item.get("id") or "", PackageFile(name, item.get("media-type") or "", properties)


def _read_refinements(meta: XmlElement) -> dict[tuple[str, str], str]:
    """Return what EPUB 3's meta elements say of others, by id and property."""
    return {
        ((element.get("refines") or "").lstrip("#"), element.get("property") or ""): text_of(element)
        for element in meta.iter("meta")
        if element.get("refines")
    }


def _read_titles(meta: XmlElement, refinements: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    titles = [
        (refinements.get((e.get("id") or "", "title-type"), ""), text_of(e)) for e in meta.iter("title") if text_of(e)
    ]
    if not titles:
        return "", ""
    main = next((title for kind, title in titles if kind == "main"), titles[0][1])
    return main, next((title for kind, title in titles if kind == "subtitle"), "")


def _read_people(meta: XmlElement, refinements: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    for tag, default in (("creator", "aut"), ("contributor", "ctb")):
        for element in meta.iter(tag):
            role = refinements.get((element.get("id") or "", "role")) or element.get("role") or default
            if text_of(element) and role not in ("bkp", "mrk"):
                yield role.strip().lower(), text_of(element)


def _read_rights(meta: XmlElement) -> Iterator[str]:
    for element in meta.iter("link"):
        if "license" in (element.get("rel") or ""):
            yield element.get("href") or ""
    for element in meta.iter("rights", "license"):
        yield f"{text_of(element)} {element.get('href') or element.get('resource') or ''}"
    for element in meta.iter("meta"):
        if re.search(r"(?:^|[:.])(?:license|rights)$", element.get("property") or element.get("name") or "", re.I):
            yield f"{text_of(element)} {element.get('content') or ''}"


def _first(meta: XmlElement, tag: str) -> str:
    text = next((text_of(element) for element in meta.iter(tag) if text_of(element)), "")
    return text_of(parse_html(text, tag)) if "<" in text else text


def _read_isbn(meta: XmlElement) -> str:
    for element in meta.iter("identifier", "source"):
        digits = re.sub(r"[^0-9Xx]", "", text_of(element).lower().removeprefix("urn:isbn:"))
        scheme = (element.get("scheme") or text_of(element)).lower()
        if len(digits) == 13 and digits.startswith(("978", "979")) and ("isbn" in scheme or scheme[:3].isdigit()):
            return digits
    return ""


def _ncx_id(spine: XmlElement, manifest: Mapping[str, PackageFile]) -> str:
    named = spine.get("toc") or ""
    return (
        named
        if named in manifest
        else next((k for k, f in manifest.items() if f.media_type.endswith("dtbncx+xml")), "")
    )


def _cover_name(meta: XmlElement, manifest: Mapping[str, PackageFile]) -> str:
    declared = next((e.get("content") or "" for e in meta.iter("meta") if e.get("name") == "cover"), "")
    by_property = next((file.name for file in manifest.values() if "cover-image" in file.properties), "")
    file = manifest.get(declared)
    return by_property or (file.name if file and file.media_type.startswith("image/") else "")
