"""What the theme is told about the book and about each page."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context import languages
from oerbook.document.context.build_context import Desk, desk
from oerbook.document.context.reading_order import numbered_pages
from oerbook.document.html import theme_files
from oerbook.document.reading.contributors_page import anchor
from oerbook.licensing.spdx import license_of
from oerbook.metadata.bylines import MANY, author_line, author_names, chapter_authors, others, shares
from oerbook.metadata.copyright_page import Line, citation, copyright_lines
from oerbook.metadata.labels import word
from oerbook.model.book import Book, Chapter
from oerbook.model.people import Declared

COPYRIGHT = "copyright-page"
MOST, AROUND = 40, 12  # a part with more chapters than that: this many before and after the one in hand


def name_of(book: Book, declared: Declared) -> str:
    """Return the name to print for somebody declared by id or by name."""
    return next((person.name for person in book.people if person.id == declared.name), declared.name)


def facts(here: Desk) -> dict[str, Any]:
    """Return the book's facts as plain values for templates."""
    book = here.book
    terms = license_of(book.license)
    return {
        "title": book.title,
        "subtitle": book.subtitle,
        "description": book.description,
        "authors": author_names(book),
        "author_line": author_line(book),
        "editors": [name_of(book, editor) for editor in book.editors],
        "language": book.language,
        "way": languages.way_of(book.language),
        "license": {"spdx": terms.spdx, "name": terms.name, "url": terms.url} if terms else None,
        "edition": book.edition,
        "date": book.date.isoformat() if book.date else "",
        "year": str(book.date.year) if book.date else "",
        "publisher": book.publisher,
        "isbn": book.isbn,
        "doi": book.doi,
        "copyright": book.copyright,
        "repository": book.repository,
        "url": book.url,
        "keywords": list(book.keywords),
        "cite_title": word(book, "cite"),
        "citation": citation(book, here.epoch),
        "accents": here.accents,
        **theme_files.shown(book),
    }


def outline(app: Sphinx, docname: str) -> list[dict[str, Any]]:
    """Return the parts and, for the part in hand, its chapters, each with its link from `docname`.

    Only the part in hand names its chapters, and of very many only those near (`near`); all of them (`chapters`) stand on
    the part's own page and the title page. So a page does not grow with the book.
    """
    book, builder, env = desk().book, app.builder, app.env
    numbers = {slug: place for place, slug in enumerate(numbered_pages(desk().book), start=1)}

    def link(slug: str) -> str:
        return builder.get_relative_uri(docname, slug)

    def entries(pages: Sequence[Chapter], *, signed: bool) -> list[dict[str, Any]]:
        return [
            {
                "title": _title(env, page.slug) or page.title,
                "short": page.short_title or page.title,
                "number": str(numbers.get(page.slug, "")),
                "href": link(page.slug),
                "current": page.slug == docname,
                "by": _by(page) if signed else "",
            }
            for page in pages
        ]

    listed = []
    for part in book.parts:
        pages = [page for page in part.chapters if page.slug in env.found_docs]
        slugs = [page.slug for page in pages]
        opener = part.opener.slug if part.opener else ""
        current = docname in slugs or docname == opener
        whole = docname in (book.index.slug, opener)
        first, last = _near(slugs, docname) if current or not part.title else (0, 0)
        entry = opener or (slugs[0] if slugs else "")
        listed.append(
            {
                "title": part.title,
                "href": link(entry) if entry else "",
                "all": link(opener or book.index.slug),
                "number": "",
                "chapters": entries(pages, signed=True) if whole else [],
                "near": entries(pages[first:last], signed=False),
                "before": first > 0,
                "after": 0 < last < len(pages),
                "count": len(pages),
                "current": current,
            }
        )
    return listed


def _near(slugs: Sequence[str], docname: str) -> tuple[int, int]:
    """Return which of a part's chapters a page names in its contents: those around it, where there are very many.

    >>> _near(["soil", "water"], "soil"), _near([f"c{n}" for n in range(240)], "c100")
    ((0, 2), (88, 113))
    """
    if len(slugs) <= MOST:
        return 0, len(slugs)
    at = slugs.index(docname) if docname in slugs else 0
    first = max(0, min(at - AROUND, len(slugs) - 2 * AROUND - 1))
    return first, first + 2 * AROUND + 1


def _by(chapter: Chapter) -> str:
    """Return who wrote a chapter, for the contents of a book whose chapters have authors of their own."""
    here = desk()
    named = [one["name"] for one in byline(here, chapter, str)]
    return ", ".join(named) if chapter.authors and here.book.settings.credit.placement != "credits" else ""


def _part_number(listed: list[dict[str, Any]]) -> int:
    """Return the number of the accent for the part in hand: parts with a title take the theme's accents in turn."""
    accents = desk().accents
    titled = [part for part in listed if part["title"]]
    place = next((number for number, part in enumerate(titled) if part["current"]), None)
    return place % accents + 1 if accents and place is not None else 0


def _minutes(doctree: nodes.document | None) -> int:
    """Return how long a page takes to read, at 230 words a minute."""
    return max(1, round(len(doctree.astext().split()) / 230)) if doctree is not None else 0


def _title(env: Any, docname: str) -> str:
    node = env.titles.get(docname)
    return node.astext() if node is not None else ""


def kind_of(here: Desk, docname: str) -> str:
    """Return what a page is: index, part, chapter, back (generated), or special (search and the like)."""
    if docname == here.book.index.slug:
        return "index"
    if any(part.opener and part.opener.slug == docname for part in here.book.parts):
        return "part"
    if docname in here.pages:
        return "chapter"
    return "back" if docname in here.generated or docname == "genindex" else "special"


