"""Looking a book over with all checks, where what they said of a page is kept as long as the page is the same."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
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
        page.path: {"said": [row(f) for f in said[page.path]], "marks": copied.marks(page)}
        for page in fresh
    }  # fmt: skip
    write_atomically(keep, json.dumps({keys[path]: value for path, value in known.items()}).encode())
    for name, check in CHECKS.items():
        if name not in PAGEWISE:
            found += check(book, _alike(proof, known) if name == "copied" else proof)
    return found


def _alike(proof: Proof, known: Mapping[str, Any]) -> Proof:
    """Return the proof of those pages alone that have a fingerprint in common with another one."""
    if proof.others:
        return proof
    times = Counter(mark for one in known.values() for mark in set(one["marks"]))
    shared = {path for path, one in known.items() if any(times[mark] > 1 for mark in one["marks"])}
    return replace(proof, pages=tuple(page for page in proof.pages if page.path in shared))


def _seen(page: PageProof) -> list[str]:
    """Return all that a check of one page looks at."""
    told = [passage.text for passage in page.passages]
    places = repr([(passage.place.line, passage.cites) for passage in page.passages])
    return [page.slug, page.path, page.text, places, repr(page.links), repr(page.tables), *told]


def _program() -> str:
    """Return a digest of the checks, whose change makes every page new."""
    files = sorted((Path(oerbook.__file__).parent / "checks").glob("*.py"))
    files += sorted((Path(oerbook.__file__).parent / "source").glob("*.py"))
    return digest(sys.version, *(path.read_bytes() for path in files))


def _kept(keep: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(keep.read_bytes())
    except (OSError, ValueError):
        return {}
    return found
