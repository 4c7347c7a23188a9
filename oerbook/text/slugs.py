"""From a file's name to the name of its page: numbers order, the rest names."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from oerbook.model.findings import Finding, Place, Severity

MARKED = re.compile("[^\\W\\d_][\u0300-\u036f]+")
NUMBER = re.compile(r"^(\d+)[-_. ]+(?=.)")


@lru_cache(maxsize=20_000)
def slug_of(path: str) -> str:
    """Return the slug of a file below `chapters/`: every part without its number, and no suffix.

    >>> slug_of("02-writing/03-tables.md")
    'writing/tables'
    """
    parts = [NUMBER.sub("", part) for part in PurePosixPath(path).with_suffix("").parts]
    return composed("/".join(parts))


def composed(text: str) -> str:
    """Return a text whose letters with marks are one sign each, as keyboards write them and some file systems do not.

    >>> len(composed("u\u0308ber"))
    4
    """
    return text if text.isascii() else MARKED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def twin(path: Path, root: Path) -> Path:
    """Return a file below a folder; when none has this name, the one whose name is the same to the eye."""
    if path.exists() or path.as_posix().isascii() or not path.is_relative_to(root):
        return path
    place = root
    for part in path.relative_to(root).parts:
        names = [part] if (place / part).exists() or not place.is_dir() else [e.name for e in place.iterdir()]
        alike = [name for name in names if composed(name) == composed(part)]
        place = place / (alike[0] if alike else part)
    return place


def number_of(name: str) -> int | None:
    """Return the number in front of a file or folder name, if it has one.

    >>> number_of("03-tables.md"), number_of("tables.md")
    (3, None)
    """
    match = NUMBER.match(name)
    return int(match[1]) if match else None


def is_text(name: str) -> bool:
    """Return whether a name is text: some systems keep bytes of any kind as the name of a file.

    >>> is_text("soil.md"), is_text("soil\\udcff.md")
    (True, False)
    """
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def unfit(root: Path, folders: Iterable[str]) -> Iterator[Finding]:
    """Report files below some folders of the book whose names are no text (UTF-8): nothing can refer to them."""
    for folder in folders:
        odd = [
            Path(place, n) for place, *lists in os.walk(root / folder) for one in lists for n in one if not is_text(n)
        ]
        for path in sorted(odd):
            shown = path.relative_to(root).as_posix().encode(errors="surrogateescape").decode(errors="replace")
            words = "the name of this file is not written in UTF-8, so it is left out"
            hint = "Rename it with plain letters, digits and hyphens."
            yield Finding("name-unfit", words, Place(shown), Severity.ERROR, hint)
