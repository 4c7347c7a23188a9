"""Pages of Markdown, Quarto and R Markdown."""

from __future__ import annotations

from pathlib import Path

from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.importers.line_conversion.page import ConvertedPage, SourcePage
from oerbook.importers.line_conversion.single_page import PageSource, convert_single_page, names_beside, read_text
from oerbook.importers.markdown_pages.context import MarkdownContext
from oerbook.importers.markdown_pages.convert import convert_page as convert_markdown_page
from oerbook.importers.quarto_pages.context import PageContext
from oerbook.importers.quarto_pages.convert import convert_page as convert_quarto_page
from oerbook.importers.quarto_pages.labels import collect_labels, stored_pictures

SUMMARY = "Markdown, Quarto and R Markdown (.md, .qmd, .Rmd)"
QUARTO_SUFFIXES = (".qmd", ".rmd")
SUFFIXES = (".md", ".markdown", ".mdown", *QUARTO_SUFFIXES)


def recognizes(source: Path) -> bool:
    """Say whether a file is a page of Markdown, by its name and because it is text."""
    if source.suffix.lower() not in SUFFIXES or not source.is_file():
        return False
    with source.open("rb") as file:
        return b"\0" not in file.read(4000)


def convert(source: Path, options: ConversionOptions) -> ConvertedBook:
    """Read a page as one chapter, with the pictures and pages beside it that it names."""
    names = names_beside(source)
    is_quarto = source.suffix.lower() in QUARTO_SUFFIXES
    labels = collect_labels({source.name: read_text(source)} if is_quarto else {})
    pictures = stored_pictures(names)

    def convert_text(path: str, text: str) -> ConvertedPage:
        if not is_quarto:
            tool = "mkdocs" if "\n!!! " in text or '\n=== "' in text else "gitbook" if "{% " in text else "markdown"
            return convert_markdown_page(MarkdownContext(SourcePage(path, text, tracked=names), tool, source.parent))
        page = SourcePage(path, text, labels.labels, labels.wanted, frozenset(labels.homes), {}, names)
        return convert_quarto_page(PageContext(page, pictures, heading_labels=dict(labels.headings)))

    return convert_single_page(PageSource(source, "Quarto" if is_quarto else "Markdown", convert_text), options)
