"""Check images: a useful description, a reasonable size, and a credit line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from oerbook.model.book import Book
from oerbook.model.check_input import CheckInput, PageImage
from oerbook.model.findings import Finding, Severity

MEANINGLESS_ALT = re.compile(
    r"(?>an?|the|this|of|my|image|picture|photo|photograph|figure|fig|graphic|diagram|drawing|chart|graph|plot|logo|icon|"
    r"screenshot|illustration|img|alt|text|here|untitled|bild|abbildung|foto|imagen|figura|afbeelding|\d+|\W)*+",
    re.I,
)
IMAGE_FILE_NAME = re.compile(r"\S+\.(png|jpe?g|gif|svg|webp|bmp|tiff?)", re.I)
MAX_IMAGE_BYTES = 5_000_000
MAX_IMAGE_PIXELS = 40_000_000
MAX_ALT_CHARS = 300
CREDIT_PHRASE = re.compile(
    r"\b(CC[ -]?(BY|0)|creative commons|public domain|licen[cs]e|licensed|source|credit|photo|photograph|image|drawn|"
    r"picture|figure|screenshot|adapted|reproduced|courtesy|own work|by|from|after|data|quelle|foto|lizenz|"
    r"fuente|bron)\b|©",
    re.I,
)


def check(book: Book, check_input: CheckInput) -> Iterator[Finding]:
    """Report descriptions that say nothing, large files, and images without a credit."""
    sources = {
        page.path: " ".join(f"{w.title} {w.source}" for w in page.reused_works) for page in (book.index, *book.chapters)
    }
    seen: set[str] = set()
    for page in check_input.pages:
        credited = {shown.place for shown in page.works}
        for picture in page.images:
            yield from _description_findings(picture)
            if picture.src in seen:
                continue
            seen.add(picture.src)
            yield from _size_findings(picture)
            if picture.place in credited:
                continue
            if not CREDIT_PHRASE.search(picture.caption) and PurePosixPath(picture.src).name not in sources.get(
                page.path, ""
            ):
                message = f"the author and license of {_name(picture)} are not given"
                hint = "Add them to the caption: Photo: Ada Lee, CC BY 4.0. If it is your own, say so."
                yield Finding("image-credit", message, picture.place, Severity.INFO, hint)


def _name(picture: PageImage) -> str:
    return PurePosixPath(picture.src).name


def _description_findings(picture: PageImage) -> Iterator[Finding]:
    alt = picture.alt.strip()
    name = PurePosixPath(picture.src)
    says_nothing = (
        MEANINGLESS_ALT.fullmatch(alt) or IMAGE_FILE_NAME.fullmatch(alt) or alt.casefold() == name.stem.casefold()
    )
    if alt and says_nothing:
        message = f"the description of {name.name} says nothing: “{alt[:60]}”"
        hint = "Describe the image for people who cannot see it: a drop of water on a leaf."
        yield Finding("image-alt-generic", message, picture.place, Severity.WARNING, hint)
    elif len(alt) > MAX_ALT_CHARS:
        message = (
            f"the description of {name.name} has {len(alt)} characters; a screen reader reads them without a pause"
        )
        hint = "Describe the main point in one or two sentences, and put the rest in the text."
        yield Finding("image-alt-long", message, picture.place, Severity.INFO, hint)


def _size_findings(picture: PageImage) -> Iterator[Finding]:
    if picture.size > MAX_IMAGE_BYTES or picture.width * picture.height > MAX_IMAGE_PIXELS:
        size = f"{picture.size / 1e6:.1f} MB"
        if picture.width:
            size += f", {picture.width} × {picture.height} pixels"
        message = f"{_name(picture)} is large ({size}): every copy of the repository keeps it"
        hint = "Save it at most 2000 pixels wide; as JPEG or WebP if it is a photograph."
        yield Finding("image-large", message, picture.place, Severity.WARNING, hint)
