"""Page names from slugs: `chapters/02-writing/03-tables.md` is the page `writing/tables`, whatever its numbers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.environment import BuildEnvironment
from sphinx.project import Project
from sphinx.util._pathlib import _StrPath

from oerbook.document.context.build_context import desk
from oerbook.storage.file_cache import below
from oerbook.text.slugs import slug_of


def outdated(self: BuildEnvironment, config_changed: bool) -> tuple[set[str], set[str], set[str]]:
    """Return the pages that are new, that changed and that are gone; of changes the content decides, and not the clock."""
    removed = self.all_docs.keys() - self.found_docs
    if config_changed:
        return set(self.found_docs), set(), removed
    trees, folder = below(self.doctreedir), Path(self.doctreedir).as_posix()
    lost = {name for name in self.found_docs if f"{folder}/{name}.doctree" not in trees}
    return self.found_docs - self.all_docs.keys(), (lost | self.reread_always) & self.all_docs.keys() - removed, removed


class BookProject(Project):
    """A Sphinx project whose documents are the pages of the book, named by slug."""

    def __init__(self, srcdir: str | os.PathLike[str], source_suffix: Iterable[str]) -> None:
        super().__init__(srcdir, source_suffix)
        self._names: dict[str, str] = {}  # by file, as text: to make paths of them takes longer than all else here
        self._files: dict[str, str] = {}

    def discover(self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)) -> set[str]:
        """Take the book's pages, and those that oerbook generates, as the documents."""
        here = desk()
        self.docnames.clear()
        self.docnames.update(here.pages, here.generated)
        self._files = {name: here.path(name).removeprefix("chapters/") for name in here.pages}
        self._files |= {name: here.source(name) for name in (*here.generated, *here.notices)}
        self._names = {file: name for name, file in self._files.items()}
        return self.docnames

    def path2doc(self, filename: str | os.PathLike[str]) -> str | None:
        """Return the page of a file; a file name without its number (`tables.md`) finds the page as well."""
        path = Path(filename)
        if path.is_absolute():
            try:
                path = Path(os.path.relpath(path, self.srcdir))
            except ValueError:
                return None
        if (known := self._names.get(path.as_posix())) is not None:
            return known
        if path.suffix not in self.source_suffix or ".." in path.parts:
            return None
        slug = slug_of(path.as_posix())
        return slug if slug in self.docnames else None

    def doc2path(self, docname: str, absolute: bool) -> _StrPath:
        """Return the file of a page; a page that cannot be found keeps its name and a suffix."""
        path = self._files.get(docname, f"{docname}.md")
        return _StrPath(self.srcdir / path) if absolute else _StrPath(path)


def install() -> None:
    """Put this in the place of Sphinx's look at the clock, by which a page that was checked out anew would be another."""
    BuildEnvironment.get_outdated_files = outdated  # type: ignore[method-assign]
