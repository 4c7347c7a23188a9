"""PDF through Typst: tagged, PDF/UA-1 and PDF/A-2a at once."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from oerbook.adapters import pandoc, typst
from oerbook.design.lay import PAPER
from oerbook.document.ast import quoted
from oerbook.document.manuscript import Manuscript, Section
from oerbook.document.shelf import Shelf, digest
from oerbook.errors import OerbookError
from oerbook.formats import glyphs
from oerbook.formats.files import filled, finish, tokens
from oerbook.metadata.copyright_page import Line, copyright_lines
from oerbook.metadata.matter import word
from oerbook.metadata.people import author_line, author_names
from oerbook.model import Artifact, Finding, Place, Severity

SUMMARY = "PDF for print and screen readers (PDF/UA-1, PDF/A-2a)"
STANDARDS = ("ua-1", "a-2a")
MARK = "%%oerbook section {}%%"
PAPERS = {"letter": "us-letter", "legal": "us-legal"}


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a PDF; a section that Typst refuses is replaced by a notice and reported."""
    manuscript, signs = _showable(manuscript)
    pieces = markup(manuscript)
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        (folder / "media").symlink_to(manuscript.media.resolve(), target_is_directory=True)
        for file in (manuscript.theme / "pdf").glob("*.typ"):
            text = filled(file.read_text(encoding="utf-8"), tokens(manuscript.theme))
            (folder / file.name).write_text(text, encoding="utf-8")
        fault = _compile(manuscript, folder, pieces)
        findings = signs
        if fault is not None:
            pieces, failed = _mended(manuscript, folder, pieces)
            findings += failed
            fault = _compile(manuscript, folder, pieces)
        if fault is not None:
            raise OerbookError(f"Typst cannot set the book: {fault.message}", hint="Please report this with the book.")
        return finish("pdf", out, (folder / "book.pdf").read_bytes(), findings)


def _showable(manuscript: Manuscript) -> tuple[Manuscript, tuple[Finding, ...]]:
    """Return the manuscript with the names of signs that no font has, and which those are."""
    values = tokens(manuscript.theme)
    fonts = [
        values["text"],
        "Libertinus Serif",
        "New Computer Modern",
        "DejaVu Sans Mono",
        values["mono"],
        values["math"],
    ]
    found = [glyphs.signs(section.blocks) for section in manuscript.sections]
    lacking = glyphs.missing(set().union(*found), fonts, fonts_of(manuscript), Shelf(manuscript.work))
    sections, findings = [], []
    for section, signs in zip(manuscript.sections, found, strict=True):
        here = sorted(sign for sign in signs & lacking if glyphs.named(sign))
        sections.append(
            replace(section, blocks=glyphs.replaced(section.blocks, lacking)) if signs & lacking else section
        )
        if here:
            page = next((p for p in (manuscript.book.index, *manuscript.book.chapters) if p.slug == section.slug), None)
            words = (
                f"the PDF has no font for {' '.join(here[:8])}{' …' if len(here) > 8 else ''}; the names are printed"
            )
            hint = "Put a font that has them into chapters/_fonts/, or use words or a picture."
            place = Place(page.path if page else manuscript.book.index.path)
            findings.append(Finding("glyph-missing", words, place, Severity.INFO, hint))
    return replace(manuscript, sections=tuple(sections)), tuple(findings)


def fonts_of(manuscript: Manuscript) -> list[Path]:
    """Return the folders of fonts: the theme's faces, and what the book brings along."""
    own = manuscript.book.root / "chapters" / "_fonts"
    return [manuscript.theme / PAPER, *([own] if own.is_dir() else [])]


def markup(manuscript: Manuscript) -> list[str]:
    """Return each section as Typst markup; pandoc is run once for all that changed."""
    shelf = Shelf(manuscript.work)
    keys = [digest("typst-2", pandoc.version(), json.dumps(s.blocks, sort_keys=True)) for s in manuscript.sections]
    kept = [shelf.get_json("markup", key) for key in keys]
    fresh = [place for place, text in enumerate(kept) if text is None]
    for place, text in zip(fresh, _through_pandoc([manuscript.sections[p] for p in fresh]), strict=True):
        kept[place] = text
        shelf.put_json("markup", keys[place], text)
    return [str(text) for text in kept]


