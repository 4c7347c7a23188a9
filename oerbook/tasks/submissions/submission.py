"""Build the `Submission` that policy rules check, and check its attachments."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from oerbook.checks.copied_text import SHINGLE_WORDS, WORD_PATTERN
from oerbook.document.safety.svg_sanitizer import active_content_message
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import BibliographyEntry, FileChange, Submission
from oerbook.source.bibtex import parse_comparable_entries
from oerbook.source.text import load_page_text
from oerbook.tasks.submissions.review_job import SubmissionFacts
from oerbook.text.changed_passages import find_changed_passages

ARCHIVE_SUFFIXES = (".docx", ".odt", ".xlsx", ".ods", ".pptx", ".odp")
MAX_UNPACKED_ATTACHMENT_BYTES = 200_000_000  # bytes
MAX_COMPRESSION_RATIO = 200  # unpacked size divided by packed size
MAX_BIBLIOGRAPHY_BYTES = 20_000_000  # bytes
MAX_PASSAGES = 8  # changed passages of a chapter that are shown
TEXT_SUFFIXES = (".md", ".ipynb", ".svg", ".csv", ".tsv", ".txt", ".json", ".tex")


def build_submission(
    facts: SubmissionFacts, before: Book, after: Book, changed_keys: tuple[str, ...], policy: Mapping[str, object]
) -> Submission:
    """Return the submission of which git knows these facts, with lost text and used files worked out.

    `changed_keys` are the keys of the title page that differ; `policy` is `submissions:` of the book before.
    """
    changes = facts.changes
    pages = [page.path for page in (after.index, *after.chapters)] if any(c.kind != "added" for c in changes) else []
    book_text = "\n".join(_text(after.root, path) for path in pages)
    changed_pages = {change.path for change in changes} & set(pages)  # text that leaves one page may reappear in these
    moved_runs = {run for path in changed_pages for run in _word_runs(_text(after.root, path))}
    return Submission(
        before=before,
        after=after,
        changes=tuple(_with_loss_and_use(change, before, after, moved_runs, book_text) for change in changes),
        files=facts.files,
        authors=facts.authors,
        unsigned_commits=facts.unsigned_commits if policy.get("sign_off") is True else (),
        changed_settings=changed_keys,
        reserved_names=facts.reserved_names,
        bibliographies=_bibliography_entries(before, after, changes),
        commit_identities=facts.commit_identities,
        known_names=facts.known_names,
        credited=facts.credited,
    )


def _with_loss_and_use(
    change: FileChange, before: Book, after: Book, moved_runs: set[int], book_text: str
) -> FileChange:
    """Return a change with the share of lost text, and whether text names the file."""
    path = change.old_path or change.path
    if change.kind in ("changed", "renamed") and path.endswith(TEXT_SUFFIXES):
        texts = _text(before.root, path), _text(after.root, change.path)
        passages = find_changed_passages(*texts, MAX_PASSAGES) if path.endswith(".md") else ()
        change = replace(
            change,
            lost_share=_lost_share(change, before, after, moved_runs),
            passages=tuple((passage.line, passage.old, passage.new) for passage in passages),
        )
    elif change.kind == "changed":
        change = replace(change, lost_share=1.0)
    name = path.rpartition("/")[2]
    used = bool(name) and name in book_text and re.search(rf"(?<![\w-]){re.escape(name)}", book_text) is not None
    return replace(change, is_referenced=used)


def _lost_share(change: FileChange, before: Book, after: Book, moved_runs: set[int]) -> float:
    """Return the share (0 to 1) of a text that a change loses.

    Text that moved to another changed page is not lost.
    """
    path = change.old_path or change.path
    earlier = _word_runs(_text(before.root, path))
    # Read the file even when no table of contents lists it.
    remaining = set(_word_runs(_text(after.root, change.path)))
    if path.endswith((".md", ".ipynb")):
        remaining |= moved_runs
    lost = sum(1 for run in earlier if run not in remaining)
    return lost / len(earlier) if earlier else 0.0


def _bibliography_entries(
    before: Book, after: Book, changes: Sequence[FileChange]
) -> tuple[tuple[BibliographyEntry, ...], tuple[BibliographyEntry, ...]]:
    """Return bibliography entries before and after a submission.

    Both are empty when no existing .bib file changes.
    """
    paths = [path for change in changes if change.kind != "added" for path in (change.path, change.old_path)]
    if not any(path.endswith(".bib") for path in paths):
        return (), ()
    return tuple(_all_entries(before.root)), tuple(_all_entries(after.root))


def _all_entries(root: Path) -> Iterator[BibliographyEntry]:
    for path in sorted(root.glob("chapters/**/*.bib")):
        if path.is_file() and path.stat().st_size <= MAX_BIBLIOGRAPHY_BYTES:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            yield from parse_comparable_entries(text, path.relative_to(root).as_posix())


def _text(root: Path, path: str) -> str:
    text, problem = load_page_text(root / path, root) if (root / path).is_file() else ("", "missing")
    return "" if problem else text


def _word_runs(text: str) -> list[int]:
    """Return fingerprints of a text's runs of words; of single words for short texts."""
    words = [word.casefold() for word in WORD_PATTERN.findall(text)]
    length = SHINGLE_WORDS // 2 if len(words) >= SHINGLE_WORDS else 1
    return [zlib.crc32(" ".join(words[n : n + length]).encode()) for n in range(len(words) - length + 1)]


def check_dangerous_files(tree: Path, changes: Iterable[FileChange]) -> Iterator[Finding]:
    """Report active SVG files and dangerous archives, whether or not a page uses them."""
    for change in changes:
        path = tree / change.path
        if change.kind == "removed" or not path.is_file() or ".." in Path(change.path).parts:
            continue
        place = Place(change.path)
        if path.suffix.lower() == ".svg" and (problem := active_content_message(path)):
            yield Finding("svg-script", problem, place, Severity.ERROR, "Save it as plain SVG.")
        if path.suffix.lower() in ARCHIVE_SUFFIXES and (problem := _archive_problem(path)):
            yield Finding("archive-unsafe", problem, place, Severity.ERROR, "Save the document again and replace it.")


def _archive_problem(path: Path) -> str:
    """Return what is wrong with the file list of a zipped document, or ""."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return "this file is not a document of the type that its name says"
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    nested = any(m.filename.lower().endswith((".zip", *ARCHIVE_SUFFIXES)) for m in members) and len(members) > 1000
    outside = [m.filename for m in members if m.filename.startswith(("/", "\\")) or ".." in m.filename.split("/")]
    if outside:
        return "this document unpacks files outside its own folder"
    if (
        unpacked > MAX_UNPACKED_ATTACHMENT_BYTES
        or (unpacked > 10_000_000 and unpacked > MAX_COMPRESSION_RATIO * max(packed, 1))
        or nested
    ):
        return f"this document unpacks to {unpacked / 1e6:.0f} MB"
    return ""
