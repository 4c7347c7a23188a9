"""Values of the conversion of one page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from oerbook.model.findings import Finding
from oerbook.model.untyped import Yaml


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of another tool: its path from the root of the repository, and its text.

    `labels` are all labels of the book, `wanted_labels` those that a page refers to, `heading_labels` those of them
    that headings of this page have without stating them. `variables` are values that pages insert by name; `tracked`
    are the files of the repository.
    """

    path: str
    text: str
    labels: Collection[str] = ()
    wanted_labels: Collection[str] = ()
    heading_labels: Collection[str] = ()
    variables: Mapping[str, Yaml] = field(default_factory=dict)
    tracked: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ConvertedPage:
    """The MyST text of a page, and findings with the lines of the old file."""

    text: str
    findings: tuple[Finding, ...] = ()


PageConverter = Callable[[SourcePage], ConvertedPage]
