"""Build the PDF with Typst: tagged, and PDF/UA-1 and PDF/A-2a at once."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.formats.pdf import figure_placement, missing_glyphs, typst_text
from oerbook.formats.pdf.typst_project import fallback_families, font_folders, main_markup, prepare_folder
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Json
from oerbook.storage.archive import write_artifact
from oerbook.storage.cache import Cache, digest
from oerbook.theming.theme import read_tokens
from oerbook.tools import pandoc, typst

SUMMARY = "PDF for print and screen readers (PDF/UA-1, PDF/A-2a)"
STANDARDS = ("ua-1", "a-2a")
SECTION_MARK = "%%oerbook section {}%%"
# The functions that sections call. A wildcard import would hide math symbols such as `dots` or `top`.
TEMPLATE_FUNCTIONS = (
    "math, equation, image, inline-image, figure, box, index, index-letter, index-entry, citation, rule"
)
SECTION_HEAD = f'#import "template.typ": {", ".join("oer-" + name for name in TEMPLATE_FUNCTIONS.split(", "))}\n'
# Functions that themes did not have from the start, and definitions for themes that lack them.
OPTIONAL_FUNCTIONS = {
    "spot": "(name) = none",
    "term": "(body) = body",
    "definition": "(body) = block(body)",
    "columns": "(..given) = block(width: 100%, table(..given))",
}
SECTION_TAIL = "\n#[#metadata(none)<oer-spot>]\n"  # marks the end of a section
MAX_LISTED_CHARS = 8  # characters named in a finding
FAILED_SECTION_NOTICE = "This chapter could not be set in this edition. It is complete on the web and in the e-book."


def build(manuscript: Manuscript, out: Path) -> Artifact:
    """Write the book as a PDF for screens, starting with its cover."""
    return build_pdf("pdf", manuscript, out, for_print=False)


def build_pdf(kind: str, manuscript: Manuscript, out: Path, *, for_print: bool) -> Artifact:
    """Write the book as a PDF.

    A section that Typst rejects is replaced by a notice and reported.

    Raises OerbookError if Typst rejects the book for another reason.
    """
    manuscript, findings = _replace_missing_glyphs(manuscript)
    with tempfile.TemporaryDirectory(prefix="oerbook-") as name:
        folder = Path(name)
        prepare_folder(manuscript, folder, for_print=for_print)
        press = TypstProject(folder, main_markup(manuscript, for_print=for_print), font_folders(manuscript))
        manuscript, sections = _place_figures(manuscript, press)
        fault = press.write_pdf(sections, manuscript.epoch)
        if fault is not None:
            sections, failed = _replace_failing_sections(manuscript, sections, press)
            findings += failed
            fault = press.write_pdf(sections, manuscript.epoch)
        if fault is not None:
            raise OerbookError(
                f"Typst cannot compile the book: {fault.message}", hint="Please report this and attach the book."
            )
        return write_artifact(kind, out, press.pdf_file.read_bytes(), findings)


class TypstProject:
    """A Typst project in a folder: compiles the book as often as its sections change."""

    def __init__(self, folder: Path, main: str, fonts: Sequence[Path]) -> None:
        theme = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.typ")))
        self.functions = {name for name in OPTIONAL_FUNCTIONS if f"#let oer-{name}(" in theme}
        self.pdf_file = folder / "book.pdf"
        self._folder = folder
        (folder / "main.typ").write_text(main, encoding="utf-8")
        self._typesetter = typst.TypstCompiler(folder / "main.typ", folder, fonts)

    def query_positions(self, sections: Sequence[str]) -> list[Json] | typst.CompileFailure:
        """Return the positions of the marks, or why the book does not compile."""
        self._write_sections(sections)
        return self._typesetter.query("oer-spot")

    def write_pdf(self, sections: Sequence[str], epoch: int) -> typst.CompileFailure | None:
        """Write the book as a PDF; return why it does not compile, or None."""
        self._write_sections(sections)
        return self._typesetter.write_pdf(self.pdf_file, epoch, STANDARDS)

    def _write_sections(self, sections: Sequence[str]) -> None:
        head = SECTION_HEAD
        for name, definition in OPTIONAL_FUNCTIONS.items():
            imported = name in self.functions
            head += f'#import "template.typ": oer-{name}\n' if imported else f"#let oer-{name}{definition}\n"
        for number, section in enumerate(sections):
            (self._folder / f"s{number:04}.typ").write_text(head + section + SECTION_TAIL, encoding="utf-8")


def _replace_missing_glyphs(manuscript: Manuscript) -> tuple[Manuscript, tuple[Finding, ...]]:
    """Return the manuscript without missing characters, and findings."""
    by_section = [missing_glyphs.uncommon_characters(section.blocks) for section in manuscript.sections]
    wanted = set().union(*by_section)
    wanted |= {substitute for char, substitute in missing_glyphs.SUBSTITUTES.items() if char in wanted}
    missing = missing_glyphs.find_missing(
        wanted, _font_families(manuscript), font_folders(manuscript), Cache(manuscript.cache_dir)
    )
    sections, findings = [], []
    for section, chars in zip(manuscript.sections, by_section, strict=True):
        blocks = missing_glyphs.replace_missing(section.blocks, missing) if chars & missing else section.blocks
        sections.append(replace(section, blocks=blocks))
        named = sorted(
            char
            for char in chars & missing
            if missing_glyphs.bracketed_name(char) and not missing_glyphs.substitute_for(char, missing)
        )
        if named:
            findings.append(_missing_glyph_finding(named, _place_of(manuscript, section)))
    return replace(manuscript, sections=tuple(sections)), tuple(findings)


def _font_families(manuscript: Manuscript) -> list[str]:
    values = read_tokens(manuscript.theme_dir)
    return [
        values["text"],
        "Libertinus Serif",
        "New Computer Modern",
        "DejaVu Sans Mono",
        values["mono"],
        values["math"],
        *fallback_families(manuscript),
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


def typst_markup(manuscript: Manuscript) -> list[str]:
    """Return each section as Typst markup.

    One run of pandoc converts all that are not cached.
    """
    shelf = Cache(manuscript.cache_dir)
    keys = [digest("typst-5", pandoc.version(), json.dumps(s.blocks, sort_keys=True)) for s in manuscript.sections]
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
        blocks.append({"t": "RawBlock", "c": ["typst", SECTION_MARK.format(number)]})
        blocks += typst_text.as_typst_text(section.blocks)
    source = pandoc.encode_document(blocks)
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


def _place_figures(manuscript: Manuscript, press: TypstProject) -> tuple[Manuscript, list[str]]:
    """Return the manuscript and markup with figures moved to close gaps.

    The book is compiled as often as that takes. It is returned as it is if it does not compile, or if its theme does
    not report the positions of figures.
    """
    layouts = [figure_placement.SectionLayout(section.blocks) for section in manuscript.sections]
    if "spot" not in press.functions:
        return manuscript, typst_markup(manuscript)
    sections = typst_markup(_with_blocks(manuscript, [layout.best_blocks for layout in layouts]))
    if not any(figure_placement.has_movable_figure(layout.best_blocks) for layout in layouts):
        return manuscript, sections
    for _ in range(figure_placement.MAX_LAYOUT_PASSES):
        values = press.query_positions(sections)
        if isinstance(values, typst.CompileFailure):
            break
        positions = figure_placement.positions_by_section(values)
        if len(positions) != len(layouts):  # a theme that includes sections twice, or not all of them
            break
        if not _try_next(layouts, positions):
            break
        sections = typst_markup(_with_blocks(manuscript, [layout.current_blocks for layout in layouts]))
    manuscript = _with_blocks(manuscript, [layout.best_blocks for layout in layouts])
    return manuscript, typst_markup(manuscript)


def _try_next(
    layouts: Iterable[figure_placement.SectionLayout], positions: Iterable[list[figure_placement.MarkPosition]]
) -> bool:
    """Let every section try its next move; return whether any has one."""
    has_next = [layout.try_next(spots) for layout, spots in zip(layouts, positions, strict=True)]
    return any(has_next)


def _with_blocks(manuscript: Manuscript, orders: Sequence[list[Block]]) -> Manuscript:
    """Return the manuscript with other blocks for each section, marked for measuring."""
    pairs = zip(manuscript.sections, orders, strict=True)
    return replace(
        manuscript,
        sections=tuple(replace(section, blocks=figure_placement.add_marks(blocks)) for section, blocks in pairs),
    )


def _replace_failing_sections(
    manuscript: Manuscript, sections: Sequence[str], press: TypstProject
) -> tuple[list[str], tuple[Finding, ...]]:
    """Replace sections that do not compile alone by a notice."""
    good, findings = list(sections), []
    for number, section in enumerate(manuscript.sections):
        alone = [text if index == number else _anchors_only(text) for index, text in enumerate(good)]
        fault = press.write_pdf(alone, manuscript.epoch)
        if fault is None:
            continue
        message = f"this chapter cannot be typeset for the PDF: {fault.message}"
        hint = "Split the chapter to find the cause, and report it."
        place = _place_of(manuscript, section)
        findings.append(Finding("pdf-section-failed", message, place, Severity.ERROR, hint))
        title = re.sub(r"[^\w\s.,:;-]", "", section.title)
        good[number] = f"= {title}\n\n{FAILED_SECTION_NOTICE}\n" + _anchors_only(sections[number])
    return good, tuple(findings)


def _anchors_only(text: str) -> str:
    """Return only the link targets of a section, so that links to it still compile."""
    labels = dict.fromkeys(re.findall(r"<([A-Za-z][\w-]*--[\w-]+)>", re.sub(r"#link\(<[^>]*>\)", "", text)))
    return "\n".join(f"#[#metadata(none)<{name}>]" for name in labels)
