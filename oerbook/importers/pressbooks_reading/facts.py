"""The facts of a Pressbooks book and its chapters: license, people, pictures with their sources."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from oerbook.importers.pressbooks_reading.posts import Export, Post, read_names
from oerbook.importers.web.elements import text_of
from oerbook.importers.web.parse import parse_html
from oerbook.model.findings import Pairs
from oerbook.model.untyped import Yaml

# https://github.com/pressbooks/pressbooks/blob/dev/inc/class-licensing.php: the ids have no version, the texts are 4.0
LICENSE_BY_SLUG = {
    "public-domain": "CC-PDM-1.0",
    "cc-zero": "CC0-1.0",
    "cc-by": "CC-BY-4.0",
    "cc-by-sa": "CC-BY-SA-4.0",
    "cc-by-nd": "CC-BY-ND-4.0",
    "cc-by-nc": "CC-BY-NC-4.0",
    "cc-by-nc-sa": "CC-BY-NC-SA-4.0",
    "cc-by-nc-nd": "CC-BY-NC-ND-4.0",
    "all-rights-reserved": "all rights reserved",
}


def license_of(post: Post | None, *keys: str) -> str:
    """Return the license of a post as SPDX id, "all rights reserved", or ""."""
    slug = post.fact(*keys) if post else ""
    return LICENSE_BY_SLUG.get(slug, "")


def book_front(export: Export) -> dict[str, Yaml]:
    """Return the keys of the title page."""
    book = export.metadata
    if book is None:
        return {}
    published = book.fact("pb_publication_date")
    date = datetime.fromtimestamp(int(published), UTC).date().isoformat() if published.isdigit() else ""
    isbn = re.sub(r"[^0-9X]", "", book.fact("pb_ebook_isbn", "pb_print_isbn"))
    return {
        "subtitle": plain(book.fact("pb_subtitle")),
        "authors": read_names(book, export, "pb_authors", "pb_author"),
        "editors": read_names(book, export, "pb_editors", "pb_editor"),
        "contributors": read_names(
            book,
            export,
            "pb_contributors",
            "pb_contributing_authors",
            "pb_translators",
            "pb_translator",
            "pb_illustrators",
        ),
        "reviewers": read_names(book, export, "pb_reviewers"),
        "publisher": book.fact("pb_publisher"),
        "publisher_place": book.fact("pb_publisher_city"),
        "date": date,
        "isbn": isbn if len(isbn) == 13 else "",
        "doi": book.fact("pb_book_doi"),
        "copyright": plain(book.fact("pb_custom_copyright"))[:300],
        "description": plain(book.fact("pb_about_140", "pb_about_50", "pb_about_unlimited"))[:500],
        "keywords": [word.strip() for word in book.fact("pb_keywords_tags").split(",") if word.strip()],
    }


def picture_record(attachment: Post) -> Pairs:
    """Return the title, authors, source and license of a picture that its attribution states."""
    license_ = license_of(attachment, "pb_media_attribution_license")
    values = (
        ("title", attachment.title),
        ("authors", attachment.fact("pb_media_attribution_author")),
        ("source", attachment.fact("pb_media_attribution_title_url", "pb_media_attribution_author_url")),
        ("license", license_),
        (
            "changes",
            f"adapted by {attachment.fact('pb_media_attribution_adapted')}"
            if attachment.fact("pb_media_attribution_adapted")
            else "",
        ),
    )
    stated = any(value for key, value in values if key != "title")
    return tuple((key, value) for key, value in values if value) if stated else ()


def plain(text: str) -> str:
    """Return HTML as plain text."""
    return text_of(parse_html(text, "a field of the export")) if "<" in text or "&" in text else " ".join(text.split())
