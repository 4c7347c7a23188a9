"""What a build is asked for and what it returns. Light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oerbook.document.context.message_rules import FIRST_HEADING_MESSAGE, FOOTNOTE_WITHOUT_TEXT
from oerbook.model.artifacts import Artifact
from oerbook.model.content import PageContent
from oerbook.model.findings import Finding


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The files written, and all findings of the book."""

    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]
    page_contents: tuple[PageContent, ...] = ()  # what every page holds, when the formats were compared
    is_reused: bool = False  # nothing changed since the last build


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build.

    `epoch` is the book's timestamp in seconds since 1970, by default the last commit's. With `compare`, the finished
    files are read back and compared with the book.
    """

    epoch: int | None = None
    compare: bool = False


def dedupe_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, without duplicates.

    A missing footnote that is reported by name is not reported a second time without its name, nor a link without
    target of a page whose links are reported by line.
    """
    seen: set[tuple[str, str, int, str]] = set()
    pages_with_names = {
        f.place.path for f in findings if f.code == "footnote-missing" and f.message != FOOTNOTE_WITHOUT_TEXT
    }
    pages_with_lines = {f.place.path for f in findings if f.code == "reference-missing"}
    kept = []
    for finding in sorted(findings, key=lambda f: f.sort_key):
        once_per_line = finding.code in {"heading-skip", "label-duplicate", "footnote-unreferenced"}
        line = (
            0 if finding.message == FIRST_HEADING_MESSAGE else finding.place.line
        )  # docutils repeats it for every heading
        key = (finding.code, finding.place.path, line, "" if once_per_line else finding.message)
        reported_better = (finding.message == FOOTNOTE_WITHOUT_TEXT and finding.place.path in pages_with_names) or (
            finding.code == "link-target-missing" and finding.place.path in pages_with_lines
        )
        if key not in seen and not reported_better:
            seen.add(key)
            kept.append(finding)
    return tuple(kept)
