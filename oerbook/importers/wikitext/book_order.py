"""Put pages of a wiki into the order of a book: a book of Wikibooks names its chapters on its main page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import mwparserfromhell
from mwparserfromhell import nodes

from oerbook.importers.wikitext.dump import WikiPage
from oerbook.importers.wikitext.state import normalize_title
from oerbook.model.findings import Finding, Place, Severity

MIN_OWN_WORDS = 60  # of a main page that is more than a table of contents
MAX_LINK_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class PageOrder:
    """Pages in reading order, the part of each, the title of the book ("" for single pages), and findings."""

    pages: tuple[WikiPage, ...]
    parts: tuple[str, ...]
    title: str = ""
    findings: tuple[Finding, ...] = ()


def order_pages(pages: Sequence[WikiPage]) -> PageOrder:
    """Return pages in the order of the main page's links if they are subpages of one, else as they stand."""
    root_title = _root_title(pages)
    if not root_title:
        return PageOrder(tuple(pages), ("",) * len(pages))
    main = next((page for page in pages if page.title == root_title), None)
    chapters = [page for page in pages if page is not main]
    listed = _list_chapters(main, root_title) if main else {}
    position = {title: index for index, title in enumerate(listed)}
    ordered = sorted(chapters, key=lambda page: (position.get(normalize_title(page.title), len(position)), 0))
    parts = [listed.get(normalize_title(page.title), "") for page in ordered]
    if len(set(parts)) == 1:
        parts = [""] * len(parts)
    findings = []
    missing = [
        t for t in listed if t.startswith(f"{root_title}/") and t not in {normalize_title(p.title) for p in chapters}
    ]
    if missing:
        message = f"{len(missing)} pages that the main page lists are not in the export: {', '.join(missing[:5])}"
        findings.append(
            Finding("import-page-missing", message, Place(root_title), Severity.WARNING, "Export them, too.")
        )
    if main and _is_contents(main):
        message = "the main page is a table of contents and was left out, because the book makes its own"
        findings.append(Finding("import-generated", message, Place(root_title), Severity.INFO))
    elif main:
        ordered, parts = [main, *ordered], ["", *parts]
    return PageOrder(tuple(ordered), tuple(parts), root_title.rpartition(":")[2], tuple(findings))


def _root_title(pages: Sequence[WikiPage]) -> str:
    """Return the page that most pages are subpages of, "" if there is none."""
    roots = [page.title.partition("/")[0] for page in pages]
    if len(pages) < 2:
        return ""
    best = max(set(roots), key=roots.count)
    return best if roots.count(best) * 2 > len(pages) and any("/" in page.title for page in pages) else ""


def _list_chapters(main: WikiPage, root_title: str) -> dict[str, str]:
    """Return the titles that the main page links to, in order, with the heading each stands below."""
    chapters: dict[str, str] = {}
    heading = ""
    for node in mwparserfromhell.parse(main.text).ifilter(recursive=True):
        if isinstance(node, nodes.Heading):
            heading = " ".join(str(node.title.strip_code()).split())
        elif isinstance(node, nodes.Wikilink):
            title = str(node.title)
            full = f"{root_title}{title}" if title.startswith("/") else title
            chapters.setdefault(
                normalize_title(full.rstrip("/")),
                "" if re.fullmatch(r"(?:table of )?contents|chapters", heading, re.I) else heading,
            )
    return chapters


def _is_contents(main: WikiPage) -> bool:
    code = mwparserfromhell.parse(main.text)
    words = len(code.strip_code().split())
    linked = sum(len(str(link.text or link.title).split()) for link in code.filter_wikilinks())
    return words < MIN_OWN_WORDS or linked / max(words, 1) > MAX_LINK_SHARE
