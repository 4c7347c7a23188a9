"""Pictures: a description that says something, a size that a phone can load, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Picture, Proof

EMPTY_WORDS = re.compile(
    r"(?>an?|the|this|of|my|image|picture|photo|photograph|figure|fig|graphic|diagram|drawing|chart|graph|plot|logo|icon|"
    r"screenshot|illustration|img|alt|text|here|untitled|bild|abbildung|foto|imagen|figura|afbeelding|\d+|\W)*+",
    re.I,
)
FILE_NAME = re.compile(r"\S+\.(png|jpe?g|gif|svg|webp|bmp|tiff?)", re.I)
MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
LONGEST = 300
CREDIT = re.compile(
    r"\b(CC[ -]?(BY|0)|creative commons|public domain|licen[cs]e|licensed|source|credit|photo|photograph|image|drawn|"
    r"picture|figure|screenshot|adapted|reproduced|courtesy|own work|by|from|after|data|quelle|foto|lizenz|fuente|bron)\b|©",
    re.I,
)


def check(book: Book, proof: Proof) -> Iterator[Finding]:
    """Report descriptions that say nothing, heavy files, and pictures whose source is not given."""
    sources = {page.path: " ".join(f"{w.title} {w.source}" for w in page.sources) for page in _pages(book)}
    seen: set[str] = set()
    for page in proof.pages:
        for picture in page.pictures:
            yield from _described(picture)
            if picture.src in seen:
                continue
            seen.add(picture.src)
            yield from _light(picture)
            if not CREDIT.search(picture.caption) and PurePosixPath(picture.src).name not in sources.get(page.path, ""):
                words = f"nothing says who made {_name(picture)} and under which licence"
                hint = "Say it in the caption: Photo: Ada Lee, CC BY 4.0. If it is yours, say that."
                yield Finding("image-credit", words, picture.place, Severity.INFO, hint)


def _pages(book: Book) -> Iterator[Chapter]:
    yield from (book.index, *book.chapters)


def _name(picture: Picture) -> str:
    return PurePosixPath(picture.src).name


def _described(picture: Picture) -> Iterator[Finding]:
    alt = picture.alt.strip()
    name = PurePosixPath(picture.src)
    says_nothing = EMPTY_WORDS.fullmatch(alt) or FILE_NAME.fullmatch(alt) or alt.casefold() == name.stem.casefold()
    if alt and says_nothing:
        words = f"the description of {name.name} says nothing: “{alt[:60]}”"
        hint = "Say what the picture shows to somebody who cannot see it: a drop of water on a leaf."
        yield Finding("image-alt-empty", words, picture.place, Severity.WARNING, hint)
    elif len(alt) > LONGEST:
        words = f"the description of {name.name} has {len(alt)} letters; a screen reader says them in one go"
        hint = "Say the main thing in one or two sentences, and the rest in the text."
        yield Finding("image-alt-long", words, picture.place, Severity.INFO, hint)


def _light(picture: Picture) -> Iterator[Finding]:
    if picture.size > MOST_BYTES or picture.width * picture.height > MOST_PIXELS:
        measure = f"{picture.size / 1e6:.1f} million bytes"
        if picture.width:
            measure += f", {picture.width} by {picture.height} pixels"
        words = (
            f"{_name(picture)} is heavy ({measure}): readers on a phone wait for it, and every copy of the book grows"
        )
        hint = "Save it 2000 pixels wide at most, as JPEG or WebP if it is a photograph."
        yield Finding("image-large", words, picture.place, Severity.WARNING, hint)
