"""The Typst project of the book: filled templates and the main file."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from oerbook.formats.pdf.code_theme import textmate_theme
from oerbook.formats.pdf.page_layout import paper_scaling
from oerbook.images.raster import open_image, prepare_cover
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import typst_string
from oerbook.metadata.bylines import author_line, author_names
from oerbook.metadata.copyright_page import CopyrightLine, copyright_lines
from oerbook.metadata.labels import translated_label
from oerbook.theming.assemble import PRINT_FONT_FOLDER
from oerbook.theming.theme import fill_template, font_family_names, read_tokens

COVER_NAME = "cover-image"
# Chinese, Japanese and Korean draw the same character differently: a book in one of them uses its own font first.
CJK_FAMILIES = {
    "zh-tw": "Noto Sans TC",
    "zh-hant": "Noto Sans TC",
    "zh": "Noto Sans SC",
    "ja": "Noto Sans JP",
    "ko": "Noto Sans KR",
}
EXTRA_FONT_PACKAGES = {"manimgx_fonts": "", "justmytype_intl_cjk": "fonts"}  # package -> folder of its fonts


def font_folders(manuscript: Manuscript) -> list[Path]:
    """Return the font folders: theme, book, and installed font packages."""
    own = manuscript.book.root / "chapters" / "_fonts"
    return [manuscript.theme_dir / PRINT_FONT_FOLDER, *([own] if own.is_dir() else []), *_extra_folders()]


def _extra_folders() -> list[Path]:
    folders = []
    for package, inside in EXTRA_FONT_PACKAGES.items():
        spec = importlib.util.find_spec(package)
        folders += [Path(path) / inside for path in spec.submodule_search_locations or []] if spec else []
    return folders


def fallback_families(manuscript: Manuscript) -> list[str]:
    """Return the font families to fall back to, the book's own first."""
    own = manuscript.book.root / "chapters" / "_fonts"
    book_language = manuscript.book.language.lower()
    first = next((name for tag, name in CJK_FAMILIES.items() if book_language.startswith(tag)), "")
    names = [first] if first else []
    for folder in ([own] if own.is_dir() else []) + _extra_folders():
        files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in (".ttf", ".otf", ".ttc")]
        names = [*names, *map(_family, files)] if folder != own else [*map(_family, files), *names]
    return [name for name in dict.fromkeys(names) if name]


@cache
def _family(path: Path) -> str:
    """Return the family name of a font file, "" if it cannot be read."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        font = TTCollection(path).fonts[0] if path.suffix.lower() == ".ttc" else TTFont(path, lazy=True)
        return str(font["name"].getDebugName(16) or font["name"].getDebugName(1) or "")
    except (TTLibError, OSError, KeyError):
        return ""


def template_values(manuscript: Manuscript, *, for_print: bool = False) -> dict[str, str]:
    """Return the values for the templates: tokens and print settings."""
    values, printing = read_tokens(manuscript.theme_dir), manuscript.book.settings.printing
    values |= paper_scaling(manuscript.book.settings.paper)
    values["more-fonts"] = "".join(f"{typst_string(name)}, " for name in fallback_families(manuscript))
    for name, setting in (("two-sided", printing.two_sided), ("black-and-white", printing.black_and_white)):
        values[name] = values[name] if setting is None else str(setting).lower()
    crop_marks = values["crop-marks"] == "true" if printing.crop_marks is None else printing.crop_marks
    values["crop-marks"] = str(crop_marks and for_print).lower()
    values["for-print"] = str(for_print).lower()
    if for_print and printing.two_sided is None:
        values["two-sided"] = "true"
    return values


def prepare_folder(manuscript: Manuscript, folder: Path, *, for_print: bool) -> None:
    """Write templates, images and the author's cover to the project folder."""
    values = template_values(manuscript, for_print=for_print)
    write_templates(manuscript, folder, values)
    if values["black-and-white"] == "true":
        _copy_in_grey(manuscript.media_dir, folder / "media")
    else:
        (folder / "media").symlink_to(manuscript.media_dir.resolve(), target_is_directory=True)
    cover = prepared_book_cover(manuscript)
    if cover:
        (folder / f"{COVER_NAME}{cover.suffix.lower()}").write_bytes(cover.read_bytes())


def write_templates(manuscript: Manuscript, folder: Path, values: Mapping[str, str]) -> None:
    """Write the theme's Typst files, filled with the values, and its code theme."""
    for file in sorted((manuscript.theme_dir / "pdf").glob("*.typ")):
        (folder / file.name).write_text(fill_template(file.read_text(encoding="utf-8"), values), encoding="utf-8")
    plain = values["black-and-white"] == "true"
    (folder / "code.tmTheme").write_bytes(textmate_theme(manuscript.theme_dir / "epub" / "code.theme", plain))


