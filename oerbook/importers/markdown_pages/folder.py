"""Order the pages of a folder without a table of contents: by the numbers in names, folder by folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from oerbook.importers.common import PROJECT_FILE_NAMES, TocEntry
from oerbook.source.toc import file_name_sort_key, title_from_filename

PAGE_SUFFIXES = (".md", ".markdown", ".ipynb")
OPENING_PAGE = re.compile(r"(?:index|readme)\.(?:md|markdown|ipynb)", re.I)


def folder_entries(names: Iterable[str], pages: list[str]) -> list[TocEntry]:
    """Return the entries of pages by their names, and add these to `pages`; a folder is a part.

    >>> folder_entries(["b/2.md", "b/10.md", "index.md"], [])
    [{'file': 'index.md'}, {'title': 'B', 'children': [{'file': 'b/2.md'}, {'file': 'b/10.md'}]}]
    """
    own = [name for name in names if name.endswith(PAGE_SUFFIXES) and _is_page(name) and name not in pages]
    top = sorted((name for name in own if "/" not in name), key=_sort_key)
    pages += top
    entries: list[TocEntry] = [{"file": name} for name in top]
    for folder in sorted({name.split("/")[0] for name in own if "/" in name}, key=file_name_sort_key):
        inside = sorted((name for name in own if name.startswith(f"{folder}/")), key=_sort_key)
        pages += inside
        entries.append({"title": title_from_filename(folder), "children": [{"file": name} for name in inside]})
    return entries


def _is_page(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "_")) for part in parts)
    return not hidden and (bool(OPENING_PAGE.fullmatch(parts[-1])) or not PROJECT_FILE_NAMES.match(parts[-1]))


def _sort_key(name: str) -> tuple[tuple[bool, bool, int, str], ...]:
    """Return the sort key of a path: opening pages first in their folder, then by number and name."""
    parts = PurePosixPath(name).parts
    return tuple((not OPENING_PAGE.fullmatch(part), *file_name_sort_key(_padded(part))) for part in parts)


def _padded(name: str) -> str:
    """Return a name in which numbers compare by their value."""
    return re.sub(r"(?<=[a-zA-Z_-])\d+", lambda match: match[0].zfill(6), name)
