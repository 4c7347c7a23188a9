"""Set every citation and every list of works of a book, each list with the citations that lead to it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oerbook.document.citations.library import Library
from oerbook.document.citations.processor import Cluster, Entry, Inline, Setting, render
from oerbook.document.citations.references import Reference
from oerbook.document.citations.requests import Citation, Request, request_of
from oerbook.document.citations.styles import PANDOC_DEFAULT, Style
from oerbook.storage.cache import Cache
from oerbook.text.translations import join_list

ITEM_MARK = "\ue000"


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list of works to set: keys of its entries, its style, the citations that lead to it in reading order."""

    keys: tuple[str, ...]
    style: Style
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ListSetting:
    """A list of works that is set, and its citations as pandoc's inlines by page and identifier."""

    entries: tuple[Entry, ...]
    citations: dict[tuple[str, str], list[Inline]]


@dataclass(frozen=True, slots=True)
class Processor:
    """What all lists of a book are set with."""

    references: Mapping[str, Reference]  # by key
    library: Library
    language: str
    cache: Cache

    def set_list(self, asked: WorkList) -> ListSetting:
        """Set a list and its citations."""
        join = functools.partial(joined, language=self.language)
        requests = [(one, request_of(one, join)) for one in asked.citations]
        numeric = asked.style.numeric
        references = self._references(asked)
        made = self._render(references, [c for _one, r in requests for c in r.clusters], asked.style)
        spoken_of = [cluster for _one, request in requests for cluster in _in_words(request, numeric)]
        words = self._render(references, spoken_of, self._words(asked.style)) if spoken_of else Setting((), ())
        citations: dict[tuple[str, str], list[Inline]] = {}
        own, spoken = iter(made.citations), iter(words.citations)
        for citation, request in requests:
            parts = [next(own) for _cluster in request.clusters]
            names = [next(spoken) for _cluster in _in_words(request, numeric)]
            citations[citation.docname, citation.identifier] = request.combine(parts, names)
        wanted = {key.casefold() for key in asked.keys}
        entries = tuple(entry for entry in made.entries if entry.key.casefold() in wanted)
        return ListSetting(entries, citations)

    def as_titles(self, asked: WorkList) -> ListSetting:
        """Return a list of keys and titles, and citations as keys, without a style."""
        records = [self.library.records[key.casefold()] for key in asked.keys]
        entries = tuple(Entry(one.key, [], [{"t": "Str", "c": f"{one.key}: {one.get('title')}"}]) for one in records)
        citations: dict[tuple[str, str], list[Inline]] = {}
        for one in asked.citations:
            text = ", ".join(work.key for work in one.works)
            citations[one.docname, one.identifier] = [{"t": "Str", "c": f"({text})"}]
        return ListSetting(entries, citations)

    def _references(self, asked: WorkList) -> dict[str, Reference]:
        keys = [*asked.keys, *(one.key for citation in asked.citations for one in citation.works)]
        return {key: self.references[key] for key in dict.fromkeys(keys) if key in self.references}

    def _words(self, style: Style) -> Style:
        """Return the style that names authors: a numbered one does not."""
        return Style(PANDOC_DEFAULT) if style.numeric else style

    def _render(self, references: dict[str, Reference], clusters: Sequence[Cluster], style: Style) -> Setting:
        return render(references, clusters, style, self.language, self.cache)


def _in_words(request: Request, numeric: bool) -> tuple[Cluster, ...]:
    """Return what is asked of an author-date style: names in the sentence only where the list has numbers."""
    return request.in_words if numeric or not request.clusters else ()


def joined(texts: Iterable[list[Inline]], language: str) -> list[Inline]:
    """Return several texts as one, as a language lists things.

    >>> words = [[{"t": "Str", "c": "Lee"}], [{"t": "Str", "c": "Roe"}]]
    >>> "".join(one["c"] for one in joined(words, "de"))
    'Lee und Roe'
    """
    texts = list(texts)
    if len(texts) < 2:
        return [inline for text in texts for inline in text]
    marks = [f"{ITEM_MARK}{place}{ITEM_MARK}" for place in range(len(texts))]
    pieces = join_list(language, marks).split(ITEM_MARK)
    out: list[Inline] = []
    for place, piece in enumerate(pieces):
        out += texts[int(piece)] if place % 2 else [{"t": "Str", "c": piece}] if piece else []
    return out
