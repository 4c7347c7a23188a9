"""Cache what each page adds to the search index, so that a build need not load unchanged pages for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.search import IndexBuilder

from oerbook.storage.cache import Cache

CACHE_KIND = "search"


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The stemmed words of a page's titles and text, its titles with their ids, and its index entries."""

    title_words: tuple[str, ...]
    words: tuple[str, ...]
    titles: tuple[tuple[str, str | None], ...]
    index_entries: tuple[tuple[str, str, str], ...]


def add_page_to_search_index(
    indexer: IndexBuilder, cache: Cache, page: tuple[str, str, str], load_tree: Callable[[], nodes.document]
) -> None:
    """Add a page (its name, cache key and title) to the search index, under its name and not its source path."""
    name, key, title = page
    words = cache.get(CACHE_KIND, key, SearchWords)
    if words is None:
        words = _collect(indexer, name, title, load_tree())
        cache.put(CACHE_KIND, key, words)
    index: Any = indexer
    index._titles[name], index._filenames[name] = title, f"{name}.md"
    index._all_titles[name] = list(words.titles)
    index._index_entries[name] = list(words.index_entries)
    for mapping, found in ((index._title_mapping, words.title_words), (index._mapping, words.words)):
        for word in found:
            mapping.setdefault(word, set()).add(name)


def _collect(indexer: IndexBuilder, name: str, title: str, tree: nodes.document) -> SearchWords:
    """Let Sphinx read the words of one page into an index of its own."""
    single: Any = copy.copy(indexer)
    single._titles, single._filenames, single._all_titles, single._index_entries = {}, {}, {}, {}
    single._title_mapping, single._mapping = {}, {}
    single.feed(name, f"{name}.md", title, tree)
    return SearchWords(
        tuple(single._title_mapping),
        tuple(single._mapping),
        tuple(single._all_titles[name]),
        tuple(single._index_entries[name]),
    )
