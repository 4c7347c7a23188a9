"""Build the requests to citeproc for each citation, and combine its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from oerbook.citations.citeproc import CitationCluster, CitedWork
from oerbook.model.untyped import Json

Inline = dict[str, Json]
CLOSING_BRACKETS = {"(": ")", "[": "]"}
# Roles by what they show, see https://sphinxcontrib-bibtex.readthedocs.io/en/latest/usage.html
NARRATIVE_ROLES = frozenset({"t", "ts", "ct", "cts"})
NAMES_ONLY_ROLES = frozenset({"author", "authors", "cauthor", "cauthors", "authorpar", "authorpars"})
YEAR_ROLES = frozenset({"year", "yearpar"})
UNBRACKETED_ROLES = frozenset({"alp", "alps", "label", "empty", "year"})


@dataclass(frozen=True, slots=True)
class PageCitation:
    """A citation in a page: the role that wrote it, and its works."""

    docname: str
    identifier: str
    role: str
    works: CitationCluster


@dataclass(frozen=True, slots=True)
class CiteprocRequest:
    """The requests for one citation.

    `author_date_clusters` go to an author-date style if the style of the book is numeric.
    """

    clusters: tuple[CitationCluster, ...]
    author_date_clusters: tuple[CitationCluster, ...]
    combine: Callable[[Sequence[list[Inline]], Sequence[list[Inline]]], list[Inline]]


def build_request(citation: PageCitation, join: Callable[[list[list[Inline]]], list[Inline]]) -> CiteprocRequest:
    """Return the requests for a citation; `join` makes an enumeration of several works, in the book's language."""
    works, role = citation.works, citation.role
    if role in NARRATIVE_ROLES:
        named = tuple((replace(one, mode="t"),) for one in works)
        return CiteprocRequest(named, _names(works), lambda made, words: join(_narrative(made, words)))
    if role in NAMES_ONLY_ROLES:
        return CiteprocRequest(
            (), _names(works), lambda _made, words: join(_authors(words, role.startswith("authorpar")))
        )
    mode = "year" if role in YEAR_ROLES else ""
    cluster = tuple(replace(one, mode=mode or one.mode) for one in works)
    strip = role in UNBRACKETED_ROLES
    return CiteprocRequest((cluster,), (), lambda made, _words: strip_brackets(made[0]) if strip else made[0])


def _names(works: CitationCluster) -> tuple[CitationCluster, ...]:
    """Return requests for each work with its names and with its year alone; the difference is the names."""
    return tuple((CitedWork(one.key, mode=mode),) for one in works for mode in ("t", "year"))


def _authors(words: Sequence[list[Inline]], brackets: bool) -> list[list[Inline]]:
    names = [text_before_year(words[place], words[place + 1]) for place in range(0, len(words), 2)]
    return [[_text("("), *one, _text(")")] for one in names] if brackets else names


def _narrative(made: Sequence[list[Inline]], words: Sequence[list[Inline]]) -> list[list[Inline]]:
    """Return narrative citations; a numbered style gives the number only, so the names are added before it."""
    named = []
    for place, one in enumerate(made):
        names = text_before_year(words[2 * place], words[2 * place + 1]) if words else []
        space = [] if not names or (one[:1] and one[0]["t"] == "Superscript") else [{"t": "Space"}]
        named.append([*names, *space, *one])
    return named


def text_before_year(sentence: list[Inline], year: list[Inline]) -> list[Inline]:
    """Return what a work in the sentence says before its year: its authors, or its title.

    >>> lee, year = {"t": "Str", "c": "Lee"}, {"t": "Str", "c": "(2020)"}
    >>> text_before_year([lee, {"t": "Space"}, year], [year])
    [{'t': 'Str', 'c': 'Lee'}]
    """
    rest = len(sentence) - len(year)
    names = sentence[:rest] if rest > 0 and sentence[rest:] == year else sentence
    while names and names[-1]["t"] == "Space":
        names = names[:-1]
    return names


def strip_brackets(inlines: list[Inline]) -> list[Inline]:
    """Return a citation without the brackets around it.

    >>> strip_brackets([{"t": "Str", "c": "(Lee"}, {"t": "Space"}, {"t": "Str", "c": "2020)"}])
    [{'t': 'Str', 'c': 'Lee'}, {'t': 'Space'}, {'t': 'Str', 'c': '2020'}]
    """
    if not inlines or inlines[0]["t"] != "Str" or inlines[-1]["t"] != "Str":
        return inlines
    first, last = inlines[0]["c"], inlines[-1]["c"]
    closing = CLOSING_BRACKETS.get(first[:1], "")
    if not closing or not last.endswith(closing) or (len(inlines) == 1 and len(first) < 2):
        return inlines
    if len(inlines) == 1:
        return [_text(first[1:-1])]
    inner = [_text(first[1:]), *inlines[1:-1], _text(last[:-1])]
    return [one for one in inner if one != _text("")]


def _text(text: str) -> Inline:
    return {"t": "Str", "c": text}
