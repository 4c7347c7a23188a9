"""What Typst is given: the theme's template filled with its tokens, and the file that sets the whole book."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image

from oerbook.formats.pdf.code_theme import tm_theme
from oerbook.formats.pdf.page_layout import fitted
from oerbook.manuscript.anchors import anchor
from oerbook.manuscript.manuscript import Manuscript
from oerbook.manuscript.pandoc_ast import quoted
from oerbook.metadata.bylines import author_line, author_names
from oerbook.metadata.copyright_page import Line, copyright_lines
from oerbook.metadata.labels import word
from oerbook.theming.assemble import PAPER
from oerbook.theming.theme import filled, tokens

COVER = "cover-image"
# Chinese and Japanese write the same sign in shapes of their own: a book in one of them takes its own first.
HAN = {
    "zh-tw": "Noto Sans TC",
    "zh-hant": "Noto Sans TC",
    "zh": "Noto Sans SC",
    "ja": "Noto Sans JP",
    "ko": "Noto Sans KR",
}
EXTRAS = {"manimgx_fonts": "", "justmytype_intl_cjk": "fonts"}


def fonts_of(manuscript: Manuscript) -> list[Path]:
    """Return the folders of fonts: the theme's faces, what the book brings along, and the extras that are installed."""
    own = manuscript.book.root / "chapters" / "_fonts"
    return [manuscript.theme / PAPER, *([own] if own.is_dir() else []), *_extras()]


def _extras() -> list[Path]:
    found = []
    for package, inside in EXTRAS.items():
        spec = importlib.util.find_spec(package)
        found += [Path(place) / inside for place in (spec.submodule_search_locations or [])] if spec else []
    return found


def families(manuscript: Manuscript) -> list[str]:
    """Return the families that stand behind those of the theme: the book's own first."""
    own = manuscript.book.root / "chapters" / "_fonts"
    language = manuscript.book.language.lower()
    first = next((name for tag, name in HAN.items() if language.startswith(tag)), "")
    named = [first] if first else []
    for folder in ([own] if own.is_dir() else []) + _extras():
        files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in (".ttf", ".otf", ".ttc")]
        named = [*named, *map(_family, files)] if folder != own else [*map(_family, files), *named]
    return [name for name in dict.fromkeys(named) if name]


@cache
def _family(path: Path) -> str:
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        font = TTCollection(path).fonts[0] if path.suffix.lower() == ".ttc" else TTFont(path, lazy=True)
        return str(font["name"].getDebugName(16) or font["name"].getDebugName(1) or "")
    except (TTLibError, OSError, KeyError):
        return ""


def values_of(manuscript: Manuscript, *, for_print: bool = False) -> dict[str, str]:
    """Return the tokens as the templates take them, with what the book asks of its printer."""
    values, wish = tokens(manuscript.theme), manuscript.book.settings.printing
    values |= fitted(manuscript.book.settings.paper)
    values["more-fonts"] = "".join(f"{quoted(name)}, " for name in families(manuscript))
    for name, wanted in (("two-sided", wish.two_sided), ("black-and-white", wish.black_and_white)):
        values[name] = values[name] if wanted is None else str(wanted).lower()
    marks = values["crop-marks"] == "true" if wish.crop_marks is None else wish.crop_marks
    values["crop-marks"] = str(marks and for_print).lower()
    if for_print and wish.two_sided is None:
        values["two-sided"] = "true"
    return values


def prepare(manuscript: Manuscript, folder: Path, *, for_print: bool) -> None:
    """Put the template, the pictures and, for the screen, the cover into the folder where Typst works."""
    values = values_of(manuscript, for_print=for_print)
    write_templates(manuscript, folder, values)
    if values["black-and-white"] == "true":
        _grey(manuscript.media, folder / "media")
    else:
        (folder / "media").symlink_to(manuscript.media.resolve(), target_is_directory=True)
    picture = given_cover(manuscript)
    if picture:
        (folder / f"{COVER}{picture.suffix.lower()}").write_bytes(picture.read_bytes())


def write_templates(manuscript: Manuscript, folder: Path, values: Mapping[str, str]) -> None:
    """Write the theme's Typst files with their tokens filled in."""
    for file in sorted((manuscript.theme / "pdf").glob("*.typ")):
        (folder / file.name).write_text(filled(file.read_text(encoding="utf-8"), values), encoding="utf-8")
    plain = values["black-and-white"] == "true"
    (folder / "code.tmTheme").write_bytes(tm_theme(manuscript.theme / "epub" / "code.theme", plain))


