"""What a submission may touch: each file here looks at one kind of overstepping, by names and facts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from oerbook.checks.policy import (
    authors,
    entries,
    facts,
    figures,
    modes,
    names,
    paths,
    people,
    removals,
    rewrites,
    signatures,
    weights,
)
from oerbook.evidence import Submission
from oerbook.model import Finding


class Policy(Protocol):
    """Looks at a submission and yields findings."""

    def __call__(self, submission: Submission) -> Iterator[Finding]:
        """Yield what oversteps."""
        ...


POLICY: dict[str, Policy] = {
    "paths": paths.check,
    "modes": modes.check,
    "names": names.check,
    "weights": weights.check,
    "removals": removals.check,
    "rewrites": rewrites.check,
    "people": people.check,
    "facts": facts.check,
    "figures": figures.check,
    "entries": entries.check,
    "authors": authors.check,
    "signatures": signatures.check,
}
