"""Resolve links between the pages of a source to labels that are unique in the whole book."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from oerbook.importers.myst_writer.boxes import BOX_CLASSES, STATEMENT_CLASSES
from oerbook.importers.web.elements import HEADINGS, classes_of, make, remove, text_of, unwrap
from oerbook.importers.web.outline import PAGE_START
from oerbook.importers.web.pages import WebPage
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import XmlElement

OWN_ID_TAGS = frozenset(["figure", "table", *HEADINGS])  # pandoc keeps the id of these
OWN_ID_CLASSES = frozenset([*STATEMENT_CLASSES, *BOX_CLASSES, "exercise", "equation"])  # of divs that become directives
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
TOP_FRAGMENT = "top"  # the id of the start of a file
SECTION_TAGS = ("section", "article", "div", "body", "header")
KEPT_SCHEMES = ("http:", "https:", "doi:", "ftp:")


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """An element that links can lead to, and its page."""

    page: WebPage
    element: XmlElement


def unite_ids(files: Sequence[tuple[str, XmlElement]]) -> None:
    """Make the ids of several files of one source unique, and all links between them links to ids.

    `files` are names and bodies; the start of each file gets an anchor.
    """
    number_by_name = {name: number for number, (name, _body) in enumerate(files, start=1)}
    for name, body in files:
        number = number_by_name[name]
        for element in body.iter():
            own = element.get("id") or (element.get("name") if element.tag == "a" else None)
            if own and not element.get("data-keep-id"):
                element.set("id", f"f{number}_{own}")
        for link in body.iter("a"):
            href = (link.get("href") or "").strip()
            path, _hash, fragment = href.partition("#")
            if link.get("data-kept-target"):
                continue
            if not href or SCHEME.match(path) or path.startswith("//"):
                continue
            path = unquote(path.split("?")[0])
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            if target in number_by_name:
                link.set("href", f"#f{number_by_name[target]}_{unquote(fragment) or TOP_FRAGMENT}")
        anchor = make("span", id=f"f{number}_{TOP_FRAGMENT}")
        anchor.tail, body.text = body.text, None
        body.insert(0, anchor)


def find_targets(pages: Sequence[WebPage]) -> dict[str, LinkTarget]:
    """Return the elements with an id by their id."""
    targets: dict[str, LinkTarget] = {}
    for page in pages:
        targets[page.key] = LinkTarget(page, page.body)
        for element in page.body.iter():
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    targets.setdefault(name, LinkTarget(page, element))
    return targets


def resolve_target(href: str, targets: Mapping[str, LinkTarget]) -> LinkTarget | None:
    """Return the element that a link leads to, None if it leads out of the source."""
    if not href.startswith("#"):
        return None
    return (
        targets.get(href[1:])
        or targets.get(unquote(href[1:]))
        or targets.get(f"{href[1:].partition('_')[0]}_{TOP_FRAGMENT}")
    )


def resolve_links(pages: Sequence[WebPage]) -> list[Finding]:
    """Give each element that is linked to an id of its own, and each link the form `#id`; remove all other ids.

    A link to the start of a page leads to its key. Links that lead nowhere become plain text, with a finding.
    """
    targets = find_targets(pages)
    findings: list[Finding] = []
    label_by_element: dict[XmlElement, str] = {}
    taken: set[str] = set()
    for page in pages:
        for link in list(page.body.iter("a")):
            href = (link.get("href") or "").strip()
            target = resolve_target(href, targets)
            if target is not None:
                term = _glossary_term(target.element)
                if term and link.getparent() is not None:
                    _link_term(link, term)
                    continue
                if _is_at_start(target):
                    link.set("href", f"#{target.page.key}")
                    continue
                if target.element not in label_by_element:
                    label_by_element[target.element] = _new_label(target.element, taken)
                link.set("href", f"#{label_by_element[target.element]}")
            elif href:
                findings += _check_foreign_link(page, link, href)
    _place_labels(pages, label_by_element)
    return findings


def _is_at_start(target: LinkTarget) -> bool:
    """Say whether nothing but empty elements stands before an element on its page."""
    if target.element is target.page.body or target.element.get("class") == PAGE_START:
        return True
    if not (target.element.get("id") or "").endswith(f"_{TOP_FRAGMENT}") and _heading_of(target.element) is not None:
        return False
    if text_of(target.element) and target.element.tag not in (*SECTION_TAGS, *HEADINGS):
        return False
    if (target.page.body.text or "").strip():
        return False
    for element in target.page.body.iter():
        if element is target.element:
            return True
        if (element.text or "").strip() or element.tag in ("img", "table", "script", "math", "hr"):
            return False
        previous = element.getprevious()
        if previous is not None and (previous.tail or "").strip():
            return False
    return False


def _glossary_term(element: XmlElement) -> str:
    """Return the term of the glossary that an element is or stands in, "" if it is none."""
    around = [element, *element.iterancestors()]
    term = next((e for e in around if e.tag == "dt"), None)
    is_glossary = any(e.tag == "div" and e.get("class") == "glossary" for e in around)
    return text_of(term) if term is not None and is_glossary else ""


def _link_term(link: XmlElement, term: str) -> None:
    link.tag = "span"
    for key in list(link.attrib):
        del link.attrib[key]
    link.set("class", "term")
    link.set("data-entry", term)


def _check_foreign_link(page: WebPage, link: XmlElement, href: str) -> Iterator[Finding]:
    if href.lower().startswith(KEPT_SCHEMES) or href.startswith("//"):
        link.set("href", f"https:{href}" if href.startswith("//") else href)
        return
    place = Place(page.name, link.sourceline or 0)
    if href.lower().startswith("mailto:"):
        yield Finding("import-reference", "a link to an e-mail address became plain text", place, Severity.INFO)
    else:
        message = f"the link to {href[:120]} leads to nothing in the source; its text was kept"
        yield Finding("import-reference", message, place, Severity.WARNING, "Write the link again, or leave it out.")
    unwrap(link)


def _new_label(element: XmlElement, taken: set[str]) -> str:
    if element.get("data-keep-id"):
        return element.get("id") or ""
    own = re.sub(r"^f\d+_", "", element.get("id") or element.get("name") or "place")
    wanted = re.sub(r"[^\w.-]+", "-", own.rpartition("--")[2] or own).strip("-.")
    heading = _heading_of(element)
    if heading is not None and not re.search(r"[A-Za-z]{4}", wanted):
        wanted = re.sub(r"[^a-z0-9]+", "-", text_of(heading).lower()).strip("-")[:50].strip("-") or wanted
    label, number = wanted.lower() or "place", 1
    while label in taken:
        number += 1
        label = f"{wanted.lower()}-{number}"
    taken.add(label)
    return label


def _heading_of(element: XmlElement) -> XmlElement | None:
    """Return the heading that a link to an element means: itself, the one around it, or the first of its section."""
    for candidate in (element, *element.iterancestors()):
        if candidate.tag in HEADINGS:
            return candidate
    if element.tag in ("section", "div", "article", "header") and not (element.text or "").strip():
        first = next((child for child in element if text_of(child)), None)
        while first is not None and first.tag in ("div", "header", "section"):
            first = next((child for child in first if text_of(child)), None)
        if first is not None and first.tag in HEADINGS:
            return first
    if not text_of(element):
        following = element.getnext()
        if following is not None and not (element.tail or "").strip() and following.tag in HEADINGS:
            return following
    return None


def _place_labels(pages: Sequence[WebPage], label_by_element: Mapping[XmlElement, str]) -> None:
    _remove_ids(pages)
    for element, label in label_by_element.items():
        heading = _heading_of(element)
        if heading is not None and not heading.get("id"):
            heading.set("id", label)
        elif element.get("data-keep-id"):
            continue
        elif (element.tag in OWN_ID_TAGS or classes_of(element) & OWN_ID_CLASSES) and not element.get("id"):
            element.set("id", label)
        else:
            _insert_target(element if heading is None else heading, label)
    for page in pages:
        for anchor in list(page.body.iter("a")):
            if not anchor.get("href"):
                unwrap(anchor) if text_of(anchor) or len(anchor) else remove(anchor)


def _remove_ids(pages: Sequence[WebPage]) -> None:
    for page in pages:
        for element in page.body.iter():
            if element.tag != "script" and "data-keep-id" not in element.attrib:
                element.attrib.pop("id", None)
            if element.tag == "a":
                element.attrib.pop("name", None)


def _insert_target(element: XmlElement, label: str) -> None:
    """Put an anchor at the start of an element, in its first block that can hold one."""
    holder = element
    while holder.tag in (
        "div",
        "section",
        "ul",
        "ol",
        "dl",
        "table",
        "thead",
        "tbody",
        "tr",
        "blockquote",
        "aside",
        "article",
    ):
        if (holder.text or "").strip() or not len(holder):
            break
        holder = holder[0]
    anchor = make("span", id=label, class_="target")
    if holder.tag in ("img", "br", "hr", "script", "math", "input"):
        parent = holder.getparent()
        if parent is not None:
            parent.insert(parent.index(holder), anchor)
        return
    anchor.tail, holder.text = holder.text, None
    holder.insert(0, anchor)
