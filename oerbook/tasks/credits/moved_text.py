"""Find text that was moved between pages whose licenses do not permit it, from the origin of every word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from oerbook.git.commits import files_changed_in_commit
from oerbook.licensing.adaptation import Permission, judge_adaptation
from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.tasks.credits.authorship import Authorship, compute_authorship

MIN_WORDS = 25  # words from another page; fewer may be a phrase
MAX_COMMITS = 500  # whose files are listed for one page


def moved_text_findings(book: Book, cache_dir: Path) -> list[Finding]:
    """Return a finding for each page with text from a page whose license does not permit that."""
    pages = [page for page in book.chapters if not page.problem]
    forbidden = {
        (source.path, page.path) for source, page in permutations(pages, 2) if _is_forbidden(book, source, page)
    }
    if not forbidden:
        return []
    authors = compute_authorship(book, cache_dir)
    if authors.ledger is None:
        return []
    by_path = {page.path: page for page in pages}
    receiving = sorted({path for _source, path in forbidden})
    return [
        finding
        for path in receiving
        for finding in _page_findings(
            book, authors, by_path, [source for source, to in sorted(forbidden) if to == path], path
        )
    ]


def _is_forbidden(book: Book, source: Chapter, page: Chapter) -> bool:
    given, wanted = source.license or book.license, page.license or book.license
    return bool(given and wanted) and judge_adaptation(given, wanted).permission is Permission.FORBIDDEN


def _page_findings(
    book: Book, authors: Authorship, by_path: dict[str, Chapter], sources: list[str], path: str
) -> Iterator[Finding]:
    """Yield findings about words whose commit changed one of the sources, but not this page."""
    words, first_line = dict.fromkeys(sources, 0), dict.fromkeys(sources, 0)
    files: dict[str, frozenset[str]] = {}
    for run in authors.words_by_author(path):
        if run.commit and run.commit not in files and len(files) < MAX_COMMITS:
            files[run.commit] = files_changed_in_commit(book.root, run.commit)
        changed = files.get(run.commit, frozenset())
        for source in sources if path not in changed else ():
            if source in changed:
                words[source] += len(run.text.split())
                first_line[source] = first_line[source] or run.line
    for source, count in words.items():
        if count >= MIN_WORDS:
            yield _finding(book, by_path[source], by_path[path], count, first_line[source])


def _finding(book: Book, source: Chapter, page: Chapter, count: int, line: int) -> Finding:
    given, wanted = source.license or book.license, page.license or book.license
    verdict = judge_adaptation(given, wanted)
    clause = f" ({verdict.clause})" if verdict.clause else ""
    message = f"{count} words of this page ({wanted}) come from {source.path} ({given}): {verdict.reason}{clause}"
    hint = f"Move them back, give this page the license {given}, or ask who wrote them: oerbook credits --explain."
    return Finding("license-moved-text", message, Place(page.path, line), Severity.WARNING, hint)
