"""Create a new book: a folder in git that builds and passes every check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.licensing import spdx
from oerbook.source.templates import new_file, starter_book
from oerbook.storage.files import create_file
from oerbook.tasks.scaffold.install_source import find_own_requirement
from oerbook.text.translations import find_language


@dataclass(frozen=True, slots=True)
class BookDetails:
    """Title, first author, license (an SPDX identifier) and language (a BCP 47 tag) of a new book."""

    title: str
    author: str
    license: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NewBook:
    """The files created, the files kept, and whether `git init` was run."""

    created: tuple[str, ...]
    existing: tuple[str, ...]
    git_initialized: bool


def create_book(folder: Path, facts: BookDetails) -> NewBook:
    """Create a book in a folder without changing any existing file.

    Raises OerbookError when the folder holds a book or is a file, or when title, author or license are missing or
    unknown.
    """
    title, author = new_file.to_single_line(facts.title), new_file.to_single_line(facts.author)
    if not title or not author:
        raise OerbookError("a book needs a title and an author", hint='For example: --title "Soil" --author "Ada Lee"')
    license_id, language = parse_license(facts.license), parse_language(facts.language)
    if (folder / "chapters" / "index.md").exists():
        raise OerbookError(f"{folder} already holds a book", hint="Add to it with oerbook new chapter.")
    if folder.exists() and not folder.is_dir():
        raise OerbookError(f"{folder} is a file", hint="Name a folder for the book.")
    created: list[str] = []
    existing: list[str] = []
    files = starter_book.starter_files(title, author, license_id, language, find_own_requirement())
    for path, text in files.items():
        (created if _create(folder / path, text) else existing).append(path)
    needs_init = not process.is_work_tree(folder)
    if needs_init:
        process.run_git(folder, "init", "--quiet", "--initial-branch=main")
    return NewBook(tuple(created), tuple(existing), needs_init)


def parse_license(answer: str) -> str:
    """Return the SPDX identifier of a license. Raises OerbookError when it is unknown."""
    license_terms = spdx.find_license(answer.strip())
    if license_terms is None:
        guess = spdx.closest_license(answer)
        hint = f"Did you mean {guess}?" if guess else "Use an SPDX identifier such as CC-BY-4.0 or CC-BY-SA-4.0."
        raise OerbookError(f"unknown license {answer}", hint=hint)
    return license_terms.spdx


def parse_language(answer: str) -> str:
    """Return the tag of a language, from its tag or name. Raises OerbookError when it is unknown."""
    language = find_language(answer.strip())
    if not language:
        raise OerbookError(f"unknown language {answer}", hint="Use a language tag such as en, de or pt-BR.")
    return language


def _create(path: Path, text: str) -> bool:
    """Write a file unless it exists; return whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        create_file(path, text.encode())
    except FileExistsError:
        return False
    return True
