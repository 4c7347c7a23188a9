"""From a file's name to the name of its page: numbers order, the rest names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

NUMBER = re.compile(r"^(\d+)[-_. ]+(?=.)")


def slug_of(path: PurePosixPath) -> str:
    """Return the slug of a file below `chapters/`: every part without its number, and no suffix.

    >>> slug_of(PurePosixPath("02-writing/03-tables.md"))
    'writing/tables'
    """
    parts = [NUMBER.sub("", part) for part in path.with_suffix("").parts]
    return "/".join(parts)


def number_of(name: str) -> int | None:
    """Return the number in front of a file or folder name, if it has one.

    >>> number_of("03-tables.md"), number_of("tables.md")
    (3, None)
    """
    match = NUMBER.match(name)
    return int(match[1]) if match else None
