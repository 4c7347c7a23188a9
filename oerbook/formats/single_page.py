"""Write a chapter as one HTML file that holds its pictures, its credit and its license."""

from __future__ import annotations

from pathlib import Path

from oerbook.formats.pandoc_metadata import copyright_page_blocks, to_pandoc_metadata
from oerbook.licensing.spdx import find_license
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript
from oerbook.metadata.bylines import author_line
from oerbook.metadata.labels import translated_label
from oerbook.model.artifacts import Artifact
from oerbook.storage.archive import write_artifact
from oerbook.tools import pandoc

STYLE = """body { max-width: 42em; margin: 0 auto; padding: 2em 1em; font: 1.06rem/1.55 Georgia, serif; }
img, svg { max-width: 100%; height: auto; }
pre { overflow-x: auto; padding: .8em; background: #f5f2ea; }
table { border-collapse: collapse; } td, th { padding: .2em .7em; border-bottom: 1px solid #8b8474; text-align: start; }
figure { margin: 1.5em 0; } figcaption, .attribution, .copyright { font-size: .92em; color: #5b564c; }
a { color: #7a2610; }"""


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the HTML file; `manuscript` is that of the EPUB."""
    book = manuscript.book
    blocks: list[object] = [block for section in manuscript.sections for block in section.blocks]
    title = pandoc_ast.text_inlines(translated_label(book, "copyright"))
    blocks.append(pandoc_ast.header(2, title, "copyright", ["unnumbered"]))
    blocks.append(pandoc_ast.div(copyright_page_blocks(manuscript), "", ["copyright"]))
    license_ = find_license(book.license) if book.license else None
    link = f'<link rel="license" href="{license_.url}">' if license_ and license_.url else ""
    meta: dict[str, object] = {
        "pagetitle": to_pandoc_metadata(book.title),
        "lang": to_pandoc_metadata(book.language),
        "author-meta": to_pandoc_metadata(author_line(book)),
        "header-includes": _raw_html(f"<style>\n{STYLE}\n</style>\n{link}"),
    }
    arguments = ["-f", "json", "-t", "html5", "-o", "-", "--standalone", "--embed-resources", "--mathml"]
    arguments += [f"--resource-path={manuscript.media_dir.resolve()}"]
    converted = pandoc.run_pandoc(
        arguments, pandoc.encode_document(blocks, meta), manuscript.media_dir, manuscript.epoch
    )
    return write_artifact("html", out, converted.output, ())


def _raw_html(text: str) -> dict[str, object]:
    return {"t": "MetaBlocks", "c": [pandoc_ast.raw_block("html", text)]}
