"""Links from a page to the back matter and to the other formats of the book."""

from __future__ import annotations

import posixpath
from typing import Any

from oerbook.document.context.build_context import context_of
from oerbook.document.html.copyright_page import COPYRIGHT_PAGE
from oerbook.metadata.labels import translated_label


def back_matter_entries(app: Any, pagename: str) -> list[dict[str, Any]]:
    """Return the pages after the chapters: generated pages, index and copyright page."""
    context, uri = context_of(app), app.builder.get_relative_uri
    entries = [
        {"title": app.env.titles[name].astext(), "href": uri(pagename, name), "current": name == pagename}
        for name in context.generated_pages
        if name in app.env.found_docs
    ]
    if app.config.html_use_index and has_index(app.env):
        title = translated_label(context.book, "index")
        entries.append({"title": title, "href": uri(pagename, "genindex"), "current": pagename == "genindex"})
    title = translated_label(context.book, "copyright")
    entries.append({"title": title, "href": uri(pagename, COPYRIGHT_PAGE), "current": pagename == COPYRIGHT_PAGE})
    return entries


def has_index(env: Any) -> bool:
    """Return whether any page has an index entry."""
    return any(env.domains.index_domain.entries.values())


def download_entries(app: Any, pagename: str) -> list[dict[str, str]]:
    """Return the other formats of the book, with links relative to a page."""
    up = posixpath.relpath(".", posixpath.dirname(pagename) or ".")
    return [
        {"format": name, "href": posixpath.normpath(posixpath.join(up, "downloads", file)), "file": file}
        for name, file in context_of(app).downloads
    ]
