"""Rules for submissions: find changes that need an editor's consent."""

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
    credited_people,
    file_modes,
    file_names,
    media_files,
    paths,
    people,
    removals,
    rewrites,
    size_limits,
)


class PolicyRule(Protocol):
    """Yield findings about a submission."""

    def __call__(self, submission: Submission) -> Iterator[Finding]:
        """Yield findings; an error keeps the submission from being merged."""
        ...


POLICY_RULES: dict[str, PolicyRule] = {
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
    "credited_people": credited_people.check,
}
