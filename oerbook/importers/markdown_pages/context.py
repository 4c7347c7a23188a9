"""What the conversion of one Markdown page needs and collects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oerbook.importers.line_conversion.page import SourcePage
from oerbook.model.findings import Finding, Place, Severity

MAX_INCLUDED_BYTES = 2_000_000


@dataclass(slots=True)
class MarkdownContext:
    """A page that is being converted: the tool it was written for, and the folder of the repository.

    `tool` is "mdbook", "gitbook", "mkdocs" or "markdown". `variables` are the values of `{{ book.name }}`.
    """

    page: SourcePage
    tool: str
    root: Path
    base: str = ""  # the folder of the pages, from the root
    dollar_math: bool = True  # whether text between dollar signs is a formula
    variables: Mapping[str, str] = field(default_factory=dict)
    is_chapter: bool = True  # and no part that chapters include
    own_variables: dict[str, str] = field(default_factory=dict)  # those that the page sets
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, message: str, line: int, *, warning: bool = False) -> None:
        """Add a finding on a line of the old file."""
        severity = Severity.WARNING if warning else Severity.INFO
        self.findings.append(Finding(code, message, Place(self.page.path, line), severity))

    def read_file(self, path: str) -> str | None:
        """Return the text of a file of the repository, None if there is none."""
        if path not in self.page.tracked:
            return None
        data = (self.root / path).read_bytes()[:MAX_INCLUDED_BYTES]
        return data.decode("utf-8", errors="replace").replace("\r\n", "\n")
