"""Findings in the forms that other programs and people read."""

from __future__ import annotations

from typing import Protocol

from oerbook.model.findings import Finding
from oerbook.reports import github_annotations, json_report, pull_request_comment, sarif


class Report(Protocol):
    """A form of findings."""

    def render(self, found: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
        """Return findings, and those that were there before a submission, as text; of a book itself, `before` is None."""
        ...


REPORTS: dict[str, Report] = {
    "json": json_report,
    "github": github_annotations,
    "sarif": sarif,
    "markdown": pull_request_comment,
}
