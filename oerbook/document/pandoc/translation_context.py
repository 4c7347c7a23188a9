"""The inputs and the result of translating one page to pandoc blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from docutils import nodes

from oerbook.formulas.convert import Formula
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Place


@dataclass(frozen=True, slots=True)
class TranslationContext:
    """The page, the target and the book's data for one translation."""

    docname: str
    target: str  # epub, docx or typst
    resolve_link: Callable[[str], tuple[str, str] | None]  # a link as HTML has it to page and id
    section_numbers: Mapping[str, tuple[int, ...]]  # by "#id"; "" is the page
    figure_numbers: Mapping[str, Mapping[str, tuple[int, ...]]]  # by kind, by id
    number_formats: Mapping[str, str]  # Sphinx's numfig_format
    copy_image: Callable[[str, float], str]  # copy an image for a share of the text's width; its file name, or ""
    convert_formula: Callable[[str, bool], Formula]  # TeX, displayed?
    place_of: Callable[[nodes.Node], Place]  # source position
    tags: frozenset[str]  # for {only}
    copy_file: Callable[[str], str] = lambda _uri: ""  # copy a file below `chapters/`; its file name, or ""
    qr_code: Callable[[str], str] = lambda _address: ""  # draw the QR code of an address; its file name, or ""
    page_address: str = ""  # of the page in the web edition, if the book says where that is
    language: str = "en"  # of the book


@dataclass(frozen=True, slots=True)
class TranslatedPage:
    """A page as pandoc blocks, with the findings of the translation."""

    blocks: list[Block]
    findings: tuple[Finding, ...]
