"""The files of a commit, sorted into book, texts and themes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Self

from oerbook.git.objects import TreeDifference, TreeEntry

INDEX_PATH = "chapters/index.md"
SOURCE_SUFFIXES = (".md", ".ipynb", ".bib")
MAX_FILE_BYTES = 60_000_000  # bytes; larger files are reported and not read
MAX_SUBMISSION_BYTES = (
    300_000_000  # bytes of a submission that are read; smaller ones are reported as too large already
)
MAX_SUBMISSION_FILES = 5000
FilesByPath = dict[str, TreeEntry]


@dataclass(frozen=True, slots=True)
class FileList:
    """The files of a commit by path.

    Paths of `files` are relative to the repository, those of the others to the book.
    `prefix` is the path of the book in the repository; `book` holds its regular files with portable names, `texts`
    the pages and bibliographies among them, `themes` the files of its own themes.
    """

    prefix: str
    files: FilesByPath = field(default_factory=dict)
    book: FilesByPath = field(default_factory=dict)
    texts: FilesByPath = field(default_factory=dict)
    themes: FilesByPath = field(default_factory=dict)

    @classmethod
    def of(cls, prefix: str, files: Iterable[TreeEntry]) -> Self:
        """Return the list of these files."""
        file_list = cls(prefix)
        for file in files:
            file_list._add(file)
        return file_list

    def with_changes(self, differences: Iterable[TreeDifference]) -> FileList:
        """Return the list after these differences."""
        copies = (dict(files) for files in (self.files, self.book, self.texts, self.themes))
        file_list = FileList(self.prefix, *copies)
        changed = list(differences)
        for difference in changed:
            file_list._discard(difference.old_path or difference.entry.path)
        for difference in changed:
            if difference.kind != "removed":
                file_list._add(difference.entry)
        return file_list

    def select_texts(self, extra_paths: Collection[str]) -> FilesByPath:
        """Return the book's texts, and those other files of it that are listed in `extra_paths`."""
        return self.texts | {path: self.book[path] for path in extra_paths if path in self.book}

    def without_oversized(
        self, changed: Collection[str], max_bytes: int = MAX_SUBMISSION_BYTES, max_files: int = MAX_SUBMISSION_FILES
    ) -> FilesByPath:
        """Return the book's files without those changed beyond the limits of a submission."""
        selected, size, count = dict(self.book), 0, 0
        for path in sorted(changed):
            if path in selected:
                size, count = size + selected[path].size, count + 1
                if size > max_bytes or count > max_files:
                    del selected[path]
        return selected

    def title_page(self) -> FilesByPath:
        """Return the title page by path, or nothing if there is none."""
        page = self.book.get(INDEX_PATH)
        return {INDEX_PATH: page} if page and page.mode == "100644" else {}

    def _add(self, file: TreeEntry) -> None:
        self.files[file.path] = file
        if not file.path.startswith(self.prefix) or file.size > MAX_FILE_BYTES:
            return
        path = file.path.removeprefix(self.prefix)
        if file.mode in ("100644", "100755") and _is_portable_book_path(path):
            self.book[path] = file
            if path.endswith(SOURCE_SUFFIXES):
                self.texts[path] = file
        if file.mode == "100644" and path.startswith("themes/") and ".." not in PurePosixPath(path).parts:
            self.themes[path] = file

    def _discard(self, path: str) -> None:
        self.files.pop(path, None)
        for files in (self.book, self.texts, self.themes):
            if path.startswith(self.prefix):
                files.pop(path.removeprefix(self.prefix), None)


def _is_portable_book_path(path: str) -> bool:
    """Say whether a path is in the book, and possible on every operating system."""
    parts = PurePosixPath(path).parts
    inside = len(parts) > 1 and parts[0] in ("chapters", "contributors")
    safe = not {"..", ".git"} & {part.lower().rstrip(". ") for part in parts} and "\\" not in path
    return inside and safe and len(path) < 1000 and len(path.encode()) < 1000
