"""Looking a book over with all checks, where what they said of a page is kept as long as the page is the same."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import oerbook
from oerbook.checks import CHECKS, copied
from oerbook.document.shelf import digest, write_atomically
from oerbook.evidence import PageProof, Proof
from oerbook.model import Book, Finding
from oerbook.tasks.rows import finding, row

# These look at one page at a time, and at nothing but its text and what was understood of it.
PAGEWISE = ("template", "tables", "links", "claims", "signs")


class Holders:
    """Which pages hold which fingerprints; from one look to the next only what differs is entered anew."""

    def __init__(self) -> None:
        self._packed: dict[str, str] = {}
        self._alone: dict[int, str] = {}  # fingerprint: the only page that has it
        self._shared: dict[int, list[str]] = {}

    def follow(self, packed: Mapping[str, str]) -> None:
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
            counting = sorted(holders, key=places.__getitem__)[: copied.MOST_TEXTS]
            for path in holders:
                found.setdefault(path, set()).update(counting)
        return {path: sorted(others, key=places.__getitem__) for path, others in found.items()}

    def _enter(self, path: str, told: str) -> None:
        self._packed[path] = told
        for mark in set(_unpacked(told)):
            if mark in self._shared:
                self._shared[mark].append(path)
            elif mark in self._alone:
                self._shared[mark] = [self._alone.pop(mark), path]
            else:
                self._alone[mark] = path

    def _drop(self, path: str) -> None:
        for mark in set(_unpacked(self._packed.pop(path))):
            if mark not in self._shared:
                del self._alone[mark]
                continue
            self._shared[mark].remove(path)
            if len(self._shared[mark]) == 1:
                self._alone[mark] = self._shared.pop(mark)[0]


@dataclass(slots=True)
class Kept:
    """What was kept of the last look: the digest of its file, what is said of each page by path, and who holds what."""

    sha: bytes = b""
    pages: dict[str, Any] = field(default_factory=dict)
    holders: Holders = field(default_factory=Holders)


_recalled: dict[str, Kept] = {}  # by file


def recall(keep: Path) -> None:
    """Take what is kept in a file into memory, where `look` finds it in this process and in forks of it."""
    kept = _kept(keep)
    kept.holders.follow({path: page["marks"] for path, page in kept.pages.items()})
    _recalled[str(keep)] = kept


def look(book: Book, proof: Proof, keep: Path) -> list[Finding]:
    """Return what all checks say of a book; `keep` is the file in which it is kept for the next time."""
    kept = _kept(keep)
    keys = {page.path: digest(program(), *_seen(page)) for page in proof.pages}
    known = {p: dict(kept.pages[p]) for p, key in keys.items() if p in kept.pages and kept.pages[p]["key"] == key}
    fresh = tuple(page for page in proof.pages if page.path not in known)
    found = [finding(told) for page in known.values() for told in page["said"]]
    said: dict[str, list[Finding]] = {page.path: [] for page in fresh}
    for name in PAGEWISE:
        for one in CHECKS[name](book, replace(proof, pages=fresh)):
            said.setdefault(one.place.path, []).append(one)
    found += [finding for findings in said.values() for finding in findings]
    for page in fresh:
        rows = [row(f) for f in said[page.path]]
        known[page.path] = {"key": keys[page.path], "said": rows, "marks": _packed(copied.marks(page))}
    for name, check in CHECKS.items():
        if name == "copied" and not proof.others:
            kept.holders.follow({path: page["marks"] for path, page in known.items()})
            found += _copied(book, proof, known, kept.holders.alike([page.path for page in proof.pages]))
        elif name not in PAGEWISE:
            found += check(book, proof)
    write_atomically(keep, json.dumps(known).encode())
    return found


def _copied(
    book: Book, proof: Proof, known: Mapping[str, dict[str, Any]], alike: Mapping[str, Sequence[str]]
) -> list[Finding]:
    """Return the passages that stand in two pages; a page is compared anew when it or one that is like it changed.

    Pages are alike that have a fingerprint in common, among the first texts that the check keeps of a fingerprint.
    """
    keys = {path: page["key"] for path, page in known.items()}
    states = {path: digest(keys[path], *(keys[other] for other in others)) for path, others in alike.items()}
    stale = {path for path in alike if known[path].get("copied", ("",))[0] != states[path]}
    needed = stale.union(*(alike[path] for path in stale))
    found = CHECKS["copied"](book, replace(proof, pages=tuple(p for p in proof.pages if p.path in needed)))
    said: dict[str, list[Any]] = {path: [] for path in stale}
    for one in found:
        if one.place.path in stale:
            said[one.place.path].append(row(one))
    for path in known.keys() - alike.keys():
        known[path].pop("copied", None)
    for path in stale:
        known[path]["copied"] = (states[path], said[path])
    return [finding(told) for path in alike for told in known[path]["copied"][1]]


def _packed(marks: Sequence[int]) -> str:
    return b64encode(array("q", marks).tobytes()).decode()


def _unpacked(told: str) -> array[int]:
    return array("q", b64decode(told))


def _seen(page: PageProof) -> list[str]:
    """Return all that a check of one page looks at."""
    if page.key:
        return [page.slug, page.path, page.text, page.key]
    told = [passage.text for passage in page.passages]
    places = repr([(p.place.line, p.cites, p.own, p.lines) for p in page.passages])
    return [page.slug, page.path, page.text, places, repr(page.links), repr(page.tables), *told]


@functools.cache
def program() -> str:
    """Return a digest of the checks, whose change makes every page new."""
    files = sorted((Path(oerbook.__file__).parent / "checks").glob("*.py"))
    files += sorted((Path(oerbook.__file__).parent / "source").glob("*.py"))
    return digest(sys.version, sys.byteorder, Path(__file__).read_bytes(), *(path.read_bytes() for path in files))


def _kept(keep: Path) -> Kept:
    try:
        told = keep.read_bytes()
        sha = hashlib.sha256(told).digest()
        former = _recalled.get(str(keep))
        if former and former.sha == sha:
            return former
        return Kept(sha, json.loads(told), former.holders if former else Holders())
    except (OSError, ValueError):
        return Kept()
