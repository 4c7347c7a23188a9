"""Make a manuscript printable with the fonts that there are, and report what they lack."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

from oerbook.formats.pdf import missing_glyphs
from oerbook.formats.pdf.typst_project import fallback_families, font_folders
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.metadata.bylines import author_line, author_names
from oerbook.metadata.copyright_page import copyright_lines
from oerbook.metadata.labels import translated_label
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.text import load_page_text
from oerbook.storage.cache import Cache
from oerbook.theming.theme import read_tokens

MAX_LISTED_CHARS = 8  # characters named in a finding
CJK_SCRIPTS = frozenset({"CJK", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Katakana-Hiragana"})
EXTRA_SCRIPTS = frozenset({
    "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada",
    "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
    "",  # symbols and emoji
})  # fmt: skip
FONT_PACKAGE_BY_SCRIPTS = {"cjk": ("justmytype_intl_cjk", CJK_SCRIPTS), "scripts": ("manimgx_fonts", EXTRA_SCRIPTS)}
FONT_HINT = "Add a font with these characters to chapters/_fonts/, or use words or an image."


@dataclass(frozen=True, slots=True)
class PrintableManuscript:
    """A manuscript without the missing characters of its text, the characters, and findings.

    `missing` are those that are left in titles, names, formulas and other markup; see `replacement_show_rule`.
    """

    manuscript: Manuscript
    missing: frozenset[str]
    findings: tuple[Finding, ...]


def replace_missing_glyphs(manuscript: Manuscript) -> PrintableManuscript:
    """Replace the characters of a manuscript that no font has by their names, and report them."""
    in_text = [missing_glyphs.uncommon_characters(section.blocks) for section in manuscript.sections]
    in_markup = [missing_glyphs.uncommon_in_markup(section.blocks) for section in manuscript.sections]
    in_titles = set(missing_glyphs.uncommon_clusters("\n".join(printed_metadata_texts(manuscript))))
    missing = _missing(manuscript, set().union(in_titles, *in_text, *in_markup))
    sections = []
    pages: dict[str, set[str]] = {manuscript.book.index.slug: in_titles & missing}
    for section, text, markup in zip(manuscript.sections, in_text, in_markup, strict=True):
        blocks = missing_glyphs.replace_missing(section.blocks, missing) if text & missing else section.blocks
        sections.append(replace(section, blocks=blocks))
        pages[section.slug] = pages.get(section.slug, set()) | (text | markup) & missing
    findings = _findings_by_page(manuscript, pages, missing)
    left = missing & set().union(in_titles, *in_markup)
    return PrintableManuscript(replace(manuscript, sections=tuple(sections)), left, tuple(findings))


def _findings_by_page(
    manuscript: Manuscript, pages: Mapping[str, set[str]], missing: Collection[str]
) -> Iterator[Finding]:
    """Yield the findings of each page; those of generated pages only if no other page has them."""
    paths = {page.slug: page.path for page in (manuscript.book.index, *manuscript.book.chapters)}
    reported: set[str] = set()
    for slug in sorted(pages, key=lambda slug: slug not in paths):
        chars = pages[slug] if slug in paths else pages[slug] - reported
        reported |= chars
        yield from _findings(manuscript, paths.get(slug, manuscript.book.index.path), chars, missing)


def compile_time_finding(manuscript: Manuscript, chars: Sequence[str]) -> Finding:
    """Return the finding for characters that turned out to be missing when the book was compiled."""
    pages = (manuscript.book.index, *manuscript.book.chapters)
    lines = ((page.path, find_line_with_word(manuscript, page.path, chars)) for page in pages)
    path, line = next((found for found in lines if found[1]), (manuscript.book.index.path, 0))
    script = next(iter(missing_glyphs.missing_scripts(chars)))
    return missing_glyphs_finding(script, sorted(set(chars)), Place(path, line))


def replacement_rule_for_cover(manuscript: Manuscript) -> str:
    """Return the rule that replaces missing characters on a cover."""
    wanted = set(
        missing_glyphs.uncommon_clusters("\n".join([*printed_metadata_texts(manuscript), manuscript.book.description]))
    )
    return missing_glyphs.replacement_show_rule(_missing(manuscript, wanted))


def printed_metadata_texts(manuscript: Manuscript) -> list[str]:
    """Return the texts of the title page, the copyright page and the contents."""
    book = manuscript.book
    labels = [
        translated_label(book, "contents"),
        *(translated_label(book, f"{kind}s") for kind in book.settings.printing.lists),
    ]
    copyright_texts = [line.words for line in copyright_lines(book, manuscript.epoch)]
    names = [author_line(book), *author_names(book)]
    return [book.title, book.subtitle, book.publisher, book.edition, *names, *labels, *copyright_texts]


def place_of_section(manuscript: Manuscript, section: Section) -> Place:
    """Return the source file of a section, or the title page for generated sections."""
    pages = (manuscript.book.index, *manuscript.book.chapters)
    page = next((page for page in pages if page.slug == section.slug), manuscript.book.index)
    return Place(page.path)


def find_line_with_word(manuscript: Manuscript, path: str, words: Collection[str]) -> int:
    """Return the first line of a source file that has one of the words, 0 if none has."""
    text, _problem = load_page_text(manuscript.book.root / path, manuscript.book.root)
    pattern = re.compile("|".join(map(re.escape, sorted(words)))) if words else None
    match = pattern.search(text) if pattern else None
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _missing(manuscript: Manuscript, wanted: set[str]) -> frozenset[str]:
    if not wanted:
        return frozenset()
    wanted |= {substitute for char, substitute in missing_glyphs.SUBSTITUTE_BY_CHAR.items() if char in wanted}
    fonts, folders = _font_families(manuscript), font_folders(manuscript)
    return missing_glyphs.find_missing(wanted, fonts, folders, Cache(manuscript.cache_dir))


def _font_families(manuscript: Manuscript) -> list[str]:
    values = read_tokens(manuscript.theme_dir)
    builtin = ["Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"]
    return [values["text"], *builtin, values["mono"], values["math"], *fallback_families(manuscript)]


def _findings(manuscript: Manuscript, path: str, chars: Collection[str], missing: Collection[str]) -> list[Finding]:
    """Return a finding for each script of which a page has letters without a font."""
    named = [
        char
        for char in sorted(chars)
        if any(map(missing_glyphs.bracketed_name, char)) and not missing_glyphs.substitute_for(char, missing)
    ]
    return [
        missing_glyphs_finding(script, found, Place(path, find_line_with_word(manuscript, path, found)))
        for script, found in sorted(missing_glyphs.missing_scripts(named).items())
    ]


def missing_glyphs_finding(script: str, chars: Sequence[str], place: Place) -> Finding:
    """Return the finding for characters of one script without a font, with the package to install."""
    listed = " ".join(chars[:MAX_LISTED_CHARS]) + (" …" if len(chars) > MAX_LISTED_CHARS else "")
    noun = f"the {script} letters {listed}" if script else listed
    message = f"no font of the PDF has {noun}; their names are printed instead"
    severity = Severity.WARNING if script else Severity.INFO
    extra = next((name for name, (_package, scripts) in FONT_PACKAGE_BY_SCRIPTS.items() if script in scripts), "")
    if extra and find_spec(FONT_PACKAGE_BY_SCRIPTS[extra][0]) is None:
        return Finding("glyph-missing", message, place, severity, f"Run: pip install 'oerbook[{extra}]'")
    return Finding("glyph-missing", message, place, severity, FONT_HINT)
