"""Assemble the theme, and manage theme files, cover and logo of the site."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

from oerbook.citations.library import bibliography_files
from oerbook.document.context.build_context import BuildContext
from oerbook.document.reading.generated import pages as generated_pages
from oerbook.document.transforms import image_files
from oerbook.errors import OerbookError
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.theming.assemble import assemble_theme
from oerbook.theming.theme import DEFAULT_THEME, THEME_FILE, load_theme, read_theme_file

FORMULA_START = re.compile(r"[$\\]|math|\{(?:eq|ce|chem|proof|prf:|si)", re.IGNORECASE)
IMAGE_LINK = re.compile(r"_images/([^\"'\s<>?#]+)")


def prepare_theme(context: BuildContext) -> Path:
    """Return the folder of the complete theme; assemble it on the first call."""
    if context.theme_dir is None:
        context.theme_dir = _assemble(context)
        context.part_color_count = len(
            read_theme_file(context.theme_dir / THEME_FILE).get("parts", {}).get("accents", [])
        )
    return context.theme_dir


def _assemble(context: BuildContext) -> Path:
    """Assemble the theme of the book, or the default theme if that fails."""
    book = context.book
    code_points = used_code_points(book) if context.targets else None
    has_formulas = context.is_kept_open or may_have_formulas(book)  # a formula may be added while it is kept open
    try:
        theme = load_theme(book.settings.theme, book.root)
        return assemble_theme(theme, code_points, context.cache_dir, has_formulas=has_formulas)
    except OerbookError as error:
        place = Place(book.index.path)
        context.add_finding("", Finding("theme-unknown", error.message, place, Severity.WARNING, error.hint))
        theme = load_theme(DEFAULT_THEME)
        return assemble_theme(theme, code_points, context.cache_dir, has_formulas=has_formulas)


def prune_theme_files(context: BuildContext, site: Path) -> None:
    """Delete theme files and fonts in the site that are no longer needed."""
    static = prepare_theme(context) / "html" / "static"
    theme_names = {path.name for path in static.parent.parent.parent.glob("*/html/static/*") if path.is_file()}
    unused = [path for path in site.glob("*") if path.name in theme_names and not (static / path.name).is_file()]
    unused += [path for path in site.glob("fonts/*") if not (static / "fonts" / path.name).is_file()]
    for path in unused:
        path.unlink()


def prune_images(site: Path) -> None:
    """Delete images in the site that no page shows."""
    folder = site / "_images"
    if not folder.is_dir():
        return
    used: set[str] = set()
    for page in site.rglob("*.html"):
        names = IMAGE_LINK.findall(page.read_text(encoding="utf-8", errors="replace"))
        used.update(unquote(html.unescape(name)) for name in names)
    for path in folder.iterdir():
        if path.name not in used:
            path.unlink()


def cover_and_logo_links(context: BuildContext) -> dict[str, str]:
    """Return links from the title page to the cover and logo, if the book has them."""
    return {name: f"_static/book-{name}{path.suffix.lower()}" for name, path in _cover_and_logo(context).items()}


def copy_cover_and_logo(context: BuildContext, site: Path) -> None:
    """Copy the cover and logo of the book to the site."""
    links = cover_and_logo_links(context)
    for name, path in _cover_and_logo(context).items():
        (site / links[name]).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, site / links[name])


def _cover_and_logo(context: BuildContext) -> dict[str, Path]:
    """Return the prepared files of cover and logo."""
    book, files = context.book, {}
    for name, value in (("cover", book.settings.cover), ("logo", book.settings.logo)):
        path = book.root / value
        prepared = image_files.prepare_image(context, path) if value and path.is_file() else None
        if prepared and not prepared.problem:
            files[name] = image_files.path_of_prepared_image(context, prepared, path)
    return files


def may_have_formulas(book: Book) -> bool:
    """Return whether a text of the book holds what a formula starts with; notebooks may have formulas in outputs."""
    texts = (book.title, book.subtitle, *generated_pages.page_texts(book))
    return any(FORMULA_START.search(text) for text in texts)


def used_code_points(book: Book) -> set[int]:
    """Return the code points used in text, bibliographies and metadata."""
    chars = set(
        repr((book.title, book.subtitle, book.authors, book.parts, book.people, book.credits.people, book.reused_works))
    )
    for text in generated_pages.page_texts(book):
        chars.update(text)
    for name in bibliography_files(book):
        chars.update((book.root / "chapters" / name).read_text(encoding="utf-8", errors="replace"))
    return set(map(ord, chars))
