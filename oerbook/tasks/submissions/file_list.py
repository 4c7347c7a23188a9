"""Which files a commit holds, sorted out once; what a commit holds that follows another is told by what differs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Self

from oerbook.git.objects import Difference, Kept

INDEX = "chapters/index.md"
TEXTS = (".md", ".ipynb", ".bib")
MOST_OF_A_FILE = 60_000_000  # bytes; a larger file is reported and not read
MOST_BROUGHT = 300_000_000  # bytes of a submission that are read at all; so much is reported long before
MOST_FILES_BROUGHT = 5000
Files = dict[str, Kept]


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a commit by their paths from the repository's root, and those of the book by their paths in it.

    `prefix` is where the book lies in the repository; `book` holds its plain files that can be laid out, `texts` those of
    them that are texts, `themes` the files of its own themes.
    """

    prefix: str
    files: Files = field(default_factory=dict)
    book: Files = field(default_factory=dict)
    texts: Files = field(default_factory=dict)
    themes: Files = field(default_factory=dict)

    @classmethod
    def of(cls, prefix: str, files: Iterable[Kept]) -> Self:
        """Return the listing of these files."""
        found = cls(prefix)
        for kept in files:
            found._enter(kept)
        return found

    def after(self, differences: Iterable[Difference]) -> Listing:
        """Return what there is when these differences are made."""
        found = Listing(self.prefix, *(dict(files) for files in (self.files, self.book, self.texts, self.themes)))
        changed = list(differences)
        for one in changed:
            found._leave(one.old_path or one.kept.path)
        for one in changed:
            if one.kind != "removed":
                found._enter(one.kept)
        return found

    def only_texts(self, and_these: Collection[str]) -> Files:
        """Return the book's texts and, whatever they are, some more of its files."""
        return self.texts | {path: self.book[path] for path in and_these if path in self.book}

    def bounded(self, brought: Collection[str]) -> Files:
        """Return the book's files; of those that a submission has brought, so much as one may bring."""
        wanted, size, number = dict(self.book), 0, 0
        for path in sorted(brought):
            if path in wanted:
                size, number = size + wanted[path].size, number + 1
                if size > MOST_BROUGHT or number > MOST_FILES_BROUGHT:
                    del wanted[path]
        return wanted

    def index(self) -> Files:
        """Return the title page, if there is one."""
        page = self.book.get(INDEX)
        return {INDEX: page} if page and page.mode == "100644" else {}

    def _enter(self, kept: Kept) -> None:
        self.files[kept.path] = kept
        if not kept.path.startswith(self.prefix) or kept.size > MOST_OF_A_FILE:
            return
        path = kept.path.removeprefix(self.prefix)
        if kept.mode in ("100644", "100755") and _fit(path):
            self.book[path] = kept
            if path.endswith(TEXTS):
                self.texts[path] = kept
        if kept.mode == "100644" and path.startswith("themes/") and ".." not in PurePosixPath(path).parts:
            self.themes[path] = kept

    def _leave(self, path: str) -> None:
        self.files.pop(path, None)
        for files in (self.book, self.texts, self.themes):
            if path.startswith(self.prefix):
                files.pop(path.removeprefix(self.prefix), None)


def _fit(path: str) -> bool:
    """Say whether a file is one of the book's, and its path one that every system can keep."""
    parts = PurePosixPath(path).parts
    inside = len(parts) > 1 and parts[0] in ("chapters", "contributors")
    safe = not {"..", ".git"} & {part.lower().rstrip(". ") for part in parts} and "\\" not in path
    return inside and safe and len(path) < 1000 and len(path.encode()) < 1000
