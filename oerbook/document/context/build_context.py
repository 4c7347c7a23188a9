"""The state of one Sphinx run: the book and its findings.

Handlers of Sphinx events take the context from the application: `context_of(app)`. Directives and roles, which docutils
creates without an application, use `current_context()`. docutils and Sphinx keep their registries at module level, so
there is one run per process and one context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes

from oerbook.document.context import line_numbers
from oerbook.errors import OerbookError
from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.limits import failure_reason
from oerbook.storage.machine_errors import raise_machine_error

_current: list[BuildContext] = []


@dataclass(slots=True)
class BuildContext:
    """The book being read, the cache directory, and the findings by page name."""

    book: Book
    cache_dir: Path  # the cache directory, generated pages included
    targets: frozenset[str] = frozenset({"html"})
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    target_findings: dict[str, set[Finding]] = field(default_factory=dict)  # by target, "": found while reading
    target: str = ""  # the target that is being written
    generated_pages: dict[str, Path] = field(default_factory=dict)  # by page: its source file
    placeholder_pages: dict[str, Path] = field(default_factory=dict)  # placeholders for pages that cannot be read
    back_matter_texts: dict[str, Path] = field(default_factory=dict)  # by kind: the text of a generated page
    excerpt: Book | None = None  # the chapter that the manuscripts hold alone, as a book
    contributors_page: str = ""  # name of the contributors page, "" if there is none
    epoch: int = 0  # timestamp of the book, in seconds since 1970
    downloads: tuple[tuple[str, str], ...] = ()  # (format, name of the file beside the site)
    page_timeout_s: float = 0  # CPU seconds per page; 0: no limit
    is_kept_open: bool = False  # pages are changed and rendered again later, as in a preview
    theme_dir: Path | None = None  # folder of the assembled theme, None until it is assembled
    part_color_count: int = 0  # number of accent colors that the theme has for parts
    unreadable_pages: dict[str, str] = field(default_factory=dict)  # by page: why it cannot be read
    failures_by_target: dict[str, Exception] = field(default_factory=dict)  # by target: why it could not be made
    included_counts: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # by page: number and bytes of included files
    referenced_files: dict[str, set[Path]] = field(
        default_factory=dict
    )  # by page: files that it names, existing or not
    source_digests: dict[str, bytes] = field(default_factory=dict)  # by page: digest of its file when it was read
    shared_digest: str = ""  # digest of the inputs shared by all pages, "" until it is computed
    pages: dict[str, Chapter] = field(init=False)
    _known_findings: dict[str, set[Finding]] = field(default_factory=dict)  # by page, to find one at once

    def __post_init__(self) -> None:
        self.pages = {page.slug: page for page in (self.book.index, *self.book.chapters)}

    def add_finding(self, docname: str, finding: Finding) -> None:
        """Add a finding to a page, unless the page has it already."""
        self.target_findings.setdefault(self.target, set()).add(finding)
        page_findings = self.findings.setdefault(docname, [])
        known = self._known_findings.setdefault(docname, set())
        if len(known) != len(page_findings):  # others changed the list
            known = self._known_findings[docname] = set(page_findings)
        if finding not in known:
            page_findings.append(finding)
            known.add(finding)

    def record_failure(self, target: str, error: Exception) -> None:
        """Record why a target cannot be made, so that the others still are. Raises MachineError for a full disk."""
        raise_machine_error(error)
        self.failures_by_target[target] = error

    def record_unreadable(self, docname: str, error: Exception) -> None:
        """Record why a page cannot be read. Raises MachineError for a full disk."""
        raise_machine_error(error)
        self.unreadable_pages[docname] = failure_reason(error)

    @contextmanager
    def collect_target_findings(self, target: str) -> Iterator[None]:
        """Count the findings that the block adds as those of one target."""
        self.target = target
        try:
            yield
        finally:
            self.target = ""

    def report_problem(  # noqa: PLR0913 - the fields of a finding
        self,
        docname: str,
        code: str,
        message: str,
        line: int = 0,
        *,
        severity: Severity = Severity.WARNING,
        hint: str = "",
    ) -> None:
        """Report a problem on a line of a page, or of the file that the page is including."""
        place = Place(self.relative_path(docname, line_numbers.current_position()[1]), line)
        self.add_finding(docname, Finding(code, message, place, severity, hint))

    def place_of(self, node: nodes.Node, docname: str) -> Place:
        """Return the file and line of a node on a page."""
        line, source = line_numbers.line_and_source(node)
        return Place(self.relative_path(docname, source), line)

    def relative_path(self, docname: str, source: str = "") -> str:
        """Return the source file of a page, relative to the book's root.

        Generated pages have the path of the title page. `source` is the file that a part of the page comes from: if
        it is another file below chapters/, which the page includes, its path is returned.
        """
        chapters = f"{self.book.root}/chapters/"
        if source.startswith(chapters) and source != str(self.absolute_path(docname)):
            return source.removeprefix(f"{self.book.root}/")
        page = self.pages.get(docname, self.book.index)
        return page.path

    def absolute_path(self, docname: str) -> Path:
        """Return the absolute path of a page's source file."""
        return Path(self.absolute_path_str(docname))

    def absolute_path_str(self, docname: str) -> str:
        """Return the absolute path of a page's source file as a string.

        Building a Path takes much longer.
        """
        generated = self.generated_pages.get(docname) or self.placeholder_pages.get(docname)
        return str(generated or f"{self.book.root}/{self.relative_path(docname)}")


def set_context(context: BuildContext) -> BuildContext:
    """Make a context the current one, and return it."""
    _current[:] = [context]
    return context


def context_of(app: Any) -> BuildContext:
    """Return the context of a Sphinx application."""
    context: BuildContext = app.oerbook
    return context


def context_of_environment(env: Any) -> BuildContext:
    """Return the context of a Sphinx environment, whose `app` is deprecated without another way to it."""
    return context_of(env._app)


def current_context() -> BuildContext:
    """Return the context for a directive or role; raise `OerbookError` if there is none."""
    if not _current:
        raise OerbookError("no book is open", hint="This is a bug in oerbook: please report it.")
    return _current[0]


def has_context() -> bool:
    """Return whether there is a current context."""
    return bool(_current)
