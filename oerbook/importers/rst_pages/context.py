"""What the conversion of one page of reStructuredText needs and collects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from oerbook.importers.line_conversion.page import SourcePage
from oerbook.model.findings import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class BookMarkup:
    """What holds for all pages of a book: labels, settings of `conf.py`, and files by name.

    `title_labels` are the labels that references use for sections that state none, by title in lower case.
    `external_links` are roles that the settings define as links, with their address and caption.
    """

    labels: frozenset[str] = frozenset()
    title_labels: Mapping[str, str] = field(default_factory=dict)
    prolog: str = ""
    language: str = ""  # of code without one
    default_role: str = ""
    external_links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    base: str = ""


@dataclass(slots=True)
class RstContext:
    """A page that is being converted.

    `styles` are the adornments of titles in the order of their levels. `targets` are addresses, and `substitutions`
    texts, by their name in lower case.
    """

    page: SourcePage
    book: BookMarkup = field(default_factory=BookMarkup)
    styles: list[str] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    anonymous: list[str] = field(default_factory=list)
    own_labels: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)  # slug by title in lower case
    substitutions: dict[str, str] = field(default_factory=dict)
    custom_roles: dict[str, str] = field(default_factory=dict)  # base role by name
    language: str = ""
    default_role: str = ""
    references: dict[str, int] = field(default_factory=dict)  # how many automatic notes were referred to, by kind
    notes: dict[str, int] = field(default_factory=dict)  # how many were defined
    included: dict[str, tuple[str, ...]] = field(default_factory=dict)  # styles of titles where a file is included
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, message: str, line: int, *, warning: bool = True) -> None:
        """Add a finding on a line of the old file."""
        severity = Severity.WARNING if warning else Severity.INFO
        self.findings.append(Finding(code, message, Place(self.page.path, line), severity))


def normalize_name(name: str) -> str:
    """Return the name of a target as references are compared.

    >>> normalize_name("The  Soil`s\\n Life")
    'the soil`s life'
    """
    return " ".join(name.replace("\\", "").split()).lower()


def title_slug(title: str) -> str:
    """Return the label that MyST gives a heading.

    >>> title_slug("What's new in *R*?")
    'whats-new-in-r'
    """
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())