def _grey(pictures: Path, place: Path) -> None:
    """Copy pictures without their colours; drawings (SVG) stay as they are."""
    shutil.copytree(pictures, place)
    for path in place.rglob("*"):
        if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp"):
            with Image.open(path) as picture:
                grey = picture.convert("LA" if "A" in picture.getbands() or "transparency" in picture.info else "L")
                kind = picture.format
            grey.save(path, format=kind if kind != "JPEG" or grey.mode == "L" else "PNG")


def given_cover(manuscript: Manuscript) -> Path | None:
    """Return the picture that the book gives as its cover, if Typst can read it."""
    name = manuscript.book.settings.cover
    path = manuscript.book.root / name
    return path if name and path.suffix.lower() in (".png", ".jpg", ".jpeg") and path.is_file() else None


def main(manuscript: Manuscript, *, for_print: bool) -> str:
    """Return the file that sets the whole book; what is printed has its cover in a file of its own."""
    book = manuscript.book
    when = datetime.fromtimestamp(manuscript.epoch, UTC)
    region = book.language.partition("-")[2]
    lists = [f'("{kind}", {quoted(word(book, kind + "s"))}), ' for kind in book.settings.printing.lists]
    facts = {
        "title": quoted(book.title),
        "subtitle": quoted(book.subtitle),
        "authors": "(" + "".join(f"{quoted(name)}, " for name in author_names(book)) + ")",
        "author-line": quoted(author_line(book)),
        "language": language(manuscript),
        "region": quoted(region.lower()) if len(region) == 2 and region.isalpha() else "none",
        "keywords": "(" + "".join(f"{quoted(item)}, " for item in book.keywords) + ")",
        "description": quoted(book.description or book.title),
        "edition": quoted(book.edition),
        "publisher": quoted(book.publisher),
        "date": f"datetime(year: {when.year}, month: {when.month}, day: {when.day}, hour: 0, minute: 0, second: 0)",
        "contents": quoted(word(book, "contents")),
        "lists": "(" + "".join(lists) + ")",
        "copyright": "[" + "\n\n".join(_line(line) for line in copyright_lines(book, manuscript.epoch)) + "]",
        "cover": "none" if for_print else front(manuscript, "wide", "high"),
    }
    arguments = ",\n  ".join(f"{key}: {value}" for key, value in facts.items())
    head = '#import "template.typ": *\n#import "cover.typ": front, pictured\n'
    return f"{head}#show: oer-book.with(\n  {arguments}\n)\n{_sections(manuscript)}"


def language(manuscript: Manuscript) -> str:
    """Return the book's language as Typst takes it, which gives its direction too."""
    return quoted(manuscript.book.language.partition("-")[0].lower())


def front(manuscript: Manuscript, wide: str, high: str) -> str:
    """Return the call that draws the front of the cover."""
    book = manuscript.book
    picture = given_cover(manuscript)
    if picture:
        return f"pictured({wide}, {high}, {quoted(COVER + picture.suffix.lower())}, {quoted(book.title)})"
    facts = ", ".join(map(quoted, (book.title, book.subtitle, author_line(book), book.publisher)))
    return f"front({wide}, {high}, {facts})"


def _sections(manuscript: Manuscript) -> str:
    """Return the calls that set every page in turn; a part's opener names the chapters of its part."""
    found, part = [], 0
    sections = manuscript.sections
    for number, section in enumerate(sections):
        part = part + 1 if section.kind == "part" else part
        hue = part if section.kind in ("part", "chapter") else 0
        inside: list[str] = []
        for later in sections[number + 1 :] if section.kind == "part" else ():
            if later.kind != "chapter":
                break
            inside.append(f"{quoted(anchor(later.slug, ''))}, ")
        found.append(f'#oer-section("{section.kind}", {hue}, ({"".join(inside)}), include "s{number:04}.typ")\n')
    return "".join(found)


def _line(line: Line) -> str:
    words = f"#text({quoted(line.words)})"
    if line.strong:
        words = f"#strong[{words}]"
    return f"#link({quoted(line.url)})[{words}]" if line.url else words
