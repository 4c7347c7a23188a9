"""What the translator may ask about a page, its numbers, its pictures and the book around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes

from oerbook.document.math.convert import Formula
from oerbook.manuscript.anchors import anchor
from oerbook.model.findings import Finding, Place

Block = dict[str, Any]
Inline = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """The page and the target (epub, docx or typst) of one translation."""

    docname: str
    target: str
    fold: Callable[[str], tuple[str, str] | None]
    secnumbers: Mapping[str, tuple[int, ...]]
    fignumbers: Mapping[str, Mapping[str, tuple[int, ...]]]
    labels: Mapping[str, str]
    image: Callable[[str], str]
    math: Callable[[str, bool], Formula]
    place: Callable[[nodes.Node], Place]
    tags: frozenset[str]
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A page as pandoc blocks, and what could not be carried over as it was."""

    blocks: list[Block]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Page:
    """A translation in the making: the context, the notes of the page, and what has been said so far."""

    context: Context
    footnotes: dict[str, nodes.footnote] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    unheaded: nodes.section | None = None  # what is left of a section whose notes stand at the foot of pages
    findings: list[Finding] = field(default_factory=list)
    level: int = 0

    @property
    def target(self) -> str:
        """Return the target of the translation."""
        return self.context.target

    @property
    def typst(self) -> bool:
        """Say whether the target is Typst."""
        return self.context.target == "typst"

    def anchor(self, identifier: str) -> str:
        """Return an id of this page as it is called in the whole book."""
        return anchor(self.context.docname, identifier)
