"""Credits as plain data: what `oerbook credits --format json` prints and `_build/credits.json` holds. No addresses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oerbook.attribution.word_codes import number
from oerbook.errors import OerbookError
from oerbook.metadata.roles import credit_role, relators
from oerbook.model.book import Book, Chapter, Credit
from oerbook.model.people import Contributor
from oerbook.storage.cache import Shelf, digest
from oerbook.tasks.credits.authorship import Authorship


def chosen(book: Book, names: Sequence[str]) -> tuple[Chapter, ...]:
    """Return the pages with these page or file names, all of them when none is given.

    Raises OerbookError for a name that no page has.
    """
    pages = (book.index, *book.chapters)
    found = []
    for name in names:
        fits = [p for p in pages if name in (p.slug, p.path, p.path.rpartition("/")[2])] or [
            p for p in pages if p.slug.rpartition("/")[2] == name
        ]
        if not fits:
            raise OerbookError(
                f"the book has no chapter “{name}”", hint="Name its file, or its page as in the web address."
            )
        found.append(fits[0])
    return tuple(found) or pages


def report(book: Book, found: Authorship, pages: Sequence[Chapter], words: bool) -> dict[str, Any]:
    """Return the whole ledger as plain data, with every surviving word when `words` is set."""
    credits = found.credits
    return {
        "title": book.title,
        "words": credits.words,
        "people": [_person(person) for person in credits.people],
        "book": [_credit(one) for one in credits.book],
        "chapters": [
            {
                "slug": page.slug,
                "path": page.path,
                "title": page.title,
                "words": len(found.origins.get(page.path, "")),
                "credits": [_credit(one) for one in credits.of(page.slug)],
                **({"runs": _runs(book, found, page)} if words else {}),
            }
            for page in pages
        ],
        "tools": list(credits.tools),
    }


def passages(book: Book, found: Authorship, work: Path) -> dict[str, bytes]:
    """Return, for each page of the web site, who wrote which passage: a small file that readers may ask for."""
    names = {person.id: person.name for person in found.credits.people}
    days = {step.sha[:10]: step.date[:10] for step in found.ledger.history.commits} if found.ledger else {}
    shelf = Shelf(work)
    files = {}
    for page in (book.index, *book.chapters):
        origins = found.origins.get(page.path, "")
        if not origins:
            continue
        writers = repr([found.ledger.writers(number(sign)) for sign in sorted(set(origins))] if found.ledger else "")
        key = digest(found.texts[page.path], origins.encode("utf-8"), writers, repr(names), book.repository, "days")
        kept = shelf.get_json("who", key)
        if kept is None:
            runs = [[list(r.people), r.commit[:10], r.text] for r in found.runs(page.path)]
            people = {one: names[one] for one in sorted({one for run in runs for one in run[0]}) if one in names}
            when = {run[1]: days[run[1]] for run in runs if run[1] in days}
            kept = {"people": people, "repository": book.repository, "days": when, "runs": runs}
            shelf.put_json("who", key, kept)
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        files[f"{page.slug}.who.json"] = text.encode()
        files[f"{page.slug}.who.js"] = f"globalThis.oerbookWho={text};\n".encode()  # for pages opened from a folder
    shelf.sweep("who")
    return files


def _runs(book: Book, found: Authorship, page: Chapter) -> list[dict[str, Any]]:
    runs = found.runs(page.path)
    return [{"people": list(r.people), "commit": r.commit, "text": r.text, "line": r.line} for r in runs]


def _person(person: Contributor) -> dict[str, Any]:
    facts = {
        "id": person.id,
        "name": person.name,
        "orcid": f"https://orcid.org/{person.orcid}" if person.orcid else "",
        "github": person.github,
        "website": person.website,
    }
    return {key: value for key, value in facts.items() if value}


def _credit(one: Credit) -> dict[str, Any]:
    return {
        "person": one.person,
        "words": one.words,
        "share": round(one.share, 6),
        "roles": list(one.roles),
        "marc": list(relators(one.roles, one.author)),
        "credit": [role for role in map(credit_role, one.roles) if role],
        "author": one.author,
        "declared": one.declared,
        "first": one.first,
        "last": one.last,
        "commits": list(one.commits),
    }
