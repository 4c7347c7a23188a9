"""Findings in the forms that other programs and people read."""

from __future__ import annotations

from typing import Protocol

from oerbook.model import Finding
from oerbook.reports import github, json, markdown, sarif


class Report(Protocol):
    """A form of findings."""

    def render(self, found: tuple[Finding, ...], before: tuple[Finding, ...] | None) -> str:
        """Return findings, and those that were there before a submission, as text; of a book itself, `before` is None."""
        ...


REPORTS: dict[str, Report] = {"json": json, "github": github, "sarif": sarif, "markdown": markdown}
