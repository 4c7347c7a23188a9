"""Read dumps and exports of MediaWiki: pages with their revisions, as a stream with limits."""

from __future__ import annotations

import bz2
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from lxml import etree

from oerbook.errors import OerbookError
from oerbook.model.untyped import XmlElement

MAX_PAGES = 3000
MAX_BYTES = 1_500_000_000  # of an unpacked dump
MAX_REVISIONS = 20_000  # of one page
PROLOG_BYTES = 65_536
OTHER_NAMESPACES = frozenset([2, 4, 6, 8, 10, 12, 14, 100, 828, 710])  # user, project, file, … , portal, module
SPLIT_HINT = "Export only the pages that you want, through Special:Export of the wiki."


@dataclass(frozen=True, slots=True)
class WikiRevision:
    """A revision; `author` is a user name, "" for somebody without one. `text` is None if the wiki has deleted it."""

    identifier: int
    timestamp: str
    author: str
    comment: str
    minor: bool
    text: str | None


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page with its revisions, oldest first."""

    title: str
    namespace: int
    revisions: tuple[WikiRevision, ...]
    redirect: str = ""

    @property
    def text(self) -> str:
        """The text of the last revision that has one."""
        return next((r.text for r in reversed(self.revisions) if r.text is not None), "")


@dataclass(frozen=True, slots=True)
class WikiDump:
    """A dump: its site's name, address of pages, language, names of namespaces by number, pages and templates."""

    site: str
    base_url: str
    language: str
    namespaces: dict[int, str]
    pages: tuple[WikiPage, ...]
    templates: dict[str, str] = field(default_factory=dict)


def is_dump(path: Path) -> bool:
    """Say whether a file, packed or not, begins as a dump of MediaWiki."""
    try:
        with _open(path) as stream:
            return b"<mediawiki" in stream.read(2000)
    except (OSError, EOFError, ValueError):
        return False


def read_dump(path: Path) -> WikiDump:
    """Return the pages of a dump. Raises OerbookError if it is damaged, too large, or declares entities."""
    with _open(path) as stream:
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", stream.read(PROLOG_BYTES)):
            raise OerbookError(f"{path.name} declares a document type, which no dump does", hint=SPLIT_HINT)
    pages, templates = [], {}
    site, base, language = "", "", ""
    namespaces: dict[int, str] = {}
    with _open(path) as stream:
        try:
            for element in _iterate_elements(_Limited(stream, path.name)):
                name = etree.QName(element).localname
                if name == "siteinfo":
                    site, base = _text(element, "sitename"), _text(element, "base")
                    namespaces = {int(e.get("key") or 0): e.text or "" for e in element.iter("{*}namespace")}
                elif name == "page":
                    page = _read_page(element)
                    if page.namespace == 10:
                        templates[page.title.partition(":")[2].lower()] = page.text
                    elif page.namespace % 2 == 0 and page.namespace not in OTHER_NAMESPACES:
                        pages.append(page)
                    if len(pages) > MAX_PAGES:
                        raise OerbookError(f"{path.name} has more than {MAX_PAGES} pages", hint=SPLIT_HINT)
                    language = (
                        language
                        or element.getroottree().getroot().get("{http://www.w3.org/XML/1998/namespace}lang")
                        or ""
                    )
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
        except (etree.XMLSyntaxError, EOFError, OSError) as error:
            if not pages:
                raise OerbookError(f"{path.name} is damaged: {error}", hint="Download it again.") from error
    return WikiDump(site, re.sub(r"/[^/]*$", "/", base) if base else "", language, namespaces, tuple(pages), templates)


class _Limited:
    """A stream that ends with an error after too many bytes."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._count = stream, name, 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._count += len(data)
        if self._count > MAX_BYTES:
            raise OerbookError(f"{self._name} unpacks to more than {MAX_BYTES // 1_000_000} MB", hint=SPLIT_HINT)
        return data


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"BZh"):
        return bz2.open(path, "rb")
    if head.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def _iterate_elements(stream: _Limited) -> Iterator[XmlElement]:
    tags = ("{*}siteinfo", "{*}page")
    events = etree.iterparse(
        stream,
        events=("end",),
        tag=tags,
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for _event, element in events:
        yield element


def _read_page(element: XmlElement) -> WikiPage:
    found: list[WikiRevision] = []
    for child in element.iter("{*}revision"):
        found.append(_read_revision(child))
        if len(found) > MAX_REVISIONS:
            raise OerbookError(f"{_text(element, 'title')} has more than {MAX_REVISIONS} revisions", hint=SPLIT_HINT)
    redirect = next(iter(element.iter("{*}redirect")), None)
    title = " ".join(_text(element, "title").split())
    space = _text(element, "ns")
    revisions = sorted(found, key=lambda r: (r.timestamp, r.identifier))
    return WikiPage(
        title,
        int(space) if space.lstrip("-").isdigit() else 0,
        tuple(revisions),
        redirect.get("title") or "" if redirect is not None else "",
    )


def _read_revision(element: XmlElement) -> WikiRevision:
    contributor = next(iter(element.iter("{*}contributor")), None)
    text = next(iter(element.iter("{*}text")), None)
    name = _text(contributor, "username") if contributor is not None else ""
    ip = _text(contributor, "ip") if contributor is not None else ""
    if not name and ip and not re.search(r"\d+\.|:|xxx", ip):
        name = ip  # edits of before 2002 by names without an account
    comment = next(iter(element.iter("{*}comment")), None)
    number = _text(element, "id")
    is_deleted = text is None or text.get("deleted") is not None
    return WikiRevision(
        int(number) if number.isdigit() else 0,
        _text(element, "timestamp"),
        name,
        (comment.text or "") if comment is not None and comment.get("deleted") is None else "",
        next(iter(element.iter("{*}minor")), None) is not None,
        None if is_deleted or text is None else (text.text or ""),
    )


def _text(element: XmlElement | None, tag: str) -> str:
    child = element.find(f"{{*}}{tag}") if element is not None else None
    return (child.text or "").strip() if child is not None else ""


def content_pages(pages: Sequence[WikiPage]) -> list[WikiPage]:
    """Return the pages that have text of their own: no redirects, no printable collections of others."""
    return [
        page
        for page in pages
        if page.text.strip()
        and not page.redirect
        and not re.match(r"\s*#\s*(?:redirect|weiterleitung|redirection|redirección)", page.text, re.I)
        and not re.search(r"/(?:print(?:able)? version|cover|all chapters)$", page.title, re.I)
    ]
