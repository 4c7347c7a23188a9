"""Run all checks on a book, with cached results for pages that did not change."""

from __future__ import annotations

import functools
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from oerbook.checks import CHECKS, Check, copied_text
from oerbook.model.book import Book
from oerbook.model.check_input import CheckedPage, CheckInput
from oerbook.model.findings import Finding
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.storage.code_digest import code_digest

# The packages whose code decides what the checks of one page find.
CHECKING_PACKAGES = ("checks", "locale", "model", "source", "tasks", "text")
# These checks read one page at a time, and nothing but its text and check_input.
CHECKS_CACHED_PER_PAGE = (
    "placeholders",
    "unrendered_markup",
    "tables",
    "link_text",
    "uncited_claims",
    "deceptive_characters",
)
CACHE_KINDS = ("looked", "alike")  # of cached values
MAX_TEXT_DIGESTS = 5000  # texts whose digest is kept in memory


class FingerprintIndex:
    """Index of pages by text fingerprint; only changed pages are indexed again."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}  # by path, the fingerprints as an array of 64-bit integers
        self._single: dict[int, str] = {}  # by fingerprint, the only page that has it
        self._shared: dict[int, list[str]] = {}

    def update(self, packed: Mapping[str, bytes]) -> None:
        """Make the index hold exactly these pages: by path, their packed fingerprints."""
        for path in [path for path, fingerprints in self._packed.items() if packed.get(path) != fingerprints]:
            self._remove(path)
        for path in packed.keys() - self._packed.keys():
            self._add(path, packed[path])

    def similar_pages(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """Return the similar pages of each page, in the order of `paths`.

        Pages are similar that share a fingerprint.
        For each fingerprint, the first pages count, as many as the check for copied text keeps.
        """
        positions = {path: n for n, path in enumerate(paths)}
        similar: dict[str, set[str]] = {}
        for holders in self._shared.values():
            compared = sorted(holders, key=positions.__getitem__)[: copied_text.MAX_TEXTS_PER_FINGERPRINT]
            for path in holders:
                similar.setdefault(path, set()).update(compared)
        return {path: sorted(others, key=positions.__getitem__) for path, others in similar.items()}

    def _add(self, path: str, packed: bytes) -> None:
        self._packed[path] = packed
        for fingerprint in set(array("q", packed)):
            if fingerprint in self._shared:
                self._shared[fingerprint].append(path)
            elif fingerprint in self._single:
                self._shared[fingerprint] = [self._single.pop(fingerprint), path]
            else:
                self._single[fingerprint] = path

    def _remove(self, path: str) -> None:
        for fingerprint in set(array("q", self._packed.pop(path))):
            if fingerprint not in self._shared:
                del self._single[fingerprint]
                continue
            self._shared[fingerprint].remove(path)
            if len(self._shared[fingerprint]) == 1:
                self._single[fingerprint] = self._shared.pop(fingerprint)[0]


class CachedChecks(NamedTuple):
    """The cached results for one page: findings and packed text fingerprints."""

    findings: tuple[Finding, ...]
    fingerprints: bytes


_indexes: dict[str, FingerprintIndex] = {}  # by cache folder


def preload_cached_checks(cache: Cache, texts: Iterable[str]) -> None:
    """Load the cached results of a book into memory, for this process and its forks."""
    cache.preload(*CACHE_KINDS)
    keys: dict[str, str] = cache.get_json("state", "looked") or {}
    results = {path: cache.get("looked", key, CachedChecks) for path, key in keys.items()}
    index = _indexes.setdefault(cache.folder, FingerprintIndex())
    index.update({path: result.fingerprints for path, result in results.items() if result is not None})
    for text in texts:
        _text_digest(text)


def run_cached_checks(
    book: Book, check_input: CheckInput, cache: Cache, checks: Mapping[str, Check] = CHECKS
) -> list[Finding]:
    """Return the findings of all checks; results for single pages are cached."""
    keys = {page.path: _key(page) for page in check_input.pages}
    results = {path: cache.get("looked", key, CachedChecks) for path, key in keys.items()}
    findings = [finding for result in results.values() if result for finding in result.findings]
    new_pages = tuple(page for page in check_input.pages if results[page.path] is None)
    by_path = _check_pages(book, replace(check_input, pages=new_pages), checks)
    findings += [finding for page_findings in by_path.values() for finding in page_findings]
    for page in new_pages:
        results[page.path] = CachedChecks(
            tuple(by_path[page.path]), array("q", copied_text.page_fingerprints(page)).tobytes()
        )
        cache.put("looked", keys[page.path], results[page.path])
    for name, check in checks.items():
        if name == "copied_text" and not check_input.texts_by_others:
            index = _indexes.setdefault(cache.folder, FingerprintIndex())
            index.update({path: result.fingerprints for path, result in results.items() if result})
            similar = index.similar_pages([page.path for page in check_input.pages])
            findings += _copied(check_input, keys, similar, cache, functools.partial(check, book))
        elif name not in CHECKS_CACHED_PER_PAGE:
            findings += check(book, check_input)
    cache.put_json("state", "looked", keys)
    cache.delete_unused(*CACHE_KINDS)
    return findings


def _check_pages(book: Book, check_input: CheckInput, checks: Mapping[str, Check]) -> dict[str, list[Finding]]:
    """Return the findings of the checks of single pages, by path."""
    by_path: dict[str, list[Finding]] = {page.path: [] for page in check_input.pages}
    for name in CHECKS_CACHED_PER_PAGE:
        for finding in checks[name](book, check_input):
            by_path.setdefault(finding.place.path, []).append(finding)
    return by_path


def _copied(
    check_input: CheckInput,
    keys: Mapping[str, str],
    similar: Mapping[str, Sequence[str]],
    cache: Cache,
    compare: Callable[[CheckInput], Iterable[Finding]],
) -> list[Finding]:
    """Return the passages that two pages share.

    Only pages that changed, and pages similar to these, are compared again.
    """
    states = {path: make_cache_key(keys[path], *(keys[other] for other in others)) for path, others in similar.items()}
    by_path = {path: cache.get("alike", key, tuple) for path, key in states.items()}
    outdated = {path for path, findings in by_path.items() if findings is None}
    needed = outdated.union(*(similar[path] for path in outdated))
    new_findings = list(compare(replace(check_input, pages=tuple(p for p in check_input.pages if p.path in needed))))
    for path in outdated:
        by_path[path] = tuple(finding for finding in new_findings if finding.place.path == path)
        cache.put("alike", states[path], by_path[path])
    return [finding for findings in by_path.values() for finding in findings or ()]


def blame_copies_on_new_page(
    book: Book, check_input: CheckInput, findings: list[Finding], kinds: Mapping[str, str]
) -> list[Finding]:
    """Return findings with copied passages reported in the page that is new.

    `kinds` is the kind of change of each changed file, by path.
    """
    added = {path for path, kind in kinds.items() if kind == "added"}
    misplaced = {
        f for f in findings if f.code == "text-copied" and f.place.path not in added and f.related_path in added
    }
    if not misplaced:
        return findings
    existing = {finding.place.path for finding in misplaced}
    pages = tuple(page for page in check_input.pages if page.path in existing | added)
    again = copied_text.check(book, replace(check_input, pages=pages, texts_by_others=()), added)
    kept = [finding for finding in findings if finding not in misplaced]
    return [*kept, *(f for f in again if f.place.path in added and f.related_path in existing and f not in kept)]


def _key(page: CheckedPage) -> str:
    """Return a cache key of everything that a check of one page reads."""
    if page.digest:  # a digest of the page and of everything derived from it
        return f"{page.digest}-{_text_digest(page.text)}-{code_digest(*CHECKING_PACKAGES)}"
    passages = [passage.text for passage in page.passages]
    positions = repr([(p.place.line, p.has_citation, p.is_running_text, p.line_starts) for p in page.passages])
    return make_cache_key(
        code_digest(*CHECKING_PACKAGES),
        page.slug,
        page.path,
        page.text,
        positions,
        repr(page.links),
        repr(page.tables),
        *passages,
    )


@functools.lru_cache(maxsize=MAX_TEXT_DIGESTS)
def _text_digest(text: str) -> str:
    return make_cache_key(text)
