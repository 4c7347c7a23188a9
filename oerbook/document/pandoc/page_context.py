"""The inputs and the result of translating one page to pandoc blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from docutils import nodes

from oerbook.document.math.convert import Formula
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Place


@dataclass(frozen=True, slots=True)
class Context:
    """The page and the target (epub, docx or typst) of one translation.

    `fold` resolves a link as HTML writes it to (page, id), `image` copies an image and returns its file name, `math`
    converts TeX, `place` returns the source position of a node. `labels` are Sphinx's `numfig_format`.
    """

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


@dataclass(frozen=True, slots=True)
class Translation:
    """A page as pandoc blocks, with the findings of the translation."""

    blocks: list[Block]
    findings: tuple[Finding, ...]