def _through_pandoc(sections: Sequence[Section]) -> list[str]:
    if not sections:
        return []
    blocks: list[object] = []
    for number, section in enumerate(sections):
        blocks.append({"t": "RawBlock", "c": ["typst", MARK.format(number)]})
        blocks += section.blocks
    source = json.dumps(pandoc.document(blocks)).encode()
    text = pandoc.run(["-f", "json", "-t", "typst", "--wrap=none"], source).output.decode()
    return [_tidied(piece) for piece in re.split(r"%%oerbook section \d+%%\n", text)[1:]]


def _tidied(text: str) -> str:
    """Return pandoc's markup with what our template wants otherwise."""
    text = re.sub(
        r"#figure\(\n  align\(center\)\[#table\((.*?)\)\]\n  , kind: table\n  \)",
        r"#block(width: 100%)[#table(\1)]",
        text,
        flags=re.S,
    )
    return text.replace("#horizontalrule", "#oer-rule")


def _compile(manuscript: Manuscript, folder: Path, pieces: Sequence[str]) -> typst.Fault | None:
    for number, piece in enumerate(pieces):
        (folder / f"s{number:04}.typ").write_text(HEAD + piece, encoding="utf-8")
    (folder / "main.typ").write_text(_main(manuscript, len(pieces)), encoding="utf-8")
    return typst.compile_pdf(
        folder / "main.typ", folder, folder / "book.pdf", manuscript.epoch, STANDARDS, fonts_of(manuscript)
    )


HEAD = '#import "template.typ": *\n#import "shim.typ": *\n'


def _mended(manuscript: Manuscript, folder: Path, pieces: Sequence[str]) -> tuple[list[str], tuple[Finding, ...]]:
    """Find the sections that cannot be set, each on its own, and put a notice in their place."""
    good, findings = list(pieces), []
    for number, section in enumerate(manuscript.sections):
        alone = [piece if place == number else _anchors_only(piece) for place, piece in enumerate(good)]
        fault = _compile(manuscript, folder, alone)
        if fault is None:
            continue
        page = next((p for p in (manuscript.book.index, *manuscript.book.chapters) if p.slug == section.slug), None)
        path = page.path if page else manuscript.book.index.path
        words = f"this chapter cannot be set in the PDF: {fault.message}"
        hint = "Cut the chapter in two to find the place, and report it."
        findings.append(Finding("pdf-section-failed", words, Place(path), Severity.ERROR, hint))
        title = re.sub(r"[^\w\s.,:;-]", "", section.title)
        good[number] = f"= {title}\n\n{NOTICE}\n" + _anchors_only(pieces[number])
    return good, tuple(findings)


NOTICE = "This chapter could not be set in this edition. It is complete on the web and in the e-book."


def _anchors_only(piece: str) -> str:
    labels = dict.fromkeys(re.findall(r"<([A-Za-z][\w-]*--[\w-]+)>", re.sub(r"#link\(<[^>]*>\)", "", piece)))
    return "\n".join(f"#[#metadata(none)<{name}>]" for name in labels)


def _main(manuscript: Manuscript, count: int) -> str:
    """Return the file that sets the whole book."""
    book = manuscript.book
    when = datetime.fromtimestamp(manuscript.epoch, UTC)
    lines = copyright_lines(book, manuscript.epoch)
    facts = {
        "title": quoted(book.title),
        "subtitle": quoted(book.subtitle),
        "authors": "(" + "".join(f"{quoted(name)}, " for name in author_names(book)) + ")",
        "author-line": quoted(author_line(book)),
        "language": quoted(book.language.split("-")[0]),
        "keywords": "(" + "".join(f"{quoted(item)}, " for item in book.keywords) + ")",
        "description": quoted(book.description or book.title),
        "edition": quoted(book.edition),
        "publisher": quoted(book.publisher),
        "date": f"datetime(year: {when.year}, month: {when.month}, day: {when.day}, hour: 0, minute: 0, second: 0)",
        "paper": quoted(PAPERS.get(book.settings.paper, book.settings.paper)),
        "contents": quoted(word(book, "contents")),
        "copyright": "[" + "\n\n".join(_line(line) for line in lines) + "]",
    }
    arguments = ",\n  ".join(f"{key}: {value}" for key, value in facts.items())
    parts = "\n".join(f'#include "s{number:04}.typ"' for number in range(count))
    return f'#import "template.typ": *\n#show: oer-book.with(\n  {arguments}\n)\n{parts}\n'


def _line(line: Line) -> str:
    words = f"#text({quoted(line.words)})"
    if line.strong:
        words = f"#strong[{words}]"
    return f"#link({quoted(line.url)})[{words}]" if line.url else words
