"""Check that the book's own workflows publish what its settings promise."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.text import load_page_text

WORKFLOW_FILE_PATTERNS = (".github/workflows/*.y*ml", ".forgejo/workflows/*.y*ml", ".gitlab-ci.yml")
# Steps that replace the whole site by the current build, so that the sites of earlier editions are lost.
SITE_REPLACING_STEPS = ("actions/upload-pages-artifact", "path: public", "- public")
MAX_WORKFLOWS = 50


def check_workflows(book: Book) -> Iterator[Finding]:
    """Report workflows that publish one edition only, although the book keeps the sites of earlier ones."""
    if not book.settings.versions:
        return
    paths = [path for pattern in WORKFLOW_FILE_PATTERNS for path in sorted(book.root.glob(pattern))]
    for path in paths[:MAX_WORKFLOWS]:
        text, problem = load_page_text(path, book.root)
        if problem or "oerbook build" not in text:
            continue
        lines = [n for n, line in enumerate(text.splitlines(), 1) if any(step in line for step in SITE_REPLACING_STEPS)]
        if lines:
            yield Finding(
                "editions-not-kept",
                "this workflow publishes the newest edition only, but `versions: true` is set to keep earlier ones",
                Place(path.relative_to(book.root).as_posix(), lines[0]),
                Severity.WARNING,
                "Run oerbook init --github --update, or use oerbook publish in it.",
            )