def _copy_in_grey(media: Path, target: Path) -> None:
    """Copy the images in greyscale; SVG drawings keep their colors."""
    shutil.copytree(media, target)
    for path in target.rglob("*"):
        if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp"):
            with open_image(path) as image:
                grey = image.convert("LA" if "A" in image.getbands() or "transparency" in image.info else "L")
                kind = image.format
            grey.save(path, format=kind if kind != "JPEG" or grey.mode == "L" else "PNG")


def prepared_book_cover(manuscript: Manuscript) -> Path | None:
    """Return the prepared cover image that the book provides, None if it is no raster image."""
    name = manuscript.book.settings.cover
    path = manuscript.book.root / name
    return prepare_cover(path, manuscript.cache_dir / "covers") if name and path.is_file() else None


def main_file_markup(manuscript: Manuscript, *, for_print: bool) -> str:
    """Return the main file, which includes all sections.

    A printed book has its cover in another file.
    """
    book = manuscript.book
    date = datetime.fromtimestamp(manuscript.epoch, UTC)
    faces = font_family_names(read_tokens(manuscript.theme_dir))
    region = book.language.partition("-")[2]
    lists = [
        f'("{kind}", {typst_string(translated_label(book, kind + "s"))}), ' for kind in book.settings.printing.lists
    ]
    facts = {
        "title": typst_string(book.title),
        "subtitle": typst_string(book.subtitle),
        "authors": "(" + "".join(f"{typst_string(name)}, " for name in author_names(book)) + ")",
        "author-line": typst_string(author_line(book)),
        "language": typst_language(manuscript),
        "region": typst_string(region.lower()) if len(region) == 2 and region.isalpha() else "none",
        "keywords": "(" + "".join(f"{typst_string(item)}, " for item in book.keywords) + ")",
        "description": typst_string(book.description or book.title),
        "edition": typst_string(book.edition),
        "publisher": typst_string(book.publisher),
        "date": f"datetime(year: {date.year}, month: {date.month}, day: {date.day}, hour: 0, minute: 0, second: 0)",
        "contents": typst_string(translated_label(book, "contents")),
        "lists": "(" + "".join(lists) + ")",
        "copyright": "[" + "\n\n".join(_line(line) for line in copyright_lines(book, manuscript.epoch, faces)) + "]",
        "cover": "none" if for_print else typst_cover_call(manuscript, "wide", "high"),
    }
    arguments = ",\n  ".join(f"{key}: {value}" for key, value in facts.items())
    head = '#import "template.typ": *\n#import "cover.typ": front, pictured\n'
    return f"{head}#show: oer-book.with(\n  {arguments}\n)\n{_sections(manuscript)}"


def typst_language(manuscript: Manuscript) -> str:
    """Return the book's language as a Typst string.

    Typst derives the text direction from it.
    """
    return typst_string(manuscript.book.language.partition("-")[0].lower())


def typst_cover_call(manuscript: Manuscript, width: str, height: str) -> str:
    """Return the Typst call that draws the front cover in a size."""
    book = manuscript.book
    cover = prepared_book_cover(manuscript)
    if cover:
        return (
            f"pictured({width}, {height}, {typst_string(COVER_NAME + cover.suffix.lower())},"
            f" {typst_string(book.title)})"
        )
    texts = ", ".join(map(typst_string, (book.title, book.subtitle, author_line(book), book.publisher)))
    return f"front({width}, {height}, {texts})"


def _sections(manuscript: Manuscript) -> str:
    """Return the calls that include every section.

    A part's opening page lists its chapters.
    """
    calls, part = [], 0
    sections = manuscript.sections
    for number, section in enumerate(sections):
        part = part + 1 if section.kind == "part" else part
        accent = part if section.kind in ("part", "chapter", "section") else 0
        chapters: list[str] = []
        for later in sections[number + 1 :] if section.kind == "part" else ():
            if later.kind == "section":
                continue
            if later.kind != "chapter":
                break
            chapters.append(f"{typst_string(book_anchor(later.slug, ''))}, ")
        include = f'include "s{number:04}.typ"'
        calls.append(f'#oer-section("{section.kind}", {accent}, ({"".join(chapters)}), {include})\n')
    return "".join(calls)


def _line(line: CopyrightLine) -> str:
    lead = f"#text({typst_string(line.text_before_link.rstrip())}) " if line.text_before_link else ""
    text = f"#text({typst_string(line.text)})"
    if line.is_bold:  # a heading belongs to the line below it
        text = f"#v(0.5em)#strong[{text}]"
    return f"{lead}#link({typst_string(line.url)})[{text}]" if line.url else f"{lead}{text}"
