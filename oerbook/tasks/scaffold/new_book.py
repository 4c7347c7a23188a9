"""Beginning a book: a folder that builds, checks clean, and is kept in git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.licensing import spdx
from oerbook.source.templates import new_file, starter_book


@dataclass(frozen=True, slots=True)
class Facts:
    """What a new book is called, who begins it, and its licence as an SPDX id."""

    title: str
    name: str
    license: str


@dataclass(frozen=True, slots=True)
class NewBook:
    """The files that were made, those that were there before and were left alone, and whether git was begun."""

    made: tuple[str, ...]
    kept: tuple[str, ...]
    repository: bool


def begin(folder: Path, facts: Facts) -> NewBook:
    """Make a book in a folder; no file that is there is touched.

    Raises OerbookError when a book is there already, or a fact is missing or unknown.
    """
    title, name = new_file.tidy(facts.title), new_file.tidy(facts.name)
    if not title or not name:
        raise OerbookError("a book needs a title and an author", hint='For example: --title "Soil" --author "Ada Lee"')
    license = spdx.license_of(facts.license)
    if license is None:
        guess = spdx.meant(facts.license)
        hint = f"Did you mean {guess}?" if guess else "For example CC-BY-4.0 or CC-BY-SA-4.0."
        raise OerbookError(f"{facts.license} is no licence that we know", hint=hint)
    if (folder / "chapters" / "index.md").exists():
        raise OerbookError(f"there is a book in {folder} already", hint="oerbook new chapter adds to it.")
    if folder.exists() and not folder.is_dir():
        raise OerbookError(f"{folder} is a file", hint="Name a folder that is to hold the book.")
    made: list[str] = []
    kept: list[str] = []
    for path, text in starter_book.files(title, name, license.spdx).items():
        (made if _create(folder / path, text) else kept).append(path)
    fresh = not process.is_repository(folder)
    if fresh:
        process.run(folder, "init", "--quiet", "--initial-branch=main")
    return NewBook(tuple(made), tuple(kept), fresh)


def _create(path: Path, text: str) -> bool:
    """Write a file, unless there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True
