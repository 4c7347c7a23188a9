"""Name pages by slug: `02-writing/03-tables.md` is the page `writing/tables`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.project import Project
from sphinx.util._pathlib import _StrPath

from oerbook.document.context.build_context import BuildContext
from oerbook.text.slugs import page_slug


class BookProject(Project):
    """A Sphinx project whose documents are the pages of the book, named by slug."""

    def __init__(self, context: BuildContext, srcdir: str | os.PathLike[str], source_suffix: Iterable[str]) -> None:
        super().__init__(srcdir, source_suffix)
        self._context: BuildContext | None = context
        self._names: dict[str, str] = {}  # by file, as a string: building Path objects dominates the time here
        self._files: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the context, which belongs to one run, when the environment is saved."""
        return {**self.__dict__, "_context": None}

    def discover(self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)) -> set[str]:  # noqa: ARG002 - Sphinx's signature
        """Take the pages of the book and the generated ones as the documents."""
        context = self._context
        assert context
        self.docnames.clear()
        self.docnames.update(context.pages, context.generated_pages)
        self._files = {name: context.relative_path(name).removeprefix("chapters/") for name in context.pages}
        self._files |= {
            name: context.absolute_path_str(name) for name in (*context.generated_pages, *context.placeholder_pages)
        }
        self._names = {file: name for name, file in self._files.items()}
        return self.docnames

    def path2doc(self, filename: str | os.PathLike[str]) -> str | None:
        """Return the page of a file, also of a name without number (`tables.md`)."""
        path = Path(filename)
        if path.is_absolute():
            try:
                path = Path(os.path.relpath(path, self.srcdir))
            except ValueError:
                return None
        if (name := self._names.get(path.as_posix())) is not None:
            return name
        if path.suffix not in self.source_suffix or ".." in path.parts:
            return None
        slug = page_slug(path.as_posix())
        return next((name for name in (slug, f"chapter-{slug}") if name in self.docnames), None)

    def doc2path(self, docname: str, absolute: bool) -> _StrPath:
        """Return the file of a page; for an unknown page, its name with the suffix .md."""
        path = self._files.get(docname, f"{docname}.md")
        return _StrPath(self.srcdir / path) if absolute else _StrPath(path)
