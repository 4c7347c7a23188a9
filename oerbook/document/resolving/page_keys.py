"""Compute the cache key of a resolved page: a digest of all that it depends on."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import oerbook
from oerbook.document.context.build_context import BuildContext
from oerbook.document.context.page_state import page_state
from oerbook.document.html import theme_files
from oerbook.document.math.macros import macros_of
from oerbook.document.resolving.accessibility_statement import measured_pages
from oerbook.document.resolving.dependencies import CrossReferenceIndex
from oerbook.document.resolving.page_digest import READING_PACKAGES
from oerbook.document.resolving.shared_state import describe_shared_state, describe_untracked_domains
from oerbook.model.book import Credits
from oerbook.storage.cache import make_cache_key, memoized_repr
from oerbook.storage.code_digest import code_digest
from oerbook.storage.file_cache import file_digest, list_files


class PageKeys:
    """The cache keys of the pages of a book that was read; `env` is Sphinx's environment."""

    def __init__(self, context: BuildContext, env: Any) -> None:
        self._context = context
        self._env = env

    @cached_property
    def whole_book(self) -> str:
        """Return a digest of shared data: numbers, titles, labels, citations, settings."""
        context = self._context
        shared = describe_shared_state(self._env, self._cross_references.describe_theorems_and_exercises())
        book = context.book
        facts = (
            replace(book, credits=Credits(), parts=(), people=(), citations=(), revision=""),
            oerbook.__version__,
            context.generated_pages,
        )
        parts = [(part.title, part.opener is not None, len(part.chapters), part.numbered_levels) for part in book.parts]
        sources = [memoized_repr(page) for page in (*book.chapters, *book.people)]
        bibliographies = [(self._env.srcdir / name).read_bytes() for name in self._env.config.bibtex_bibfiles]
        return make_cache_key(shared, repr((facts, parts)), "\0".join(sources), self._program, *bibliographies)

    @cached_property
    def _program(self) -> str:
        """Return a digest of program and theme; a change makes every page stale."""
        return make_cache_key(
            code_digest(*READING_PACKAGES),
            *map(file_digest, sorted(list_files(theme_files.prepare_theme(self._context)))),
        )

    @cached_property
    def _common(self) -> str:
        """Return a digest of what every page takes from the book, whatever its references."""
        book = replace(self._context.book, credits=Credits(), parts=(), people=(), citations=(), revision="")
        return make_cache_key(repr(book), oerbook.__version__, self._program, describe_untracked_domains(self._env))

    @cached_property
    def _cross_references(self) -> CrossReferenceIndex:
        return CrossReferenceIndex(self._env)

    def key(self, name: str) -> str:
        """Return a page's cache key: its doctree and what it takes from other pages."""
        doctree = file_digest(f"{self._env.doctreedir}/{name}.doctree").hex()
        own: tuple[str, ...] = (
            name,
            doctree,
            repr(macros_of(self._context, name)),
            memoized_repr(self._context.pages.get(name)),
        )
        if page_state(self._env, name).has_accessibility_results:
            own = (*own, repr(measured_pages(self._context, self._env)))
        references = page_state(self._env, name).references
        taken = self._cross_references.describe(name, references, numbers=bool(self._context.targets))
        if taken is None or name in self._context.generated_pages or name == "index":
            return make_cache_key(self.whole_book, *own)
        return make_cache_key(self._common, *own, *taken)
