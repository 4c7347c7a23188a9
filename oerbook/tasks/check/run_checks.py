"""Looking a book over with all checks, where what they said of a page is kept as long as the page is the same."""

from __future__ import annotations

import functools
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from oerbook.checks import CHECKS, copied_text
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.model.proof import PageProof, Proof
from oerbook.storage.cache import Shelf, digest
from oerbook.storage.code_digest import code_digest

# These look at one page at a time, and at nothing but its text and what was understood of it.
PAGEWISE = ("placeholders", "unrendered_markup", "tables", "link_text", "uncited_claims", "deceptive_characters")
KINDS = ("looked", "alike")  # what is kept on the shelf
# The packages whose code decides what the checks of one page find.
CHECKING = ("checks", "model", "source", "tasks", "text")
MOST_SUMS = 5000  # pages whose digest is remembered


class Holders:
    """Which pages hold which fingerprints; from one look to the next only what differs is entered anew."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._alone: dict[int, str] = {}  # fingerprint: the only page that has it
        self._shared: dict[int, list[str]] = {}

    def follow(self, packed: Mapping[str, bytes]) -> None:
        """Hold these pages and no others, by path, with their packed fingerprints."""
        for path in [path for path, told in self._packed.items() if packed.get(path) != told]:
            self._drop(path)
        for path in packed.keys() - self._packed.keys():
            self._enter(path, packed[path])

    def alike(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """Return for each page that has a fingerprint in common with another the pages that count, in their order."""
        places = {path: n for n, path in enumerate(paths)}
        found: dict[str, set[str]] = {}
        for holders in self._shared.values():
            counting = sorted(holders, key=places.__getitem__)[: copied_text.MOST_TEXTS]
            for path in holders:
                found.setdefault(path, set()).update(counting)
        return {path: sorted(others, key=places.__getitem__) for path, others in found.items()}

    def _enter(self, path: str, told: bytes) -> None:
        self._packed[path] = told
        for mark in set(array("q", told)):
            if mark in self._shared:
                self._shared[mark].append(path)
            elif mark in self._alone:
                self._shared[mark] = [self._alone.pop(mark), path]
            else:
                self._alone[mark] = path

    def _drop(self, path: str) -> None:
        for mark in set(array("q", self._packed.pop(path))):
            if mark not in self._shared:
                del self._alone[mark]
                continue
            self._shared[mark].remove(path)
            if len(self._shared[mark]) == 1:
                self._alone[mark] = self._shared.pop(mark)[0]


class Look(NamedTuple):
    """What is kept of a look at one page: what was said of it alone, and its fingerprints, packed."""

    said: tuple[Finding, ...]
    marks: bytes


_holders: dict[str, Holders] = {}  # by the folder of the shelf


def recall(shelf: Shelf, texts: Iterable[str]) -> None:
    """Take what is kept of a book with these texts into memory, where `look` finds it in this process and in its forks."""
    shelf.recall(*KINDS)
    looks = {path: shelf.get("looked", key) for path, key in (shelf.get_json("state", "looked") or {}).items()}
    known = _holders.setdefault(shelf.folder, Holders())
    known.follow({path: look.marks for path, look in looks.items() if look is not None})
    for text in texts:
        _sum(text)


def look(book: Book, proof: Proof, shelf: Shelf) -> list[Finding]:
    """Return what all checks say of a book; what they say of a page is kept on the shelf for the next time."""
    keys = {page.path: _key(page) for page in proof.pages}
    looks: dict[str, Look] = {path: shelf.get("looked", key) for path, key in keys.items()}
    fresh = tuple(page for page in proof.pages if looks[page.path] is None)
    found = [one for look in looks.values() if look for one in look.said]
    said: dict[str, list[Finding]] = {page.path: [] for page in fresh}
    for name in PAGEWISE:
        for one in CHECKS[name](book, replace(proof, pages=fresh)):
            said.setdefault(one.place.path, []).append(one)
    found += [finding for findings in said.values() for finding in findings]
    for page in fresh:
        looks[page.path] = Look(tuple(said[page.path]), array("q", copied_text.marks(page)).tobytes())
        shelf.put("looked", keys[page.path], looks[page.path])
    for name, check in CHECKS.items():
        if name == "copied_text" and not proof.others:
            holders = _holders.setdefault(shelf.folder, Holders())
            holders.follow({path: look.marks for path, look in looks.items()})
            found += _copied(book, proof, keys, holders.alike([page.path for page in proof.pages]), shelf)
        elif name not in PAGEWISE:
            found += check(book, proof)
    shelf.put_json("state", "looked", keys)
    shelf.sweep(*KINDS)
    return found


def _copied(
    book: Book, proof: Proof, keys: Mapping[str, str], alike: Mapping[str, Sequence[str]], shelf: Shelf
) -> list[Finding]:
    """Return the passages that stand in two pages; a page is compared anew when it or one that is like it changed.

    Pages are alike that have a fingerprint in common, among the first texts that the check keeps of a fingerprint.
    """
    states = {path: digest(keys[path], *(keys[other] for other in others)) for path, others in alike.items()}
    said: dict[str, tuple[Finding, ...] | None] = {path: shelf.get("alike", state) for path, state in states.items()}
    stale = {path for path, findings in said.items() if findings is None}
    needed = stale.union(*(alike[path] for path in stale))
    found = list(CHECKS["copied_text"](book, replace(proof, pages=tuple(p for p in proof.pages if p.path in needed))))
    for path in stale:
        said[path] = tuple(one for one in found if one.place.path == path)
        shelf.put("alike", states[path], said[path])
    return [one for findings in said.values() for one in findings or ()]


def turned(book: Book, proof: Proof, found: list[Finding], kinds: Mapping[str, str]) -> list[Finding]:
    """Return findings in which a passage that a submission shares with the book is told of in the page that it adds."""
    brought = {path for path, kind in kinds.items() if kind == "added"}
    ends = tuple(f"stand in {path} too" for path in brought)
    aside = {f for f in found if f.code == "text-copied" and f.place.path not in brought and f.message.endswith(ends)}
    if not aside:
        return found
    near = {finding.place.path for finding in aside}
    pages = tuple(page for page in proof.pages if page.path in near | brought)
    again = copied_text.check(book, replace(proof, pages=pages, others=()), brought)
    names = tuple(f"stand in {path} too" for path in near)
    kept = [finding for finding in found if finding not in aside]
    return [*kept, *(f for f in again if f.place.path in brought and f.message.endswith(names) and f not in kept)]


def _key(page: PageProof) -> str:
    """Return a key of all that a check of one page looks at."""
    if page.key:  # a digest of what the page is and of all that was made of it
        return f"{page.key}-{_sum(page.text)}-{code_digest(*CHECKING)}"
    told = [passage.text for passage in page.passages]
    places = repr([(p.place.line, p.cites, p.own, p.lines) for p in page.passages])
    return digest(
        code_digest(*CHECKING), page.slug, page.path, page.text, places, repr(page.links), repr(page.tables), *told
    )


@functools.lru_cache(maxsize=MOST_SUMS)
def _sum(text: str) -> str:
    return digest(text)
