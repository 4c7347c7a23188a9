"""BibTeX: the book, and each chapter as @incollection."""

from __future__ import annotations

import re

from oerbook.metadata.records.facts import Agent, BookFacts
from oerbook.model.book import ReusedWork
from oerbook.text.slugs import ascii_slug

SUMMARY = "BibTeX, for LaTeX and citation managers"
FILE_NAME = "citation.bib"
SPECIAL = re.compile(r"([&%$#_{}])")


def write(facts: BookFacts) -> str:
    """Return the record."""
    return "\n".join(book_entries(facts))


def book_entries(facts: BookFacts) -> list[str]:
    """Return the entries of a book and of its chapters.

    >>> facts = BookFacts("Soil & Water", "", "", "en", "2026-01-02", "urn:x", (Agent("Ada Lee", "Ada", "Lee"),))
    >>> print(book_entries(facts)[0])
    @book{lee-2026,
      title = {Soil \\& Water},
      author = {Lee, Ada},
      year = {2026},
    }
    <BLANKLINE>
    """
    key = entry_key(facts)
    shared = {
        "editor": _people(facts.editors),
        "year": facts.year,
        "edition": facts.edition,
        "publisher": facts.publisher,
        "address": facts.publisher_place,
        "isbn": facts.isbn,
        "note": f"License: {facts.license.spdx}" if facts.license else "",
    }
    title = facts.full_title
    book = {"title": title, "author": _people(facts.creators), **shared, "doi": facts.doi, "url": facts.url}
    entries = [_entry("book", key, book)]
    for chapter in facts.chapters:
        fields = {
            "title": chapter.title,
            "author": _people(chapter.authors or facts.creators),
            "booktitle": title,
            **shared,
        }
        note = f"License: {chapter.license.spdx}" if chapter.license else ""
        entries.append(
            _entry("incollection", f"{key}-{ascii_slug(chapter.slug)}", {**fields, "note": note, "url": chapter.url})
        )
    return entries


def work_entry(work: ReusedWork) -> str:
    """Return the entry of a work that the book reuses, such as a picture."""
    key = ascii_slug(work.title or work.authors)[:40] or "work"
    note = ", ".join(filter(None, [f"License: {work.license}" if work.license else "", work.changes]))
    author = "{" + work.authors + "}" if work.authors else ""
    return _entry("misc", key, {"title": work.title, "author": author, "url": work.source, "note": note})


def entry_key(facts: BookFacts) -> str:
    """Return the key of the book's entry: first author's family name and year."""
    first = facts.creators[0] if facts.creators else None
    return f"{ascii_slug(first.family or first.name) if first else 'book'}-{facts.year}".rstrip("-")


def _people(agents: tuple[Agent, ...]) -> str:
    return " and ".join("{" + agent.name + "}" if agent.is_group else agent.inverted for agent in agents)


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    verbatim = ("doi", "url", "author", "editor")
    lines = [
        f"  {name} = {{{value if name in verbatim else SPECIAL.sub(_escape, value)}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _escape(match: re.Match[str]) -> str:
    return "\\" + match[1]
