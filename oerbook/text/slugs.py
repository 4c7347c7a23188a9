"""Derive slugs from file names: the number sets the order, the rest is the slug."""

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
    """Return the slug of a file below `chapters/`: path without numbers and suffix.

    >>> slug_of("02-writing/03-tables.md")
    'writing/tables'
    """
    parts = [NUMBER.sub("", part) for part in PurePosixPath(path).with_suffix("").parts]
    return composed("/".join(parts))


def composed(text: str) -> str:
    """Compose letters with combining marks (NFC); some file systems decompose them.

    >>> len(composed("u\u0308ber"))
    4
    """
    return text if text.isascii() else MARKED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def twin(path: Path, root: Path) -> Path:
    """Return `path`, or an existing path below `root` that is equal once composed."""
    if path.exists() or path.as_posix().isascii() or not path.is_relative_to(root):
        return path
    current = root
    for part in path.relative_to(root).parts:
        names = [part] if (current / part).exists() or not current.is_dir() else [e.name for e in current.iterdir()]
        equal = [name for name in names if composed(name) == composed(part)]
        current = current / (equal[0] if equal else part)
    return current


def number_of(name: str) -> int | None:
    """Return the number at the start of a file or folder name; None when there is none.

    >>> number_of("03-tables.md"), number_of("tables.md")
    (3, None)
    """
    match = NUMBER.match(name)
    return int(match[1]) if match else None


def is_text(name: str) -> bool:
    """Say whether a file name is valid UTF-8; some file systems allow any bytes.

    >>> is_text("soil.md"), is_text("soil\\udcff.md")
    (True, False)
    """
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def unfit(root: Path, folders: Iterable[str]) -> Iterator[Finding]:
    """Report files whose names are not UTF-8: nothing can refer to them."""
    for folder in folders:
        invalid = [
            Path(parent, name)
            for parent, folder_names, file_names in os.walk(root / folder)
            for name in (*folder_names, *file_names)
            if not is_text(name)
        ]
        for path in sorted(invalid):
            printable = path.relative_to(root).as_posix().encode(errors="surrogateescape").decode(errors="replace")
            message = "the name of this file is not UTF-8, so the file is left out"
            hint = "Rename it: letters, digits and hyphens."
            yield Finding("name-unfit", message, Place(printable), Severity.ERROR, hint)
