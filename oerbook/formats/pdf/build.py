"""PDF through Typst: tagged, PDF/UA-1 and PDF/A-2a at once."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from oerbook.errors import OerbookError
from oerbook.formats.pdf import block_runs, figure_placement, missing_glyphs
from oerbook.formats.pdf.typst_project import families, fonts_of, main, prepare
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.archive import finish
from oerbook.storage.cache import Shelf, digest
from oerbook.theming.theme import tokens
from oerbook.tools import pandoc, typst

SUMMARY = "PDF for print and screen readers (PDF/UA-1, PDF/A-2a)"
STANDARDS = ("ua-1", "a-2a")
MARK = "%%oerbook section {}%%"
# Only what chapters call: other names of the template would hide symbols of formulas, such as `dots` or `top`.
CALLED = "math, equation, image, inline-image, figure, box, index, index-letter, index-entry, citation, rule"
HEAD = f'#import "template.typ": {", ".join("oer-" + name for name in CALLED.split(", "))}\n#import "shim.typ": *\n'
# What themes learnt since books began to have their own, and what stands in its place in those that know it not.
LATER = {
    "spot": "(name) = none",
    "term": "(body) = body",
    "definition": "(body) = block(body)",
    "columns": "(..given) = block(width: 100%, table(..given))",
}
TAIL = "\n#[#metadata(none)<oer-spot>]\n"  # where a section ends, among the marks


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a PDF for the screen, its cover first."""
    return made("pdf", manuscript, out, for_print=False)


def made(kind: str, manuscript: Manuscript, out: Path, *, for_print: bool) -> Artifact:
    """Write the book as a PDF; a section that Typst refuses is replaced by a notice and reported."""
    manuscript, signs = _showable(manuscript)
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        prepare(manuscript, folder, for_print=for_print)
        press = Press(folder, main(manuscript, for_print=for_print), fonts_of(manuscript))
        manuscript, pieces = _filled(manuscript, press)
        fault = press.print(pieces, manuscript.epoch)
        findings = signs
        if fault is not None:
            pieces, failed = _mended(manuscript, pieces, press)
            findings += failed
            fault = press.print(pieces, manuscript.epoch)
        if fault is not None:
            raise OerbookError(f"Typst cannot set the book: {fault.message}", hint="Please report this with the book.")
        return finish(kind, out, press.book.read_bytes(), findings)


class Press:
    """Sets a book whose theme lies in a folder, as often as its sections change."""

    def __init__(self, folder: Path, main: str, fonts: Sequence[Path]) -> None:
        theme = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.typ")))
        self.known = {name for name in LATER if f"#let oer-{name}(" in theme}
        self.book = folder / "book.pdf"
        self._folder = folder
        (folder / "main.typ").write_text(main, encoding="utf-8")
        self._setter = typst.Typesetter(folder / "main.typ", folder, fonts)

    def told(self, pieces: Sequence[str]) -> list[Any] | typst.Fault:
        """Return where marks come to stand in the book of these sections; or why it cannot be set."""
        self._write(pieces)
        return self._setter.told("oer-spot")

    def print(self, pieces: Sequence[str], epoch: int) -> typst.Fault | None:
        """Write the book of these sections as a PDF; return why it could not be done, or None."""
        self._write(pieces)
        return self._setter.pdf(self.book, epoch, STANDARDS)

    def _write(self, pieces: Sequence[str]) -> None:
        head = HEAD
        for name, plain in LATER.items():
            head += f'#import "template.typ": oer-{name}\n' if name in self.known else f"#let oer-{name}{plain}\n"
        for number, piece in enumerate(pieces):
            (self._folder / f"s{number:04}.typ").write_text(head + piece + TAIL, encoding="utf-8")


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
        *families(manuscript),
    ]
    found = [missing_glyphs.signs(section.blocks) for section in manuscript.sections]
    asked = set().union(*found)
    asked |= {other for sign, other in missing_glyphs.TWINS.items() if sign in asked}
    lacking = missing_glyphs.missing(asked, fonts, fonts_of(manuscript), Shelf(manuscript.work))
    sections, findings = [], []
    for section, signs in zip(manuscript.sections, found, strict=True):
        here = sorted(
            sign for sign in signs & lacking if missing_glyphs.named(sign) and not missing_glyphs.twin(sign, lacking)
        )
        sections.append(
            replace(section, blocks=missing_glyphs.replaced(section.blocks, lacking)) if signs & lacking else section
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


def markup(manuscript: Manuscript) -> list[str]:
    """Return each section as Typst markup; pandoc is run once for all that changed."""
    shelf = Shelf(manuscript.work)
    keys = [digest("typst-4", pandoc.version(), json.dumps(s.blocks, sort_keys=True)) for s in manuscript.sections]
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
    source = pandoc.document(blocks)
    text = pandoc.run(["-f", "json", "-t", "typst", "--wrap=none"], source).output.decode()
    return [_tidied(piece) for piece in re.split(r"%%oerbook section \d+%%\n", text)[1:]]


def _tidied(text: str) -> str:
    """Return pandoc's markup with what our template wants otherwise."""
    text = re.sub(
        r"#figure\(\n *align\(center\)\[#table\((.*?)\)\]\n *, kind: table\n *\)",
        r"#oer-columns(\1)",
        text,
        flags=re.S,
    )
    text = re.sub(r"(?m)^( *)/ (.+): #block\[$", r"\1/ #oer-term[\2]: #oer-definition[", text)
    return text.replace("#horizontalrule", "#oer-rule")


def _filled(manuscript: Manuscript, press: Press) -> tuple[Manuscript, list[str]]:
    """Return the manuscript and its markup with every figure where it leaves no page half empty.

    The book is set as often as that takes; a book that cannot be set, or whose theme does not tell where figures come to
    stand, is returned as it is.
    """
    ways = [figure_placement.Section(section.blocks) for section in manuscript.sections]
    if "spot" not in press.known:
        return manuscript, markup(manuscript)
    pieces = markup(_ordered(manuscript, [way.best for way in ways]))
    if not any(figure_placement.any_figure(way.best) for way in ways):
        return manuscript, pieces
    for _ in range(figure_placement.MOST_TURNS):
        told = press.told(pieces)
        if isinstance(told, typst.Fault):
            break
        found = figure_placement.by_section(told)
        if len(found) != len(ways):  # a theme that sets sections twice, or not all
            break
        again = [way.look(spots) for way, spots in zip(ways, found, strict=True)]
        if not any(again):
            break
        pieces = markup(_ordered(manuscript, [way.shown for way in ways]))
    manuscript = _ordered(manuscript, [way.best for way in ways])
    return manuscript, markup(manuscript)


def _ordered(manuscript: Manuscript, orders: Sequence[list[block_runs.Block]]) -> Manuscript:
    """Return the manuscript with its blocks in some order, and marked."""
    pairs = zip(manuscript.sections, orders, strict=True)
    return replace(
        manuscript,
        sections=tuple(replace(section, blocks=figure_placement.marked(blocks)) for section, blocks in pairs),
    )


def _mended(manuscript: Manuscript, pieces: Sequence[str], press: Press) -> tuple[list[str], tuple[Finding, ...]]:
    """Find the sections that cannot be set, each on its own, and put a notice in their place."""
    good, findings = list(pieces), []
    for number, section in enumerate(manuscript.sections):
        alone = [piece if place == number else _anchors_only(piece) for place, piece in enumerate(good)]
        fault = press.print(alone, manuscript.epoch)
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
