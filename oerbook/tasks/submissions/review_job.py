"""The input of the review process, a JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NotRequired, TypedDict

from oerbook.model.findings import Finding, from_row
from oerbook.model.untyped import Json


class ReviewJob(TypedDict):
    """The input of the review process, with absolute paths.

    `changes` hold the fields of `Change`. The keys from `before` on are those of a submission; a job without them
    reviews the base alone.
    """

    tree: str
    cache_folder: str
    answer: str
    page_timeout_s: float
    touched_files: list[str]
    before: NotRequired[str]
    changes: NotRequired[list[dict[str, Json]]]
    files: NotRequired[list[str]]
    authors: NotRequired[list[tuple[str, str]]]
    signatures: NotRequired[list[tuple[str, str, str, list[str]]]]
    credited: NotRequired[list[tuple[str, str, list[str]]]]
    known_names: NotRequired[list[tuple[str, str]]]
    unsigned_commits: NotRequired[list[str]]
    reserved_names: NotRequired[list[str]]


def read_findings(path: Path) -> list[Finding]:
    """Return the findings that a worker, or an earlier review, wrote to a file."""
    return [from_row(fields) for fields in json.loads(path.read_bytes())]
