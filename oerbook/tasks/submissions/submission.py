"""What a submission brings, as the policy looks at it: its changes, what they lose, and what is in its files."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from oerbook.checks.copied_text import SHINGLE, WORD
from oerbook.document.safety.svg import active_drawing
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Pairs, Place, Severity
from oerbook.model.submission import Change, Entry, Signature, Submission
from oerbook.source.bibtex import entries
from oerbook.source.text import load

ARCHIVES = (".docx", ".odt", ".xlsx", ".ods", ".pptx", ".odp")
MOST_UNPACKED = 200_000_000  # bytes
MOST_TIMES = 200  # as large as packed
MOST_OF_A_BIBLIOGRAPHY = 20_000_000  # bytes
WORDED = (".md", ".ipynb", ".svg", ".csv", ".tsv", ".txt", ".json", ".tex")


def submission(asked: Mapping[str, Any], before: Book, after: Book, facts: tuple[str, ...], policy: Any) -> Submission:
    """Return what a job tells of a submission, with what the texts show: how much of them is lost, which files they name.

    `facts` are the facts of the title page that differ, `policy` is what the book as it was says of submissions.
    """
    changes = [Change(**{**row, "strangers": _pairs(row["strangers"])}) for row in asked["changes"]]
    signed_by = tuple(Signature(name, mail, role, tuple(of)) for name, mail, role, of in asked["signed"])
    pages = [page.path for page in (after.index, *after.chapters)] if any(c.kind != "added" for c in changes) else []
    shown = "\n".join(_text(after.root, path) for path in pages)
    brought = {change.path for change in changes} & set(pages)  # where text that leaves one page may turn up
    runs = {run for path in brought for run in _runs(_text(after.root, path))}
    known = tuple(_known(change, before, after, runs, shown) for change in changes)
    signed = isinstance(policy, dict) and policy.get("sign_off") is True
    return Submission(
        before, after, known, tuple(asked["files"]), _pairs(asked["authors"]),
        tuple(asked["unsigned"]) if signed else (), facts, tuple(asked["taken"]), _entries(before, after, changes),
        signed_by, _pairs(asked["met"]),
    )  # fmt: skip


def _pairs(rows: Iterable[Sequence[str]]) -> Pairs:
    return tuple((one, other) for one, other in rows)


def _known(change: Change, before: Book, after: Book, runs: set[int], shown: str) -> Change:
    """Say of a change how much of the earlier text is lost, and whether the text still names a file that is touched."""
    path = change.old_path or change.path
    if change.kind in ("changed", "renamed") and path.endswith(WORDED):
        earlier = _runs(_text(before.root, path))
        kept = set(
            _runs(_text(after.root, change.path))
        )  # the book need not show it: pages may stand beside its contents
        moved: set[int] = runs if path.endswith((".md", ".ipynb")) else set()
        gone = sum(1 for run in earlier if run not in kept and run not in moved)
        change = replace(change, lost=gone / len(earlier) if earlier else 0.0)
    elif change.kind == "changed":
        change = replace(change, lost=1.0)
    name = path.rpartition("/")[2]
    used = bool(name) and name in shown and re.search(rf"(?<![\w-]){re.escape(name)}", shown) is not None
    return replace(change, used=used)


def _entries(before: Book, after: Book, changes: Sequence[Change]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return the entries of the bibliography as they were and as they would be, if it is touched at all."""
    if not any(
        path.endswith(".bib") for change in changes if change.kind != "added" for path in (change.path, change.old_path)
    ):
        return (), ()
    return tuple(_all_entries(before.root)), tuple(_all_entries(after.root))


def _all_entries(root: Path) -> Iterator[Entry]:
    for path in sorted(root.glob("chapters/**/*.bib")):
        if path.is_file() and path.stat().st_size <= MOST_OF_A_BIBLIOGRAPHY:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            yield from entries(text, path.relative_to(root).as_posix())


def _text(root: Path, path: str) -> str:
    text, problem = load(root / path, root) if (root / path).is_file() else ("", "missing")
    return "" if problem else text


def _runs(text: str) -> list[int]:
    """Return a text as fingerprints of its runs of words; a short text counts word by word."""
    words = [word.casefold() for word in WORD.findall(text)]
    length = SHINGLE // 2 if len(words) >= SHINGLE else 1
    return [zlib.crc32(" ".join(words[n : n + length]).encode()) for n in range(len(words) - length + 1)]


def contents(tree: Path, changes: Iterable[Change]) -> Iterator[Finding]:
    """Report drawings and archives that a submission brings and that are not what they seem, shown by a page or not."""
    for change in changes:
        path = tree / change.path
        if change.kind == "removed" or not path.is_file() or ".." in Path(change.path).parts:
            continue
        place = Place(change.path)
        if path.suffix.lower() == ".svg" and (problem := active_drawing(path)):
            yield Finding("image-active", problem, place, Severity.ERROR, "Save it as plain SVG.")
        if path.suffix.lower() in ARCHIVES and (problem := _bomb(path)):
            yield Finding("archive-bomb", problem, place, Severity.ERROR, "Save the document anew.")


def _bomb(path: Path) -> str:
    """Return what is wrong with a document that is an archive, by what its own list of contents says."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return "this is no document of the kind that its name says"
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    nested = any(m.filename.lower().endswith((".zip", *ARCHIVES)) for m in members) and len(members) > 1000
    outside = [m.filename for m in members if m.filename.startswith(("/", "\\")) or ".." in m.filename.split("/")]
    if outside:
        return "this document would write files outside its own folder"
    if unpacked > MOST_UNPACKED or (unpacked > 10_000_000 and unpacked > MOST_TIMES * max(packed, 1)) or nested:
        return f"this document unpacks to {unpacked / 1e6:.0f} million bytes"
    return ""
