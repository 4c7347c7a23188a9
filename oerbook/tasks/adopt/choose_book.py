"""Choose the book to import when a repository holds several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.importers import IMPORTERS
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.model.findings import Finding, Place, Severity

FALLBACK_KIND = "markdown"  # a folder of pages, if there is no book of another kind
NO_BOOK_HINT = (
    "It needs a _toc.yml (Jupyter Book 1), myst.yml (mystmd), _quarto.yml, _bookdown.yml, book.toml (mdBook), "
    "SUMMARY.md (GitBook), mkdocs.yml, an index with a toctree (Sphinx), or several Markdown files."
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A book that could be imported, and the name of its importer."""

    kind: str
    book: ForeignBook

    @property
    def folder(self) -> str:
        """The folder of the book's settings, "." for the root."""
        return PurePosixPath(self.book.settings_file).parent.as_posix()

    def __str__(self) -> str:
        return f"{self.folder} ({IMPORTERS[self.kind].SUMMARY}, {self.book.count_pages()} pages)"


def choose_book(root: Path, start: str, tracked: Sequence[str], kind: str = "") -> tuple[Candidate, list[Finding]]:
    """Return the book in the folder `start` of a repository ("" for its root), and notes on those left out.

    `kind` is the name of an importer if the user chose one. Raises OerbookError if there is none, or if several folders
    below `start` hold one.
    """
    everywhere = _find_candidates(root, tracked, kind)
    candidates = [c for c in everywhere if _is_below(c.folder, start or ".")]
    if not candidates and not kind:
        candidates = _candidates_of([FALLBACK_KIND], root, [name for name in tracked if _is_below(name, start or ".")])
    in_start = [candidate for candidate in candidates if candidate.folder == (start or ".")]
    folders = list(dict.fromkeys(candidate.folder for candidate in candidates))
    if not candidates:
        elsewhere = "; ".join(map(str, everywhere))
        hint = f"The repository has this one elsewhere: {elsewhere}. Name its folder." if elsewhere else NO_BOOK_HINT
        raise OerbookError(f"no supported kind of book found in {start or 'the folder'}", hint=hint)
    if len(folders) > 1 and not in_start:
        listed = "; ".join(str(_newest(root, [c for c in candidates if c.folder == folder])) for folder in folders)
        hint = f"Name the folder of the book, for example: oerbook adopt SOURCE/{folders[0]} TARGET"
        raise OerbookError(f"there are several books: {listed}", hint=hint)
    chosen = _newest(root, in_start or candidates)
    return chosen, [_left_out(other, chosen) for other in candidates if other != chosen]


def _find_candidates(root: Path, tracked: Sequence[str], kind: str) -> list[Candidate]:
    names = [kind] if kind else [name for name in IMPORTERS if name != FALLBACK_KIND]
    found = _candidates_of(names, root, tracked)
    return found or _candidates_of([FALLBACK_KIND], root, tracked) if not kind else found


def _candidates_of(names: Sequence[str], root: Path, tracked: Sequence[str]) -> list[Candidate]:
    """Return the books of some kinds; in a folder with another table of contents, toctrees do not count."""
    found = [
        Candidate(name, ForeignBook(root, settings, tracked))
        for name in names
        for settings in IMPORTERS[name].find_books(tracked, root)
    ]
    with_contents = {candidate.folder for candidate in found if not candidate.kind.startswith("sphinx")}
    return [c for c in found if not c.kind.startswith("sphinx") or c.folder not in with_contents]


def _is_below(folder: str, start: str) -> bool:
    return PurePosixPath(folder).is_relative_to(start) or start == "."


def _newest(root: Path, candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate whose settings were committed last: people keep the file of the tool they left."""

    def committed(candidate: Candidate) -> int:
        return int(process.run_git(root, "log", "-1", "--format=%ct", "--", candidate.book.settings_file) or 0)

    return candidates[0] if len(candidates) == 1 else max(reversed(candidates), key=committed)


def _left_out(other: Candidate, chosen: Candidate) -> Finding:
    message = f"this file describes another book or an older state, and was not read; {chosen.book.settings_file} was"
    same_folder = other.folder == chosen.folder
    hint = f"To import it instead: oerbook adopt --kind {other.kind} …" if same_folder else ""
    return Finding("import-unsupported", message, Place(other.book.settings_file), Severity.INFO, hint)
