"""Looking a book over with all checks, where what they said of a page is kept as long as the page is the same."""

from __future__ import annotations

import json
import sys
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
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


def look(book: Book, proof: Proof, keep: Path) -> list[Finding]:
    """Return what all checks say of a book; `keep` is the file in which it is kept for the next time."""
    kept = _kept(keep)
    program = _program()
    keys = {page.path: digest(program, *_seen(page)) for page in proof.pages}
    known = {path: kept[key] for path, key in keys.items() if key in kept}
    fresh = tuple(page for page in proof.pages if page.path not in known)
    found = [finding(told) for path in known for told in known[path]["said"]]
    said: dict[str, list[Finding]] = {page.path: [] for page in fresh}
    for name in PAGEWISE:
        for one in CHECKS[name](book, replace(proof, pages=fresh)):
            said.setdefault(one.place.path, []).append(one)
    found += [finding for findings in said.values() for finding in findings]
    known |= {
        page.path: {"said": [row(f) for f in said[page.path]], "marks": _packed(copied.marks(page))}
        for page in fresh
    }  # fmt: skip
    for name, check in CHECKS.items():
        if name == "copied" and not proof.others:
            found += _copied(book, proof, keys, known)
        elif name not in PAGEWISE:
            found += check(book, proof)
    write_atomically(keep, json.dumps({keys[path]: value for path, value in known.items()}).encode())
    return found


def _copied(book: Book, proof: Proof, keys: Mapping[str, str], known: dict[str, Any]) -> list[Finding]:
    """Return the passages that stand in two pages; a page is compared anew when it or one that is like it changed.

    Pages are alike that have a fingerprint in common, among the first texts that the check keeps of a fingerprint.
    """
    alike = _alike({page.path: set(_unpacked(known[page.path]["marks"])) for page in proof.pages})
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


def _alike(marks: Mapping[str, set[int]]) -> dict[str, list[str]]:
    """Return for each page that has a fingerprint in common with another the pages that count, in their order."""
    times = Counter(mark for own in marks.values() for mark in own)
    twice = {mark for mark, count in times.items() if count > 1}
    shared = {path: own & twice for path, own in marks.items()}
    holders: dict[int, list[str]] = {}
    for path, own in shared.items():
        for mark in own:
            holders.setdefault(mark, []).append(path)
    places = {path: n for n, path in enumerate(marks)}
    found = {}
    for path, own in shared.items():
        if groups := {tuple(holders[mark][: copied.MOST_TEXTS]) for mark in own}:
            found[path] = sorted({other for group in groups for other in group}, key=places.__getitem__)
    return found


def _packed(marks: Sequence[int]) -> str:
    return b64encode(array("q", marks).tobytes()).decode()


def _unpacked(told: str) -> array[int]:
    return array("q", b64decode(told))


def _seen(page: PageProof) -> list[str]:
    """Return all that a check of one page looks at."""
    told = [passage.text for passage in page.passages]
    places = repr([(passage.place.line, passage.cites) for passage in page.passages])
    return [page.slug, page.path, page.text, places, repr(page.links), repr(page.tables), *told]


def _program() -> str:
    """Return a digest of the checks, whose change makes every page new."""
    files = sorted((Path(oerbook.__file__).parent / "checks").glob("*.py"))
    files += sorted((Path(oerbook.__file__).parent / "source").glob("*.py"))
    return digest(sys.version, sys.byteorder, Path(__file__).read_bytes(), *(path.read_bytes() for path in files))


def _kept(keep: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(keep.read_bytes())
    except (OSError, ValueError):
        return {}
    return found
