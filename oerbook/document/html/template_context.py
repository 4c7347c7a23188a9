"""Provide the template variables for the book and each page."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context import languages
from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.index_entries import index_groups
from oerbook.document.html import page_citation, page_metadata, theme_files
from oerbook.document.html.back_matter import back_matter_entries, download_entries
from oerbook.document.media.html import frame_hosts
from oerbook.document.reading.generated.contributors_page import anchor_of_person
from oerbook.licensing.spdx import find_license
from oerbook.metadata.bylines import (
    MAX_NAMED_AUTHORS,
    and_others,
    author_line,
    author_names,
    author_shares,
    chapter_authors,
)
from oerbook.model.book import Book, Chapter, Part
from oerbook.model.people import NamedPerson

MAX_LISTED_CHAPTERS, NEARBY_CHAPTERS = (
    40,
    12,
)  # in a part with more chapters than the first, list this many before and after the current one


def name_of_declared_person(book: Book, declared: NamedPerson) -> str:
    """Return the name of a person who is declared by id or by name."""
    return next((person.name for person in book.people if person.id == declared.name), declared.name)


def book_context(context: BuildContext) -> dict[str, Any]:
    """Return the metadata of the book as plain values for templates."""
    book = context.book
    book_license = find_license(book.license)
    return {
        "title": book.title,
        "subtitle": book.subtitle,
        "description": book.description,
        "authors": author_names(book),
        "author_line": author_line(book),
        "editors": [name_of_declared_person(book, editor) for editor in book.editors],
        "language": book.language,
        "way": languages.language_direction(book.language),
        "license": (
            {"spdx": book_license.spdx, "name": book_license.name, "url": book_license.url} if book_license else None
        ),
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
        "accents": context.part_color_count,
        **theme_files.cover_and_logo_links(context),
    }


def navigation_for_page(app: Sphinx, docname: str) -> list[dict[str, Any]]:
    """Return the parts and the chapters of the current part, as seen from a page.

    `near` has the chapters of the current part, in a very long part only those around the current one. `chapters` has
    all chapters of a part; only the part's own page and the title page list them. So the size of a page does not grow
    with the book.
    """
    book = context_of(app).book
    numbers = {slug: ".".join(map(str, numbers.get("", ()))) for slug, numbers in app.env.toc_secnumbers.items()}
    return [_part_entry(app, docname, part, numbers) for part in book.parts]


def _part_entry(app: Sphinx, docname: str, part: Part, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return the navigation entry of a part."""
    context, uri = context_of(app), app.builder.get_relative_uri
    pages = [page for page in part.chapters if page.slug in app.env.found_docs]
    slugs = [page.slug for page in pages]
    opener = part.opener.slug if part.opener else ""
    current = docname in slugs or docname == opener
    lists_all = docname in (context.book.index.slug, opener)
    first, last = _near(slugs, docname) if current or not part.title else (0, 0)
    target = opener or (slugs[0] if slugs else "")
    return {
        "title": part.title,
        "href": uri(docname, target) if target else "",
        "all": uri(docname, opener or context.book.index.slug),
        "number": "",
        "chapters": [
            _chapter_entry(app, docname, page, numbers) | {"by": _author_list(context, page)}
            for page in pages
            if lists_all
        ],
        "near": [_chapter_entry(app, docname, page, numbers) for page in pages[first:last]],
        "before": first > 0,
        "after": 0 < last < len(pages),
        "count": len(pages),
        "current": current,
    }


