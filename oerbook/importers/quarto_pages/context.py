"""What the conversion of one page needs and collects."""

from __future__ import annotations

from dataclasses import dataclass, field

from oerbook.importers.line_conversion.page import SourcePage
from oerbook.model.findings import Finding, Place, Severity


@dataclass(slots=True)
class PageContext:
    """A page that is being converted.

    `captions` are the texts that `(ref:name)` stands for. `last_exercise` is the label of the exercise before, which a
    solution belongs to. `unstored` are the lines of chunks whose outputs the repository does not hold.
    """

    page: SourcePage
    pictures: dict[str, list[str]] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    heading_labels: dict[str, str] = field(default_factory=dict)  # of all headings of the book, by their words
    placed_labels: set[str] = field(default_factory=set)  # automatic labels of headings that were written
    last_exercise: str = ""
    unnumbered: bool = False
    findings: list[Finding] = field(default_factory=list)
    unstored: list[int] = field(default_factory=list)
    not_run: list[int] = field(default_factory=list)

    def report(self, code: str, message: str, line: int, hint: str = "", *, warning: bool = True) -> None:
        """Add a finding on a line of the old file."""
        severity = Severity.WARNING if warning else Severity.INFO
        self.findings.append(Finding(code, message, Place(self.page.path, line), severity, hint))
