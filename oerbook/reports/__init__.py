"""Output formats for findings."""

from __future__ import annotations

from typing import Protocol

from oerbook.model.findings import Finding
from oerbook.reports import github_annotations, json_report, pull_request_comment, sarif


class FindingsFormat(Protocol):
    """An output format: a module of this package."""

    def render(self, findings: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
        """Return findings as text.

        `before` are the findings that existed before a submission; None if the book itself was checked.
        """
        ...


REPORTS: dict[str, FindingsFormat] = {
    "json": json_report,
    "github": github_annotations,
    "sarif": sarif,
    "markdown": pull_request_comment,
}
