"""The desk: what one Sphinx run works on (the book) and the pile of findings that grows while it reads.

docutils and Sphinx keep their registries at module level, so there is one run per process and one desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from oerbook.document.context import line_numbers
from oerbook.errors import OerbookError
from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Finding, Place, Severity

_on: list[Desk] = []


@dataclass(slots=True)
class Desk:
    """The book being read, the folder for what is generated, and the findings of this run, by page name."""

    book: Book
    work: Path
    targets: frozenset[str] = frozenset({"html"})
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    generated: dict[str, Path] = field(default_factory=dict)
    notices: dict[str, Path] = field(default_factory=dict)  # stand-ins for pages that cannot be read
    contributors: str = ""  # the page about them, if there is one
    epoch: int = 0  # the book's moment, in seconds since 1970
    downloads: tuple[tuple[str, str], ...] = ()  # (format, file name beside the site)
    patience: float = 0  # seconds of work that a page may take; 0: as many as it needs
    theme: Path | None = None  # the folder of the theme, once it is laid out
    accents: int = 0  # how many accents the theme has for parts
    given_up: dict[str, str] = field(default_factory=dict)  # by page: why it cannot be read
    taken_in: dict[str, tuple[int, int]] = field(default_factory=dict)  # by page: files taken in, their bytes
    asked: dict[str, set[Path]] = field(default_factory=dict)  # by page: files of the book that it names, there or not
    shared: str = ""  # a digest of what every page is read with, once it is asked for
    pages: dict[str, Chapter] = field(init=False)

    def __post_init__(self) -> None:
        self.pages = {page.slug: page for page in (self.book.index, *self.book.chapters)}

    def report(self, docname: str, finding: Finding) -> None:
        """Keep a finding with the page it belongs to, once."""
        pile = self.findings.setdefault(docname, [])
        if finding not in pile:
            pile.append(finding)

    def say(
        self,
        docname: str,
        code: str,
        message: str,
        line: int = 0,
        *,
        severity: Severity = Severity.WARNING,
        hint: str = "",
    ) -> None:
        """Report a problem on a line of a page, or of what the page takes in just now."""
        place = Place(self.path(docname, line_numbers.standing_in()[1]), line)
        self.report(docname, Finding(code, message, place, severity, hint))

    def path(self, docname: str, source: str = "") -> str:
        """Return the source file of a page, relative to the book's root; generated pages belong to the title page.

        `source` is where a piece of the page comes from: a file of the book that it takes in has a path of its own.
        """
        chapters = f"{self.book.root}/chapters/"
        if source.startswith(chapters) and source != str(self.file(docname)):
            return source.removeprefix(f"{self.book.root}/")
        page = self.pages.get(docname, self.book.index)
        return page.path

    def file(self, docname: str) -> Path:
        """Return the file of a page's source."""
        return Path(self.source(docname))

    def source(self, docname: str) -> str:
        """Return where a page's source lies on the disk, as text: to make paths of it takes longer than to look there."""
        generated = self.generated.get(docname) or self.notices.get(docname)
        return str(generated or f"{self.book.root}/{self.path(docname)}")


def put(desk: Desk) -> Desk:
    """Make `desk` the one in use."""
    _on[:] = [desk]
    return desk


def desk() -> Desk:
    """Return the desk in use."""
    if not _on:
        raise OerbookError("no book is open", hint="This is a mistake in oerbook: please report it.")
    return _on[0]


def has_desk() -> bool:
    """Say whether a book is open already."""
    return bool(_on)


def rooted(findings: Iterable[Finding], path: str) -> list[Finding]:
    """Give findings without a path the path they belong to."""
    return [replace(f, place=Place(path, f.place.line)) if not f.place.path else f for f in findings]
