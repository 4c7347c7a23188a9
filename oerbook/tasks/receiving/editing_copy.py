"""Write a chapter as a Word file for its author to edit."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.git import objects, process
from oerbook.importers.editing_copies.write_docx import write_editing_copy
from oerbook.source.book import read_book
from oerbook.source.front_matter import split_front_matter
from oerbook.source.text import load_page_text
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP
from oerbook.storage.files import write_atomically
from oerbook.tasks.credits.report import select_pages

CHAPTER_FACT, COMMIT_FACT = "oerbook-chapter", "oerbook-commit"  # names of custom properties of the file


def write_copy(root: Path, name: str, out: Path) -> Path:
    """Write the chapter `name` (a page name or file) as it is committed, below `out`; return the Word file's path.

    The file remembers the chapter and its last commit. Raises OerbookError if there is no such chapter, if it is a
    notebook, or if it is not committed.
    """
    root = root.resolve()
    book, _findings = read_book(root)
    page = select_pages(book, (name,))[0]
    if page.path.endswith(".ipynb"):
        raise OerbookError(f"{page.path} is a notebook", hint="Edit it in Jupyter.")
    if not process.is_work_tree(root):
        raise OerbookError("the book is in no git repository", hint="Run git init and commit the book.")
    head = objects.resolve_commit(root, "HEAD")
    text = committed_text(root, head, page.path)
    if text != load_page_text(root / page.path, root)[0].replace("\r\n", "\n"):
        raise OerbookError(f"{page.path} has uncommitted changes", hint="Commit them first, so that both start equal.")
    _front, body_line = split_front_matter(text)
    epoch = int(process.run_git(root, "log", "-1", "--format=%ct", head) or MIN_ZIP_TIMESTAMP)
    facts = {CHAPTER_FACT: page.path, COMMIT_FACT: head}
    path = out / f"{PurePosixPath(page.slug).name}.docx"
    write_atomically(path, write_editing_copy(text, max(body_line - 1, 0), facts, epoch))
    return path


def committed_text(root: Path, commit: str, path: str) -> str:
    """Return the text of a page in a commit. Raises OerbookError if the commit does not have it."""
    prefix = objects.book_prefix(root)
    try:
        data = process.run_git(root, "cat-file", "blob", f"{commit}:{prefix}{path}")
    except OerbookError as error:
        raise OerbookError(f"{path} is not in the commit {commit[:10]}", hint="Commit or fetch it first.") from error
    return data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
