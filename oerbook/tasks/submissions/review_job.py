"""The input of the review process: what to read, and what git knows of the submission. It is passed as a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from oerbook.model.findings import Finding, Pairs, from_row
from oerbook.model.submission import CommitIdentity, FileChange
from oerbook.model.untyped import Json


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What git knows of a submission; the fields of `model.submission.Submission` with the same names.

    `base` is the folder with the book before it. `reserved_names` are empty if no existing file changes.
    """

    base: str
    changes: tuple[FileChange, ...]
    files: tuple[str, ...]
    authors: Pairs
    unsigned_commits: tuple[str, ...]
    reserved_names: tuple[str, ...]
    commit_identities: tuple[CommitIdentity, ...]
    known_names: Pairs
    credited: tuple[CommitIdentity, ...]


@dataclass(frozen=True, slots=True)
class ReviewJob:
    """The input of the review process, with absolute paths; without a submission it checks a base alone."""

    tree: str
    cache_folder: str
    answer: str
    page_timeout_s: float
    touched_files: tuple[str, ...]
    submission: SubmissionFacts | None = None


def write_job(path: Path, job: ReviewJob) -> None:
    """Write a job to a file."""
    path.write_text(json.dumps(asdict(job)), encoding="utf-8")


def read_job(path: Path) -> ReviewJob:
    """Return the job that was written to a file."""
    fields: Json = json.loads(path.read_text(encoding="utf-8"))
    facts = fields.pop("submission")
    job = ReviewJob(**fields)
    return replace(job, submission=_facts(facts)) if facts else job


def _facts(row: dict[str, Json]) -> SubmissionFacts:
    return SubmissionFacts(
        base=row["base"],
        changes=tuple(FileChange(**{**c, "other_authors": _pairs(c["other_authors"])}) for c in row["changes"]),
        files=tuple(row["files"]),
        authors=_pairs(row["authors"]),
        unsigned_commits=tuple(row["unsigned_commits"]),
        reserved_names=tuple(row["reserved_names"]),
        commit_identities=_identities(row["commit_identities"]),
        known_names=_pairs(row["known_names"]),
        credited=_identities(row["credited"]),
    )


def _pairs(rows: Iterable[Sequence[str]]) -> Pairs:
    return tuple((name, value) for name, value in rows)


def _identities(rows: Iterable[dict[str, Json]]) -> tuple[CommitIdentity, ...]:
    return tuple(CommitIdentity(**{**row, "commits": tuple(row["commits"])}) for row in rows)


def read_findings(path: Path) -> list[Finding]:
    """Return the findings that a worker, or an earlier review, wrote to a file."""
    return [from_row(fields) for fields in json.loads(path.read_bytes())]
