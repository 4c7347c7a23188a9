"""Remember the result of the last check of each submission."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from oerbook.model.findings import Finding, Severity
from oerbook.storage.files import write_atomically

RECORD_FILE = "submissions.json"  # the last check of each branch: {commit: CheckRecord}
MAX_RECORDS = 2000


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """The result of the last check of a commit, against a commit of the book."""

    book: str
    errors: int
    warnings: int


def read_records(out: Path) -> dict[str, CheckRecord]:
    """Return the last check of each commit that was checked; damaged records count as none."""
    try:
        rows = json.loads((out / ".cache" / RECORD_FILE).read_bytes())
        return {str(commit): CheckRecord(**row) for commit, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def record_checks(out: Path, book: str, checked: Mapping[str, Sequence[Finding]]) -> None:
    """Remember the findings of commits that were checked against a commit of the book."""
    records = read_records(out)
    for commit, findings in checked.items():
        counts = [sum(f.severity is severity for f in findings) for severity in (Severity.ERROR, Severity.WARNING)]
        records.pop(commit, None)
        records[commit] = CheckRecord(book, *counts)
    newest = dict(list(records.items())[-MAX_RECORDS:])
    text = json.dumps({commit: asdict(record) for commit, record in newest.items()}, indent=1)
    write_atomically(out / ".cache" / RECORD_FILE, text.encode())
