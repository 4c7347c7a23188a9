"""What a submission may touch: each file here looks at one kind of overstepping, by names and facts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from oerbook.model.findings import Finding
from oerbook.model.submission import Submission
from oerbook.policy import (
    authors,
    bibliography,
    book_settings,
    commit_identities,
    file_modes,
    file_names,
    media_files,
    paths,
    people,
    removals,
    rewrites,
    size_limits,
)


class Policy(Protocol):
    """Looks at a submission and yields findings."""

    def __call__(self, submission: Submission) -> Iterator[Finding]:
        """Yield what oversteps."""
        ...


POLICY: dict[str, Policy] = {
    "paths": paths.check,
    "file_modes": file_modes.check,
    "file_names": file_names.check,
    "size_limits": size_limits.check,
    "removals": removals.check,
    "rewrites": rewrites.check,
    "people": people.check,
    "book_settings": book_settings.check,
    "media_files": media_files.check,
    "bibliography": bibliography.check,
    "authors": authors.check,
    "commit_identities": commit_identities.check,
}
