"""Give pictures clean names."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.images.kinds import HEAD_BYTES, RASTER_KINDS, identify_image_kind
from oerbook.importers.conversion.values import Picture
from oerbook.text.slugs import ascii_slug

MACHINE_NAME = re.compile(r"(?:image|img|picture|rid|media|object|[0-9a-f]{6,}|\d+|[0-9A-Fx]+)[-_ ]?\d*", re.I)


@dataclass(frozen=True, slots=True)
class NamedPictures:
    """Pictures with their new names, and the new path (`images/NAME`) by the name in the source."""

    pictures: tuple[Picture, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)


def name_pictures(media: Mapping[str, bytes], stem: str, taken: Sequence[str] = ()) -> NamedPictures:
    """Return pictures under names of lower-case letters, digits and hyphens; equal pictures become one.

    `stem` begins the names of pictures that have none of their own, such as `image3.png`.
    """
    used = {name.casefold() for name in taken}
    by_digest: dict[str, Picture] = {}
    paths: dict[str, str] = {}
    for source, data in media.items():
        digest = hashlib.sha256(data).hexdigest()
        if digest not in by_digest:
            by_digest[digest] = Picture(_choose_name(source, data, stem, used), data)
        paths[source] = f"images/{by_digest[digest].name}"
    return NamedPictures(tuple(by_digest.values()), paths)


def _choose_name(source: str, data: bytes, stem: str, used: set[str]) -> str:
    name, suffix = posixpath.splitext(posixpath.basename(source))
    slug = "" if MACHINE_NAME.fullmatch(name) else ascii_slug(_without_accents(name))[:60].strip("-")
    kind = identify_image_kind(data[:HEAD_BYTES])
    if kind in RASTER_KINDS or kind in ("svg", "pdf"):
        suffix = ".jpg" if kind == "jpeg" else f".{kind}"  # names lie: facts come from the bytes
    base = slug or ascii_slug(_without_accents(stem))[:60].strip("-") or "picture"
    number = 1
    candidate = base if slug else f"{base}-1"
    while f"{candidate}{suffix}" in used:
        number += 1
        candidate = f"{base}-{number}"
    used.add(f"{candidate}{suffix}")
    return f"{candidate}{suffix.lower()}"


def _without_accents(name: str) -> str:
    """Return a name with letters without accents.

    >>> _without_accents("Übung café")
    'Ubung cafe'
    """
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
