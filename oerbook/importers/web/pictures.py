"""Collect the pictures that pages show: files of the source, data: URLs and drawings in the page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from oerbook.errors import OerbookError
from oerbook.images.kinds import UNSUPPORTED_KINDS, identify_image_kind
from oerbook.importers.conversion.values import Picture
from oerbook.importers.web.elements import make, replace
from oerbook.importers.web.pages import WebPage
from oerbook.model.findings import Finding, Pairs, Place, Severity
from oerbook.model.untyped import XmlElement
from oerbook.text.slugs import slugify

SUFFIX_BY_KIND = {"jpeg": ".jpg", "tiff": ".tif"}
SVG_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
PictureReader = Callable[[str, str], tuple[str, bytes] | None]  # page, URL -> name in the source and bytes


class PictureCollector:
    """Gives each picture of the source one name in `images/`; the same bytes have the same name."""

    def __init__(self, read: PictureReader, records: Mapping[str, Pairs] | None = None) -> None:
        """`read` returns a picture's name and bytes, None if the source lacks it; `records` are facts by that name."""
        self._read = read
        self._records = records or {}
        self._name_by_digest: dict[str, str] = {}
        self.pictures: dict[str, Picture] = {}

    def collect(self, pages: Sequence[WebPage]) -> list[Finding]:
        """Give each image of the pages the name of its file in `images/`, and report those that are missing."""
        return [finding for page in pages for finding in self._collect_page(page)]

    def add(self, source_name: str, data: bytes) -> str:
        """Add a picture and return its name in `images/`."""
        digest = hashlib.sha256(data).hexdigest()
        known = self._name_by_digest.get(digest)
        if known:
            return known
        kind = identify_image_kind(data[:4096])
        original = PurePosixPath(source_name)
        suffix = SUFFIX_BY_KIND.get(kind, f".{kind}") if kind not in UNSUPPORTED_KINDS else original.suffix.lower()
        stem = slugify(original.stem) or "picture"
        name, number = f"{stem}{suffix}", 1
        while name in self.pictures:
            number += 1
            name = f"{stem}-{number}{suffix}"
        self._name_by_digest[digest] = name
        self.pictures[name] = Picture(name, data, self._records.get(source_name, ()))
        return name

    def _collect_page(self, page: WebPage) -> Iterator[Finding]:
        for drawing in list(page.body.iter("svg")):
            _replace_drawing(drawing)
        for image in list(page.body.iter("img")):
            url = (image.get("src") or image.get("data-src") or "").strip()
            found = _read_data_url(url) if url.lower().startswith("data:") else self._read(page.name, url)
            if found is None:
                yield _report_missing(page, image, url)
                _replace_by_words(image, url)
                continue
            name = self.add(*found)
            image.set("src", f"images/{name}")
            for key in ("srcset", "sizes", "loading", "class", "style", "data-src", "title"):
                image.attrib.pop(key, None)


def _replace_drawing(drawing: XmlElement) -> None:
    """Turn an SVG in the page into a file; one that only holds a picture becomes that picture."""
    shown = [e for e in drawing.iter() if e.tag not in ("svg", "g", "title", "desc", "defs")]
    title = drawing.find(".//title")
    alt = drawing.get("aria-label") or (title.text or "" if title is not None else "")
    if len(shown) == 1 and shown[0].tag == "image":
        replace(drawing, make("img", src=shown[0].get("href") or "", alt=alt))
        return
    tail, drawing.tail = drawing.tail, None
    text = etree.tostring(drawing, encoding="unicode")
    drawing.tail = tail
    if "xmlns=" not in text[:300]:
        text = re.sub(r"<svg\b", f"<svg {SVG_NAMESPACE}", text, count=1)
    text = re.sub(r"\shref=", " xlink:href=", text)
    if "xlink:href" in text:
        text = re.sub(r"<svg\b", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', text, count=1)
    encoded = base64.b64encode(text.encode()).decode()
    replace(drawing, make("img", src=f"data:image/svg+xml;base64,{encoded}", alt=alt))


def _read_data_url(url: str) -> tuple[str, bytes] | None:
    """Return a name and the bytes of a data: URL, None if it is damaged."""
    head, comma, body = url.partition(",")
    if not comma:
        return None
    suffix = re.sub(r"[^a-z0-9].*", "", head[5:].rpartition("/")[2].lower()) or "bin"
    try:
        data = base64.b64decode(unquote(body)) if head.endswith(";base64") else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        return None
    return f"picture.{suffix}", data


def read_from(files_read: Callable[[str], bytes], resolve: Callable[[str, str], str]) -> PictureReader:
    """Return a reader of pictures that are files of the source."""

    def read(page: str, url: str) -> tuple[str, bytes] | None:
        name = resolve(page, url)
        try:
            return (name, files_read(name)) if name else None
        except OerbookError:
            return None

    return read


def _report_missing(page: WebPage, image: XmlElement, url: str) -> Finding:
    place = Place(page.name, image.sourceline or 0)
    if url.startswith(("http:", "https:", "//")):
        message = f"the picture {url[:200]} is on the web, and nothing is downloaded; a link took its place"
    else:
        message = (
            f"the picture {url[:200] or 'without a name'} is missing in the source; its description took its place"
        )
    hint = "Put the picture into chapters/images/ and show it with {figure}; check its license."
    return Finding("import-picture-missing", message, place, Severity.WARNING, hint)


def _replace_by_words(image: XmlElement, url: str) -> None:
    alt = " ".join((image.get("alt") or "").split())
    words = f"[Picture: {alt}]" if alt else "[Picture]"
    if url.startswith(("http:", "https:", "//")):
        replace(image, make("a", words.strip("[]"), href=f"https:{url}" if url.startswith("//") else url))
    else:
        replace(image, make("span", words))