def _chapter_entry(app: Sphinx, docname: str, page: Chapter, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return the navigation entry of a chapter, without authors."""
    return {
        "title": _title(app.env, page.slug) or page.title,
        "short": page.short_title or _title(app.env, page.slug) or page.title,
        "level": page.level,
        "number": numbers.get(page.slug, ""),
        "href": app.builder.get_relative_uri(docname, page.slug),
        "current": page.slug == docname,
        "by": "",
    }


def _near(slugs: Sequence[str], docname: str) -> tuple[int, int]:
    """Return the range of chapters to list on a page: all, or those around it.

    >>> _near(["soil", "water"], "soil"), _near([f"c{n}" for n in range(240)], "c100")
    ((0, 2), (88, 113))
    """
    if len(slugs) <= MAX_LISTED_CHAPTERS:
        return 0, len(slugs)
    position = slugs.index(docname) if docname in slugs else 0
    first = max(0, min(position - NEARBY_CHAPTERS, len(slugs) - 2 * NEARBY_CHAPTERS - 1))
    return first, first + 2 * NEARBY_CHAPTERS + 1


def _author_list(context: BuildContext, chapter: Chapter) -> str:
    """Return the authors of a chapter for the contents, "" if it declares none."""
    names = [author["name"] for author in byline(context, chapter, str)]
    return ", ".join(names) if chapter.authors and context.book.settings.credit.placement != "credits" else ""


def _accent_number(accents: int, parts: list[dict[str, Any]]) -> int:
    """Return the accent of the current part, from 1 to `accents`; 0 for none.

    Parts with a title use the accents of the theme in turn.
    """
    titled = [part for part in parts if part["title"]]
    index = next((index for index, part in enumerate(titled) if part["current"]), None)
    return index % accents + 1 if accents and index is not None else 0


def _has_prose(doctree: Any) -> bool:
    """Return whether a page has a paragraph of words below its heading."""
    return doctree is not None and any(len(node.astext().split()) > 3 for node in doctree.findall(nodes.paragraph))


def _reading_minutes(doctree: nodes.document | None) -> int:
    """Return the reading time of a page in minutes, at 230 words a minute."""
    return max(1, round(len(doctree.astext().split()) / 230)) if doctree is not None else 0


def _title(env: Any, docname: str) -> str:
    node = env.titles.get(docname)
    return node.astext() if node is not None else ""


def page_kind(context: BuildContext, docname: str) -> str:
    """Return the kind of a page: index, part, chapter, back (matter) or special."""
    if docname == context.book.index.slug:
        return "index"
    if any(part.opener and part.opener.slug == docname for part in context.book.parts):
        return "part"
    if docname in context.pages:
        return "chapter"
    return "back" if docname in context.generated_pages or docname == "genindex" else "special"


def add_template_context(app: Sphinx, pagename: str, _template: str, variables: dict[str, Any], doctree: Any) -> None:
    """Add `book`, `parts`, `back` and `page` to the variables of a template."""
    context = context_of(app)
    parts = navigation_for_page(app, pagename) if pagename in app.env.found_docs else _parts_only(app, pagename)
    current_part = next((part for part in parts if part["current"]), {"title": "", "href": ""})
    chapter = context.pages.get(pagename)
    language = languages.differing_language(context.book, chapter)
    number = app.env.toc_secnumbers.get(pagename, {}).get("", ())
    variables["book"] = book_context(context) | {"downloads": download_entries(app, pagename)}
    variables["parts"] = parts
    if pagename == "genindex":
        variables["index"] = index_groups(app.builder)
    variables["back"] = back_matter_entries(app, pagename)
    variables["page"] = {
        "kind": page_kind(context, pagename),
        "title": _title(app.env, pagename),
        "number": ".".join(map(str, number)),
        "part": current_part["title"],
        "part_href": current_part["href"],
        "part_number": _accent_number(context.part_color_count, parts),
        "minutes": _reading_minutes(doctree),
        "source_path": context.relative_path(pagename) if chapter else "",
        "language": language,
        "way": languages.language_direction(language or context.book.language),
        "license": chapter.license if chapter else "",
        **page_metadata.page_metadata(context, pagename),
        "cite": page_citation.page_citation(context, pagename, doctree),
        "description": chapter.description if chapter else "",
        "authors": byline(context, chapter, partial(app.builder.get_relative_uri, pagename)) if chapter else [],
        "frame_hosts": frame_hosts(doctree),
        "byline": context.book.settings.credit.placement,
        "who": f"{posixpath.basename(pagename)}.who.js"
        if chapter and context.book.credits.words and _has_prose(doctree)
        else "",
    }


def byline(context: BuildContext, chapter: Chapter, link: Callable[[str], str]) -> list[dict[str, str]]:
    """Return name, link and share (if the book shows it) of a page's authors.

    `link` returns the address of a page. A long list is shortened to three authors and "others".
    """
    book, contributors = context.book, context.contributors_page
    share_by_id = author_shares(book, chapter)
    credited = {person.id for person in book.credits.people}
    authors = chapter_authors(book, chapter)
    is_long = len(authors) > MAX_NAMED_AUTHORS
    entries = [
        {
            "name": author.name,
            "href": f"{link(contributors)}#{anchor_of_person(author)}"
            if author.id in credited and contributors
            else "",
            "share": f"{share_by_id[author.id]:.0%}" if share_by_id.get(author.id) else "",
        }
        for author in (authors[:3] if is_long else authors)
    ]
    if is_long:
        entries.append({"name": and_others(book, len(authors) - 3), "href": link(contributors), "share": ""})
    return entries


def author_digest(context: BuildContext, docname: str) -> str:
    """Return a string that changes with the authors shown around a page's text.

    The HTML file of the page is out of date when it does.
    """
    book, chapter = context.book, context.pages.get(docname)
    authors = byline(context, chapter, str) if chapter else []
    book_authors = author_line(book) if docname == book.index.slug else ""
    listed_authors = [
        _author_list(context, page)
        for part in book.parts
        if docname == book.index.slug or (chapter and part.opener and part.opener.slug == docname)
        for page in part.chapters
    ]
    placement, has_words = book.settings.credit.placement, bool(book.credits.words)
    metadata = page_metadata.page_metadata(context, docname)
    slug = "" if chapter is book.index else docname
    citations = [citation for citation in book.citations if citation.slug == slug]
    return repr((authors, placement, has_words, book_authors, listed_authors, metadata, citations))


def _parts_only(app: Sphinx, pagename: str) -> list[dict[str, Any]]:
    """Return the parts without chapters, for a page such as search."""
    up = posixpath.relpath(".", posixpath.dirname(pagename) or ".")
    parts = navigation_for_page(app, context_of(app).book.index.slug)
    for part in parts:
        for name in ("href", "all"):
            part[name] = posixpath.normpath(posixpath.join(up, part[name])) if part[name] else ""
        part["current"], part["chapters"] = False, []
    return parts
