"""Build the EPUB 3 with pandoc: cover, MathML, accessibility metadata."""

from __future__ import annotations

from pathlib import Path

from oerbook.formats import cover
from oerbook.formats.epub.fonts import embed_fonts
from oerbook.formats.epub.package import complete_package
from oerbook.formats.epub.playing_files import complete_media_files
from oerbook.formats.epub.sanitize import sanitize_members
from oerbook.formats.pandoc_metadata import copyright_page_blocks, to_pandoc_metadata
from oerbook.formats.part_chapters import with_chapter_lists, with_heading_class
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import Block
from oerbook.metadata.bylines import author_line, author_names, contributor_relators
from oerbook.metadata.labels import book_identifier, publication_year, translated_label
from oerbook.model.artifacts import Artifact
from oerbook.model.book import Book
from oerbook.storage.archive import pack_zip, unpack_zip, write_artifact
from oerbook.theming.theme import fill_template, read_tokens
from oerbook.tools import pandoc


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as an EPUB file."""
    work = manuscript.cache_dir / "epub"
    work.mkdir(parents=True, exist_ok=True)
    style = fill_template(
        (manuscript.theme_dir / "epub" / "book.css").read_text(encoding="utf-8"), _style_values(manuscript)
    )
    (work / "book.css").write_text(style + _part_colors(manuscript), encoding="utf-8")
    image = cover.draw_cover(manuscript, work / "cover.png")
    blocks: list[object] = [*_title_page(manuscript), *_copyright_page(manuscript)]
    for _section, section_blocks, part in with_chapter_lists(manuscript.sections):
        blocks += with_heading_class(section_blocks, f"in-part-{part}") if part else section_blocks
    source = pandoc.encode_long_document(blocks, _metadata(manuscript.book))
    arguments = [
        "-f", "json", "-t", "epub3", "-o", "-", "--mathml", "--split-level=1", "--toc-depth=2", "--toc",
        "--epub-title-page=false", f"--css={work.resolve() / 'book.css'}", f"--epub-cover-image={image.resolve()}",
        f"--resource-path={manuscript.media_dir.resolve()}",
        f"--syntax-highlighting={(manuscript.theme_dir / 'epub' / 'code.theme').resolve()}",
    ]  # fmt: skip
    converted = pandoc.run_pandoc(arguments, source, manuscript.media_dir, manuscript.epoch)
    members = complete_media_files(unpack_zip(converted.output), manuscript.media_dir)
    members = embed_fonts(complete_package(members, manuscript), manuscript)
    members, findings = sanitize_members(members)
    return write_artifact("epub", out, pack_zip(members, manuscript.epoch), findings)


def _style_values(manuscript: Manuscript) -> dict[str, str]:
    """Return the values for the style sheet.

    The theme's tokens, type scale in em, heading font and hyphenation.
    """
    values = read_tokens(manuscript.theme_dir)
    scale = float(values["scale"])
    steps = {f"step-{step}": f"{scale**step:.3f}" for step in range(1, 5)}
    heading_font = values["sans" if values["headings"] == "sans" else "text"]
    hyphens = "auto" if values["justify"] == "true" else "manual"
    return values | steps | {"heads": heading_font, "hyphens": hyphens}


def _part_colors(manuscript: Manuscript) -> str:
    """Return the rules that give each part its accent; they are repeated if there are more parts."""
    accents = [color.strip() for color in read_tokens(manuscript.theme_dir).get("accents", "").split(",")]
    accents = [color for color in accents if color.startswith("#")]
    parts = sum(1 for section in manuscript.sections if section.kind == "part")
    colors = ((part, accents[(part - 1) % len(accents)]) for part in range(1, parts + 1) if accents)
    return "".join(f".in-part-{part} {{ --accent: {color}; }}\n" for part, color in colors)


def _title_page(manuscript: Manuscript) -> list[Block]:
    book = manuscript.book
    heading = pandoc_ast.header(1, pandoc_ast.text_inlines(book.title), "title-page", ["unnumbered", "book-title"])
    publisher = book.publisher if book.publisher != author_line(book) else ""
    imprint = ", ".join(filter(None, (book.edition, publisher, publication_year(book, manuscript.epoch))))
    lines = {"subtitle": book.subtitle, "authors": author_line(book) if author_names(book) else "", "imprint": imprint}
    paragraphs = [
        pandoc_ast.div([pandoc_ast.para(pandoc_ast.text_inlines(text))], "", [name])
        for name, text in lines.items()
        if text
    ]
    return [heading, pandoc_ast.div(paragraphs, "", ["title-lines"])]


def _copyright_page(manuscript: Manuscript) -> list[Block]:
    heading = pandoc_ast.header(
        1, pandoc_ast.text_inlines(translated_label(manuscript.book, "copyright")), "copyright-page", ["unnumbered"]
    )
    return [heading, pandoc_ast.div(copyright_page_blocks(manuscript), "", ["copyright"])]


def _metadata(book: Book) -> dict[str, object]:
    """Return pandoc's metadata for the package; empty values are left out."""
    creators = [_person(name, "aut") for name in author_names(book)]
    meta: dict[str, dict[str, object]] = {
        "title": to_pandoc_metadata(book.title + (f": {book.subtitle}" if book.subtitle else "")),
        "pagetitle": to_pandoc_metadata(book.title),
        "lang": to_pandoc_metadata(book.language),
        "identifier": to_pandoc_metadata(book_identifier(book, "epub")),
        "creator": {"t": "MetaList", "c": creators or [_person(book.publisher or "Anonymous", "aut")]},
        "contributor": {"t": "MetaList", "c": [_person(name, role) for name, role in contributor_relators(book)]},
        "publisher": to_pandoc_metadata(book.publisher),
        "description": to_pandoc_metadata(book.description),
        "date": to_pandoc_metadata(book.date.isoformat() if book.date else ""),
        "subject": {"t": "MetaList", "c": [to_pandoc_metadata(item) for item in book.keywords]},
        "toc-title": to_pandoc_metadata(translated_label(book, "contents")),
    }
    return {key: value for key, value in meta.items() if value.get("c")}


def _person(name: str, role: str) -> dict[str, object]:
    return {"t": "MetaMap", "c": {"role": to_pandoc_metadata(role), "text": to_pandoc_metadata(name)}}
