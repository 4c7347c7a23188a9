"""Credits as plain data, for `oerbook credits`, `credits.json` and the web site.

No output holds an e-mail address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.attribution.word_codes import char_to_number
from oerbook.errors import OerbookError
from oerbook.metadata.roles import marc_relators_of_roles, to_credit_role
from oerbook.model.book import Book, Chapter, Credit
from oerbook.model.people import Contributor
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.tasks.credits.authorship import Authorship


def select_pages(book: Book, names: Sequence[str]) -> tuple[Chapter, ...]:
    """Return the pages with these page or file names; all pages when no name is given.

    Raises OerbookError for an unknown name.
    """
    pages = (book.index, *book.chapters)
    selected = []
    for name in names:
        exact = [p for p in pages if name in (p.slug, p.path, p.path.rpartition("/")[2])]
        matches = exact or [p for p in pages if p.slug.rpartition("/")[2] == name]
        if not matches:
            hint = "Name its file, or its page as in the web address."
            raise OerbookError(f"the book has no chapter “{name}”", hint=hint)
        selected.append(matches[0])
    return tuple(selected) or pages


def build_report(book: Book, authors: Authorship, pages: Sequence[Chapter], words: bool) -> dict[str, object]:
    """Return the credits of the book and of some pages as plain data.

    With `words`, they include every word with its authors.
    """
    credits = authors.credits
    return {
        "title": book.title,
        "words": credits.words,
        "people": [_person(person) for person in credits.people],
        "book": [_credit(credit) for credit in credits.book],
        "chapters": [
            {
                "slug": page.slug,
                "path": page.path,
                "title": page.title,
                "words": len(authors.origins.get(page.path, "")),
                "credits": [_credit(credit) for credit in credits.for_chapter(page.slug)],
                **({"runs": _runs(authors, page)} if words else {}),
            }
            for page in pages
        ],
        "tools": list(credits.tools),
    }


def build_passage_author_files(book: Book, authors: Authorship, cache_folder: Path) -> dict[str, bytes]:
    """Return the files of the site that say who wrote which passage, by name.

    For each page there is a JSON and a JavaScript file.
    """
    names = {person.id: person.name for person in authors.credits.people}
    commits = authors.ledger.history.commits if authors.ledger else ()
    dates = {commit.sha[:10]: commit.date[:10] for commit in commits}
    cache = Cache(cache_folder)
    files = {}
    for page in (book.index, *book.chapters):
        origins = authors.origins.get(page.path, "")
        if not origins:
            continue
        key = _passages_key(book, authors, page, names)
        data = cache.get_json("who", key)
        if data is None:
            data = _passages(book, authors, page, names, dates)
            cache.put_json("who", key, data)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        files[f"{page.slug}.who.json"] = text.encode()
        # Browsers load no JSON into a page that is opened from a folder.
        files[f"{page.slug}.who.js"] = f"globalThis.oerbookWho={text};\n".encode()
    cache.delete_unused("who")
    return files


def _passages_key(book: Book, authors: Authorship, page: Chapter, names: Mapping[str, str]) -> str:
    origins, ledger = authors.origins[page.path], authors.ledger
    writers = repr([ledger.author_ids(char_to_number(origin)) for origin in sorted(set(origins))] if ledger else "")
    return make_cache_key(
        authors.texts[page.path], origins.encode("utf-8"), writers, repr(names), book.repository, "days"
    )


def _passages(
    book: Book, authors: Authorship, page: Chapter, names: Mapping[str, str], dates: Mapping[str, str]
) -> dict[str, object]:
    runs = [(list(run.people), run.commit[:10], run.text) for run in authors.words_by_author(page.path)]
    people = {person: names[person] for person in sorted({p for run in runs for p in run[0]}) if person in names}
    days = {commit: dates[commit] for _people, commit, _text in runs if commit in dates}
    return {"people": people, "repository": book.repository, "days": days, "runs": runs}


def _runs(authors: Authorship, page: Chapter) -> list[dict[str, object]]:
    runs = authors.words_by_author(page.path)
    return [{"people": list(r.people), "commit": r.commit, "text": r.text, "line": r.line} for r in runs]


def _person(person: Contributor) -> dict[str, str]:
    fields = {
        "id": person.id,
        "name": person.name,
        "orcid": f"https://orcid.org/{person.orcid}" if person.orcid else "",
        "github": person.github,
        "website": person.website,
    }
    return {key: value for key, value in fields.items() if value}


def _credit(credit: Credit) -> dict[str, object]:
    return {
        "person": credit.person,
        "words": credit.words,
        "share": round(credit.share, 6),
        "roles": list(credit.roles),
        "marc": list(marc_relators_of_roles(credit.roles, credit.is_author)),
        "credit": [role for role in map(to_credit_role, credit.roles) if role],
        "author": credit.is_author,
        "declared": credit.declared,
        "first": credit.first,
        "last": credit.last,
        "commits": list(credit.commits),
    }
