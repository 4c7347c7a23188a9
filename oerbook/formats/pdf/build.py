"""Build the PDF with Typst: tagged, and PDF/UA-1 and PDF/A-2a at once."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Sequence
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
# The functions that sections call. A wildcard import would hide math symbols such as `dots` or `top`.
CALLED = "math, equation, image, inline-image, figure, box, index, index-letter, index-entry, citation, rule"
HEAD = f'#import "template.typ": {", ".join("oer-" + name for name in CALLED.split(", "))}\n#import "shim.typ": *\n'
# Functions that themes did not have from the start, and definitions for themes that lack them.
LATER = {
    "spot": "(name) = none",
    "term": "(body) = body",
    "definition": "(body) = block(body)",
    "columns": "(..given) = block(width: 100%, table(..given))",
}
TAIL = "\n#[#metadata(none)<oer-spot>]\n"  # marks the end of a section
MAX_LISTED_CHARS = 8  # characters named in a finding
NOTICE = "This chapter could not be set in this edition. It is complete on the web and in the e-book."


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a PDF for screens, starting with its cover."""
    return made("pdf", manuscript, out, for_print=False)


def made(kind: str, manuscript: Manuscript, out: Path, *, for_print: bool) -> Artifact:
    """Write the book as a PDF.

    A section that Typst rejects is replaced by a notice and reported.

    Raises OerbookError if Typst rejects the book for another reason.
    """
    manuscript, findings = _replace_missing_glyphs(manuscript)
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        prepare(manuscript, folder, for_print=for_print)
        press = Press(folder, main(manuscript, for_print=for_print), fonts_of(manuscript))
        manuscript, sections = _place_figures(manuscript, press)
        fault = press.print(sections, manuscript.epoch)
        if fault is not None:
            sections, failed = _replace_failing_sections(manuscript, sections, press)
            findings += failed
            fault = press.print(sections, manuscript.epoch)
        if fault is not None:
            raise OerbookError(
                f"Typst cannot compile the book: {fault.message}", hint="Please report this and attach the book."
            )
        return finish(kind, out, press.book.read_bytes(), findings)


class Press:
    """A Typst project in a folder: compiles the book as often as its sections change."""

    def __init__(self, folder: Path, main: str, fonts: Sequence[Path]) -> None:
        theme = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.typ")))
        self.known = {name for name in LATER if f"#let oer-{name}(" in theme}
        self.book = folder / "book.pdf"
        self._folder = folder
        (folder / "main.typ").write_text(main, encoding="utf-8")
        self._typesetter = typst.Typesetter(folder / "main.typ", folder, fonts)

    def told(self, sections: Sequence[str]) -> list[Any] | typst.Fault:
        """Return the positions of the marks, or why the book does not compile."""
        self._write_sections(sections)
        return self._typesetter.told("oer-spot")

    def print(self, sections: Sequence[str], epoch: int) -> typst.Fault | None:
        """Write the book as a PDF; return why it does not compile, or None."""
        self._write_sections(sections)
        return self._typesetter.pdf(self.book, epoch, STANDARDS)

    def _write_sections(self, sections: Sequence[str]) -> None:
        head = HEAD
        for name, definition in LATER.items():
            imported = name in self.known
            head += f'#import "template.typ": oer-{name}\n' if imported else f"#let oer-{name}{definition}\n"
        for number, section in enumerate(sections):
            (self._folder / f"s{number:04}.typ").write_text(head + section + TAIL, encoding="utf-8")


def _replace_missing_glyphs(manuscript: Manuscript) -> tuple[Manuscript, tuple[Finding, ...]]:
    """Return the manuscript without missing characters, and findings."""
    by_section = [missing_glyphs.signs(section.blocks) for section in manuscript.sections]
    wanted = set().union(*by_section)
    wanted |= {substitute for char, substitute in missing_glyphs.TWINS.items() if char in wanted}
    missing = missing_glyphs.missing(wanted, _font_families(manuscript), fonts_of(manuscript), Shelf(manuscript.work))
    sections, findings = [], []
    for section, chars in zip(manuscript.sections, by_section, strict=True):
        blocks = missing_glyphs.replaced(section.blocks, missing) if chars & missing else section.blocks
        sections.append(replace(section, blocks=blocks))
        named = sorted(
            char for char in chars & missing if missing_glyphs.named(char) and not missing_glyphs.twin(char, missing)
        )
        if named:
            findings.append(_missing_glyph_finding(named, _place_of(manuscript, section)))
    return replace(manuscript, sections=tuple(sections)), tuple(findings)


def _font_families(manuscript: Manuscript) -> list[str]:
    values = tokens(manuscript.theme)
    return [
        values["text"],
        "Libertinus Serif",
        "New Computer Modern",
        "DejaVu Sans Mono",
        values["mono"],
        values["math"],
        *families(manuscript),
    ]


def _missing_glyph_finding(chars: Sequence[str], place: Place) -> Finding:
    listed = " ".join(chars[:MAX_LISTED_CHARS]) + (" …" if len(chars) > MAX_LISTED_CHARS else "")
    message = f"no font of the PDF has {listed}; their names are printed instead"
    hint = "Add a font with these characters to chapters/_fonts/, or use words or an image."
    return Finding("glyph-missing", message, place, Severity.INFO, hint)


