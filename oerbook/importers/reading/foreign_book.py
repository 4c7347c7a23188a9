"""The book of another tool that is imported, and the search for the files that describe such books."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PAGE_SUFFIXES = (".md", ".ipynb")
SOURCE_SUFFIXES = (*PAGE_SUFFIXES, ".qmd", ".Rmd", ".rmd", ".rst", ".markdown")  # of pages, some of which are converted
MAX_SETTINGS_DEPTH = 3  # folders above a file that describes a book
# Folders and files that programs write; some people commit them.
GENERATED = re.compile(
    r"(?:^|/)(?:_build|_site|__pycache__|\.ipynb_checkpoints|\.jupyter_cache|\.jupyter_execute|jupyter_execute|\.doctrees|"
    r"\.quarto|\.venv|venv|node_modules|\.DS_Store|Thumbs\.db|desktop\.ini|[^/]*\.pyc)(?=/|$)"
)
# Folders with books that are not the book of the repository.
EXAMPLE_FOLDERS = re.compile(
    r"^(?:[._].*|tests?|testing|examples?|templates?|node_modules|fixtures|cookiecutter.*|\{\{.*)$"
)


@dataclass(frozen=True, slots=True)
class ForeignBook:
    """A book of another tool in a folder that may be changed.

    `settings_file` lists the pages (`_toc.yml`, `docs/index.md`), `tracked` are the files in git without generated
    ones; both are relative to `root`. `license` is the SPDX id that the user named, "" to find it in the book.
    """

    root: Path
    settings_file: str
    tracked: Sequence[str]
    license: str = ""

    @property
    def settings_path(self) -> Path:
        """The path of the file that lists the pages."""
        return self.root / self.settings_file

    @property
    def settings_folder(self) -> Path:
        """The folder of the file that lists the pages."""
        return self.settings_path.parent

    def count_pages(self) -> int:
        """Return the number of pages in the folder of the settings and below it."""
        folder = PurePosixPath(self.settings_file).parent.as_posix()
        return sum(
            name.endswith(SOURCE_SUFFIXES) for name in names_below(self.tracked, "" if folder == "." else folder)
        )


def generated_part(name: str) -> str:
    """Return the generated folder or file that a path is in, "" if there is none.

    >>> generated_part("book/_build/html/a.html"), generated_part("book/.DS_Store"), generated_part("a/b.md")
    ('book/_build', 'book/.DS_Store', '')
    """
    match = GENERATED.search(name)
    return name[: match.end()] if match else ""


def names_below(names: Iterable[str], folder: str) -> list[str]:
    """Return names in a folder relative to it; all names for the folder ""."""
    prefix = f"{folder}/" if folder else ""
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def find_settings(tracked: Iterable[str], file_name: str) -> list[str]:
    """Return the paths of files with a name that describe a book, those in folders of examples last."""
    paths = [PurePosixPath(name) for name in tracked if name.rpartition("/")[2] == file_name]
    near = [path for path in paths if len(path.parts) <= MAX_SETTINGS_DEPTH + 1]
    own = [path for path in near if not any(EXAMPLE_FOLDERS.match(part) for part in path.parts[:-1])]
    return [path.as_posix() for path in sorted(own or near, key=lambda path: (len(path.parts), path))]


def find_page_folder(book: ForeignBook, names: Sequence[str]) -> Path:
    """Return the folder that the listed pages are relative to.

    It is the folder of the settings, unless none of the pages is there and another folder of the book holds them.
    """
    folder = book.settings_folder
    wanted = {_without_suffix(name.strip().lstrip("/")) for name in names} - {""}
    if not wanted or any((folder / f"{name}{suffix}").is_file() for name in wanted for suffix in PAGE_SUFFIXES):
        return folder
    counts: Counter[str] = Counter()
    for path in (name for name in book.tracked if name.endswith(PAGE_SUFFIXES)):
        stem = _without_suffix(path)
        for name in wanted:
            if stem == name or stem.endswith(f"/{name}"):
                counts[stem.removesuffix(name).rstrip("/")] += 1
    best = min(counts, key=lambda place: (-counts[place], len(place), place), default="")
    return book.root / best if counts else folder


def _without_suffix(name: str) -> str:
    suffix = next((suffix for suffix in PAGE_SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix)
