"""Read what a page says about itself: title, authors, date, license, address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.web.elements import text_of
from oerbook.importers.web.rights import find_license_in
from oerbook.model.untyped import XmlElement

AUTHOR_KEYS = ("author", "dc.creator", "dcterms.creator", "citation_author", "article:author")
DATE_KEYS = (
    "date",
    "dc.date",
    "dcterms.date",
    "dcterms.modified",
    "citation_publication_date",
    "article:published_time",
)
RIGHTS_KEYS = ("dc.rights", "dcterms.rights", "dcterms.license", "copyright", "rights", "license", "dc.rights.license")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LAST_CHARS = 3000  # of a page, where its license is often stated


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The facts of a page; `license` is an SPDX id or ""."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    license: str = ""
    url: str = ""
    language: str = ""
    description: str = ""


def read_site_facts(root: XmlElement) -> SiteFacts:
    """Return what the head of a page, and a license link or notice in it, say."""
    values: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        key = (meta.get("name") or meta.get("property") or "").lower()
        values.setdefault(key, []).append(" ".join((meta.get("content") or "").split()))
    title = root.find(".//title")
    names = [name for key in AUTHOR_KEYS for value in values.get(key, []) for name in read_authors(value)[0]]
    links = [e.get("href") or "" for e in root.iter("link", "a") if "license" in (e.get("rel") or "").split()]
    rights = [value for key in RIGHTS_KEYS for value in values.get(key, [])]
    cc_links = [e.get("href") or "" for e in root.iter("a") if "creativecommons.org" in (e.get("href") or "")]
    body = root.find(".//body")
    ending = text_of(body)[-LAST_CHARS:] if body is not None else ""
    stated = re.findall(
        r"[^.]*(?:licen[cs]ed?|CC[ -]BY|Creative Commons|Lizenz|licence)[^.]*\.[^.]*\.?[^.]*", ending, re.I
    )
    canonical = [e.get("href") or "" for e in root.iter("link") if e.get("rel") == "canonical"]
    date = next((m[0] for key in DATE_KEYS for value in values.get(key, []) if (m := ISO_DATE.match(value))), "")
    html = root if root.tag == "html" else root.find(".//html")
    return SiteFacts(
        text_of(title) if title is not None else "",
        tuple(dict.fromkeys(names)),
        date,
        find_license_in(*links, *rights, *cc_links[:1], *stated),
        next(iter([*canonical, *values.get("og:url", [])]), ""),
        (html.get("lang") or "" if html is not None else "") or next(iter(values.get("dc.language", [])), ""),
        next(iter(values.get("description", [])), ""),
    )