def _place_of(manuscript: Manuscript, section: Section) -> Place:
    """Return the source file of a section, or the title page for generated sections."""
    pages = (manuscript.book.index, *manuscript.book.chapters)
    page = next((page for page in pages if page.slug == section.slug), manuscript.book.index)
    return Place(page.path)


def markup(manuscript: Manuscript) -> list[str]:
    """Return each section as Typst markup.

    One run of pandoc converts all that are not cached.
    """
    shelf = Shelf(manuscript.work)
    keys = [digest("typst-4", pandoc.version(), json.dumps(s.blocks, sort_keys=True)) for s in manuscript.sections]
    texts = [shelf.get_json("markup", key) for key in keys]
    uncached = [index for index, text in enumerate(texts) if text is None]
    for index, text in zip(uncached, _convert([manuscript.sections[i] for i in uncached]), strict=True):
        texts[index] = text
        shelf.put_json("markup", keys[index], text)
    return [str(text) for text in texts]


def _convert(sections: Sequence[Section]) -> list[str]:
    """Return sections as Typst markup, from one run of pandoc."""
    if not sections:
        return []
    blocks: list[object] = []
    for number, section in enumerate(sections):
        blocks.append({"t": "RawBlock", "c": ["typst", MARK.format(number)]})
        blocks += section.blocks
    source = pandoc.document(blocks)
    text = pandoc.run(["-f", "json", "-t", "typst", "--wrap=none"], source).output.decode()
    return [_adapt_markup(section) for section in re.split(r"%%oerbook section \d+%%\n", text)[1:]]


def _adapt_markup(text: str) -> str:
    """Return pandoc's markup with calls of the template's functions.

    They are for tables, terms and rules.
    """
    text = re.sub(
        r"#figure\(\n *align\(center\)\[#table\((.*?)\)\]\n *, kind: table\n *\)",
        r"#oer-columns(\1)",
        text,
        flags=re.S,
    )
    text = re.sub(r"(?m)^( *)/ (.+): #block\[$", r"\1/ #oer-term[\2]: #oer-definition[", text)
    return text.replace("#horizontalrule", "#oer-rule")


def _place_figures(manuscript: Manuscript, press: Press) -> tuple[Manuscript, list[str]]:
    """Return the manuscript and markup with figures moved to close gaps.

    The book is compiled as often as that takes. It is returned as it is if it does not compile, or if its theme does
    not report the positions of figures.
    """
    layouts = [figure_placement.Section(section.blocks) for section in manuscript.sections]
    if "spot" not in press.known:
        return manuscript, markup(manuscript)
    sections = markup(_with_blocks(manuscript, [layout.best for layout in layouts]))
    if not any(figure_placement.any_figure(layout.best) for layout in layouts):
        return manuscript, sections
    for _ in range(figure_placement.MOST_TURNS):
        values = press.told(sections)
        if isinstance(values, typst.Fault):
            break
        positions = figure_placement.by_section(values)
        if len(positions) != len(layouts):  # a theme that includes sections twice, or not all of them
            break
        if not _try_next(layouts, positions):
            break
        sections = markup(_with_blocks(manuscript, [layout.shown for layout in layouts]))
    manuscript = _with_blocks(manuscript, [layout.best for layout in layouts])
    return manuscript, markup(manuscript)


def _try_next(layouts: Iterable[figure_placement.Section], positions: Iterable[list[figure_placement.Spot]]) -> bool:
    """Let every section try its next move; return whether any has one."""
    has_next = [layout.look(spots) for layout, spots in zip(layouts, positions, strict=True)]
    return any(has_next)


def _with_blocks(manuscript: Manuscript, orders: Sequence[list[block_runs.Block]]) -> Manuscript:
    """Return the manuscript with other blocks for each section, marked for measuring."""
    pairs = zip(manuscript.sections, orders, strict=True)
    return replace(
        manuscript,
        sections=tuple(replace(section, blocks=figure_placement.marked(blocks)) for section, blocks in pairs),
    )


def _replace_failing_sections(
    manuscript: Manuscript, sections: Sequence[str], press: Press
) -> tuple[list[str], tuple[Finding, ...]]:
    """Replace sections that do not compile alone by a notice."""
    good, findings = list(sections), []
    for number, section in enumerate(manuscript.sections):
        alone = [text if index == number else _anchors_only(text) for index, text in enumerate(good)]
        fault = press.print(alone, manuscript.epoch)
        if fault is None:
            continue
        message = f"this chapter cannot be typeset for the PDF: {fault.message}"
        hint = "Split the chapter to find the cause, and report it."
        place = _place_of(manuscript, section)
        findings.append(Finding("pdf-section-failed", message, place, Severity.ERROR, hint))
        title = re.sub(r"[^\w\s.,:;-]", "", section.title)
        good[number] = f"= {title}\n\n{NOTICE}\n" + _anchors_only(sections[number])
    return good, tuple(findings)


def _anchors_only(text: str) -> str:
    """Return only the link targets of a section, so that links to it still compile."""
    labels = dict.fromkeys(re.findall(r"<([A-Za-z][\w-]*--[\w-]+)>", re.sub(r"#link\(<[^>]*>\)", "", text)))
    return "\n".join(f"#[#metadata(none)<{name}>]" for name in labels)
