"""The book's theme, laid out for this run with the faces that the book's characters need."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

from oerbook.document.context.build_context import Desk
from oerbook.document.reading import generated_pages
from oerbook.errors import OerbookError
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.theming.assemble import lay_out
from oerbook.theming.theme import FIRST, TOML, read, theme_of

PICTURE = re.compile(r"_images/([^\"'\s<>?#]+)")


def theme_folder(here: Desk) -> Path:
    """Return the folder that holds the whole of the book's theme."""
    if here.theme is None:
        here.theme = _laid_out(here)
        here.accents = len(read(here.theme / TOML).get("parts", {}).get("accents", []))
    return here.theme


def _laid_out(here: Desk) -> Path:
    """Lay out the theme that the book asks for; when it cannot be had, say so and take ours."""
    used = characters(here.book) if here.targets else None
    try:
        return lay_out(theme_of(here.book.settings.theme, here.book.root), used, here.work)
    except OerbookError as error:
        place = Place(here.book.index.path)
        here.report("", Finding("theme-unknown", error.message, place, Severity.WARNING, error.hint))
        return lay_out(theme_of(FIRST), used, here.work)


def prune(here: Desk, site: Path) -> None:
    """Take away what an earlier theme, or an earlier text with other characters, left among the site's files."""
    now = theme_folder(here) / "html" / "static"
    ever = {path.name for path in now.parent.parent.parent.glob("*/html/static/*") if path.is_file()}
    left = [path for path in site.glob("*") if path.name in ever and not (now / path.name).is_file()]
    left += [path for path in site.glob("fonts/*") if not (now / "fonts" / path.name).is_file()]
    for path in left:
        path.unlink()


def prune_pictures(site: Path) -> None:
    """Take away the pictures that no page of the site shows any more."""
    folder = site / "_images"
    if not folder.is_dir():
        return
    shown: set[str] = set()
    for page in site.rglob("*.html"):
        found = PICTURE.findall(page.read_text(encoding="utf-8", errors="replace"))
        shown.update(unquote(html.unescape(name)) for name in found)
    for path in folder.iterdir():
        if path.name not in shown:
            path.unlink()


def shown(book: Book) -> dict[str, str]:
    """Return where the site keeps the book's cover and logo, as links from its title page; nothing for what it has not."""
    given = {"cover": book.settings.cover, "logo": book.settings.logo}
    return {
        name: f"_static/book-{name}{Path(path).suffix.lower()}"
        for name, path in given.items()
        if path and (book.root / path).is_file()
    }


def hang(book: Book, site: Path) -> None:
    """Put the book's cover and logo among the files of the site."""
    for name, link in shown(book).items():
        (site / link).parent.mkdir(exist_ok=True)
        shutil.copyfile(book.root / getattr(book.settings, name), site / link)


def characters(book: Book) -> set[int]:
    """Return every character of the book's text, sources and facts."""
    signs = set(
        repr((book.title, book.subtitle, book.authors, book.parts, book.people, book.credits.people, book.sources))
    )
    for text in generated_pages.texts(book):
        signs.update(text)
    for name in generated_pages.bibliography_files(book):
        signs.update((book.root / "chapters" / name).read_text(encoding="utf-8", errors="replace"))
    return set(map(ord, signs))
