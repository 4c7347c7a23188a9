"""Format every citation and list of works of a book; each list with the citations that link to it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oerbook.citations.citeproc import CitationCluster, CiteprocResult, FormattedEntry, Inline, run_citeproc
from oerbook.citations.citeproc_requests import CiteprocRequest, PageCitation, build_request
from oerbook.citations.csl_references import CslReference
from oerbook.citations.library import CitationLibrary
from oerbook.citations.styles import PANDOC_DEFAULT_STYLE, CitationStyle
from oerbook.storage.cache import Cache
from oerbook.text.translations import join_list

ITEM_SEPARATOR = "\ue000"


@dataclass(frozen=True, slots=True)
class BibliographyList:
    """A list of works to format: keys of its entries, its style, the citations that link to it in reading order."""

    keys: tuple[str, ...]
    style: CitationStyle
    citations: tuple[PageCitation, ...]


@dataclass(frozen=True, slots=True)
class FormattedList:
    """A formatted list of works, and its citations as pandoc inlines, by page and identifier."""

    entries: tuple[FormattedEntry, ...]
    citations: dict[tuple[str, str], list[Inline]]


@dataclass(frozen=True, slots=True)
class BibliographyFormatter:
    """Formats the lists of works of a book with one set of references, one language and one cache."""

    references: Mapping[str, CslReference]  # by key
    library: CitationLibrary
    language: str
    cache: Cache

    def format_list(self, works: BibliographyList) -> FormattedList:
        """Format a list and its citations."""
        join = functools.partial(join_inlines, language=self.language)
        requests = [(one, build_request(one, join)) for one in works.citations]
        numeric = works.style.numeric
        references = self._references(works)
        made = self._render(references, [c for _one, r in requests for c in r.clusters], works.style)
        spoken_of = [cluster for _one, request in requests for cluster in _in_words(request, numeric)]
        words = self._render(references, spoken_of, self._words(works.style)) if spoken_of else CiteprocResult((), ())
        citations: dict[tuple[str, str], list[Inline]] = {}
        own, spoken = iter(made.citations), iter(words.citations)
        for citation, request in requests:
            parts = [next(own) for _cluster in request.clusters]
            names = [next(spoken) for _cluster in _in_words(request, numeric)]
            citations[citation.docname, citation.identifier] = request.combine(parts, names)
        wanted = {key.casefold() for key in works.keys}
        entries = tuple(entry for entry in made.entries if entry.key.casefold() in wanted)
        return FormattedList(entries, citations)

    def list_titles_only(self, works: BibliographyList) -> FormattedList:
        """Return a list of keys and titles, and citations as keys, without a style."""
        records = [self.library.records[key.casefold()] for key in works.keys]
        entries = tuple(
            FormattedEntry(one.key, [], [{"t": "Str", "c": f"{one.key}: {one.get('title')}"}]) for one in records
        )
        citations: dict[tuple[str, str], list[Inline]] = {}
        for one in works.citations:
            text = ", ".join(work.key for work in one.works)
            citations[one.docname, one.identifier] = [{"t": "Str", "c": f"({text})"}]
        return FormattedList(entries, citations)

    def _references(self, asked: BibliographyList) -> dict[str, CslReference]:
        keys = [*asked.keys, *(one.key for citation in asked.citations for one in citation.works)]
        return {key: self.references[key] for key in dict.fromkeys(keys) if key in self.references}

    def _words(self, style: CitationStyle) -> CitationStyle:
        """Return the style that names authors: a numbered one does not."""
        return CitationStyle(PANDOC_DEFAULT_STYLE) if style.numeric else style

    def _render(
        self, references: dict[str, CslReference], clusters: Sequence[CitationCluster], style: CitationStyle
    ) -> CiteprocResult:
        return run_citeproc(references, clusters, style, self.language, self.cache)


def _in_words(request: CiteprocRequest, numeric: bool) -> tuple[CitationCluster, ...]:
    """Return the requests to an author-date style: those for narrative citations of a numbered list."""
    return request.author_date_clusters if numeric or not request.clusters else ()


def join_inlines(texts: Iterable[list[Inline]], language: str) -> list[Inline]:
    """Return inlines joined to an enumeration in a language, such as “a, b and c”.

    >>> words = [[{"t": "Str", "c": "Lee"}], [{"t": "Str", "c": "Roe"}]]
    >>> "".join(one["c"] for one in join_inlines(words, "de"))
    'Lee und Roe'
    """
    texts = list(texts)
    if len(texts) < 2:
        return [inline for text in texts for inline in text]
    marks = [f"{ITEM_SEPARATOR}{place}{ITEM_SEPARATOR}" for place in range(len(texts))]
    pieces = join_list(language, marks).split(ITEM_SEPARATOR)
    out: list[Inline] = []
    for place, piece in enumerate(pieces):
        out += texts[int(piece)] if place % 2 else [{"t": "Str", "c": piece}] if piece else []
    return out
