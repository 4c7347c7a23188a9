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
    "modes": file_modes.check,
    "names": file_names.check,
    "weights": size_limits.check,
    "removals": removals.check,
    "rewrites": rewrites.check,
    "people": people.check,
    "facts": book_settings.check,
    "figures": media_files.check,
    "entries": bibliography.check,
    "authors": authors.check,
    "signatures": commit_identities.check,
}