def add_context(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give a template the book, its outline and the page."""
    here = desk()
    known = pagename in app.env.found_docs
    listed = outline(app, pagename) if known else _from_root(app, pagename)
    chapter = here.pages.get(pagename)
    number = app.env.toc_secnumbers.get(pagename, {}).get("", ())
    context["book"] = facts(here) | {"downloads": _downloads(app, pagename)}
    context["parts"] = listed
    context["back"] = _back(app, pagename)
    context["page"] = {
        "kind": kind_of(here, pagename),
        "title": _title(app.env, pagename),
        "number": ".".join(map(str, number)),
        "part": next((part["title"] for part in listed if part["current"]), ""),
        "part_href": next((part["href"] for part in listed if part["current"]), ""),
        "part_number": _part_number(listed),
        "minutes": _minutes(doctree),
        "source_path": here.path(pagename) if chapter else "",
        "language": languages.language_of(here.book, chapter),
        "way": languages.way_of(languages.language_of(here.book, chapter) or here.book.language),
        "license": chapter.license if chapter else "",
        "description": chapter.description if chapter else "",
        "authors": byline(here, chapter, lambda page: app.builder.get_relative_uri(pagename, page)) if chapter else [],
        "byline": here.book.settings.credit.placement,
        "who": f"{posixpath.basename(pagename)}.who.js" if chapter and here.book.credits.words else "",
    }


def byline(here: Desk, chapter: Chapter, link: Callable[[str], str]) -> list[dict[str, str]]:
    """Return a page's authors: their names, where to read about them, and their share if the book shows it."""
    share = shares(here.book, chapter)
    known = {person.id for person in here.book.credits.people}
    authors = chapter_authors(here.book, chapter)
    shown = authors[:3] if len(authors) > MANY else authors
    more = [{"name": others(here.book, len(authors) - 3), "href": link(here.contributors), "share": ""}]
    return [
        {
            "name": one.name,
            "href": f"{link(here.contributors)}#{anchor(one)}" if one.id in known and here.contributors else "",
            "share": f"{share[one.id]:.0%}" if share.get(one.id) else "",
        }
        for one in shown
    ] + (more if len(authors) > MANY else [])


def said_of(docname: str) -> str:
    """Return all that a page's frame says of its authors: its file is stale when this changes."""
    here = desk()
    chapter = here.pages.get(docname)
    found = byline(here, chapter, str) if chapter else []
    whole = author_line(here.book) if docname == here.book.index.slug else ""
    opens = {docname} if chapter else set()
    listed = [
        _by(page)
        for part in here.book.parts
        if docname == here.book.index.slug or (part.opener and part.opener.slug in opens)
        for page in part.chapters
    ]
    return repr((found, here.book.settings.credit.placement, bool(here.book.credits.words), whole, listed))


def _from_root(app: Sphinx, pagename: str) -> list[dict[str, Any]]:
    """Return the outline for a page that is no document (search, index): the parts alone."""
    up = posixpath.relpath(".", posixpath.dirname(pagename) or ".")
    listed = outline(app, desk().book.index.slug)
    for part in listed:
        for name in ("href", "all"):
            part[name] = posixpath.normpath(posixpath.join(up, part[name])) if part[name] else ""
        part["current"], part["chapters"] = False, []
    return listed


def _back(app: Any, pagename: str) -> list[dict[str, Any]]:
    """Return the pages behind the chapters: bibliography, index."""
    uri = app.builder.get_relative_uri
    found = [
        {"title": _title(app.env, name), "href": uri(pagename, name), "current": name == pagename}
        for name in desk().generated
        if name in app.env.found_docs
    ]
    if app.config.html_use_index and has_index(app.env):
        title = word(desk().book, "index")
        found.append({"title": title, "href": uri(pagename, "genindex"), "current": pagename == "genindex"})
    title = word(desk().book, "copyright")
    found.append({"title": title, "href": uri(pagename, COPYRIGHT), "current": pagename == COPYRIGHT})
    return found


def copyright_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the copyright page of the web site: the same lines as in the printed book."""
    here = desk()
    title = word(here.book, "copyright")
    lines = [_legal(line) for line in copyright_lines(here.book, here.epoch)]
    body = f"<section><h1>{html.escape(title)}</h1>\n" + "\n".join(lines) + "</section>"
    yield COPYRIGHT, {"title": title, "body": body}, "page.html"


def _legal(line: Line) -> str:
    words = html.escape(line.words)
    words = f"<strong>{words}</strong>" if line.strong else words
    return f'<p><a href="{html.escape(line.url)}">{words}</a></p>' if line.url else f"<p>{words}</p>"


def has_index(env: Any) -> bool:
    """Say whether any page has an index entry."""
    return any(env.domains.index_domain.entries.values())


def _downloads(app: Any, pagename: str) -> list[dict[str, str]]:
    """Return the other formats of the book, as links from a page."""
    up = posixpath.relpath(".", posixpath.dirname(pagename) or ".")
    return [
        {"format": name, "href": posixpath.normpath(posixpath.join(up, "downloads", file)), "file": file}
        for name, file in desk().downloads
    ]


def plain_title(document: nodes.document) -> str:
    """Return the words of a page's title."""
    title = next(document.findall(nodes.title), None)
    return title.astext() if title is not None else ""
