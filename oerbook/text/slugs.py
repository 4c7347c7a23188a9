"""Derive slugs: of pages from file names, of files and people from titles and names."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from oerbook.model.findings import Finding, Place, Severity

LETTER_WITH_MARKS = re.compile("[^\\W\\d_][\u0300-\u036f]+")
MAX_SLUG_CHARS = 60  # at most four bytes each, so that a file name stays below the 255 bytes that file systems allow
NUMBER_PREFIX = re.compile(r"^(\d+)[-_. ]+(?=.)")


@lru_cache(maxsize=20_000)
def page_slug(path: str) -> str:
    """Return the slug of a file below `chapters/`: path without numbers and suffix.

    >>> page_slug("02-writing/03-tables.md")
    'writing/tables'
    """
    parts = [NUMBER_PREFIX.sub("", part) for part in PurePosixPath(path).with_suffix("").parts]
    return compose_letters("/".join(parts))


# What every site has, beside the pages of its book: see `document.resolving.builder` and `tasks.build.downloads`.
RESERVED_PAGES = frozenset(["search", "genindex", "copyright-page", "py-modindex", "404"])
RESERVED_FOLDERS = frozenset(["_static", "_images", "_downloads", "_sources", "_modules", "downloads", "fonts"])


def is_reserved_page_name(slug: str) -> bool:
    """Return whether the site has a page or folder of this name already, on systems that ignore case too.

    >>> is_reserved_page_name("search"), is_reserved_page_name("Downloads/soil"), is_reserved_page_name("soil/search")
    (True, True, False)
    """
    first, slash, _rest = slug.casefold().partition("/")
    return first in RESERVED_FOLDERS if slash else first in RESERVED_PAGES


def slugify(title: str, max_chars: int = MAX_SLUG_CHARS) -> str:
    """Turn a title into a file name: letters, marks and digits, joined by hyphens.

    >>> slugify("Böden & Wässer, Teil 2"), slugify("मिट्टी और पानी"), slugify("?!")
    ('böden-wässer-teil-2', 'मिट्टी-और-पानी', '')
    """
    normalized = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", title).lower())
    chars = [char if unicodedata.category(char)[0] in "LMN" else "-" for char in normalized]
    return re.sub("-+", "-", "".join(chars))[:max_chars].strip("-")


def make_unused_slug(name: str, taken: Iterable[str]) -> str:
    """Return an unused id for a name.

    >>> make_unused_slug("Zoë O'Neil", {"zoë-o-neil"})
    'zoë-o-neil-2'
    """
    slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "somebody"
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def ascii_slug(text: str) -> str:
    """Return a text as an id of lower-case ASCII, with other characters as code points.

    >>> ascii_slug("李"), ascii_slug("Ada Lee")
    ('674e', 'ada-lee')
    """
    ascii_text = "".join(char if char.isascii() else f"{ord(char):x}" for char in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def compose_letters(text: str) -> str:
    """Compose letters with combining marks (NFC); some file systems decompose them.

    >>> len(compose_letters("u\u0308ber"))
    4
    """
    return text if text.isascii() else LETTER_WITH_MARKS.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def find_nfc_equal(path: Path, root: Path) -> Path:
    """Return `path`, or an existing path below `root` that is equal once composed."""
    if path.exists() or path.as_posix().isascii() or not path.is_relative_to(root):
        return path
    current = root
    for part in path.relative_to(root).parts:
        names = [part] if (current / part).exists() or not current.is_dir() else [e.name for e in current.iterdir()]
        equal = [name for name in names if compose_letters(name) == compose_letters(part)]
        current = current / (equal[0] if equal else part)
    return current


def leading_number(name: str) -> int | None:
    """Return the number at the start of a file or folder name; None when there is none.

    >>> leading_number("03-tables.md"), leading_number("tables.md")
    (3, None)
    """
    match = NUMBER_PREFIX.match(name)
    return int(match[1]) if match else None


def is_utf8_name(name: str) -> bool:
    """Say whether a file name is valid UTF-8; some file systems allow any bytes.

    >>> is_utf8_name("soil.md"), is_utf8_name("soil\\udcff.md")
    (True, False)
    """
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def report_non_utf8_names(root: Path, folders: Iterable[str]) -> Iterator[Finding]:
    """Report files whose names are not UTF-8: nothing can refer to them."""
    for folder in folders:
        invalid = [
            Path(parent, name)
            for parent, folder_names, file_names in os.walk(root / folder)
            for name in (*folder_names, *file_names)
            if not is_utf8_name(name)
        ]
        for path in sorted(invalid):
            printable = path.relative_to(root).as_posix().encode(errors="surrogateescape").decode(errors="replace")
            message = "the name of this file is not UTF-8, so the file is left out"
            hint = "Rename it: letters, digits and hyphens."
            yield Finding("name-unportable", message, Place(printable), Severity.ERROR, hint)
