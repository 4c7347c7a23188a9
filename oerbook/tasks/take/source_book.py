"""The book that chapters are taken from: a copy of its repository, its pages, and what goes with each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from oerbook.citations.library import bibliography_files, read_bibliography_file
from oerbook.document.resolving.page_digest import possible_citation_keys
from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.git import publish as git_network
from oerbook.markup.urls import to_web_url
from oerbook.metadata.bylines import chapter_authors
from oerbook.metadata.labels import names_of_declared_people
from oerbook.model.book import Book, Chapter
from oerbook.source.bibtex_parser import BibtexEntry
from oerbook.source.book import read_book
from oerbook.source.history import PAGE_SUFFIXES
from oerbook.source.text import load_page_text
from oerbook.tasks.adopt import clone
from oerbook.tasks.credits.authorship import compute_authorship

REMOTE_ADDRESS = re.compile(r"(?:https?|ssh|git)://|[\w.-]+@[\w.-]+:")
FILE_REFERENCE = re.compile(r"[\w./%+@-]+\.\w{1,5}\b")
TEXT_SUFFIXES = (".md", ".ipynb", ".bib")
INCLUDED_FILE = re.compile(r"\{(?:include|literalinclude)\}[ \t]+(\S+)")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that a page names: `reference` is how the page names it."""

    reference: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SourceBook:
    """A copy of the book's repository, with its top folder.

    `book.root` is in the copy, `address` is what readers can open, `revision` the last commit.
    """

    book: Book
    address: str
    revision: str
    top: Path


def open_source(source: str, folder: Path) -> SourceBook:
    """Copy a book's repository into `folder`, and read the book; nothing of it is run.

    `source` is a folder or the address of a repository. Raises OerbookError if there is no book with a history.
    """
    path = Path(source)
    if REMOTE_ADDRESS.match(source):
        path = folder.with_name(f"{folder.name}.git")
        git_network.clone_remote(source, path)
    if not path.is_dir() or clone.find_repository(path) is None:
        hint = "Name the folder of a book with a git history, or the address of its repository."
        raise OerbookError(f"there is no repository {source}", hint=hint)
    repository, prefix = clone.find_repository(path) or (path, "")
    clone.copy_book(path, folder, repository)
    book, _findings = read_book(folder / prefix)
    authors = compute_authorship(book, folder / ".git" / "oerbook-take")
    revision = process.run_git(folder, "rev-parse", "HEAD").decode().strip()
    address = to_web_url(source) or book.repository or book.url  # no password, and no path of this machine
    return SourceBook(replace(book, credits=authors.credits), address, revision, folder.resolve())


def author_names(source: SourceBook, page: Chapter) -> list[str]:
    """Return the authors of a page: from the history, else those it declares, else those of the book."""
    names = [person.name for person in chapter_authors(source.book, page)]
    return names or names_of_declared_people(source.book, source.book.authors)


def files_of_page(source: SourceBook, page: Chapter) -> Iterator[PageFile]:
    """Yield the files that a page names: pictures with what is known of their source, data, included texts."""
    root, folder = source.book.root, PurePosixPath(page.path).parent
    text = page_text(source, page)
    included = set(INCLUDED_FILE.findall(text))
    for reference in dict.fromkeys([*FILE_REFERENCE.findall(text), *included]):
        path = path_below_chapters(folder, reference)
        for suffix in ("", ".yml") if path else ():
            file = root / f"{path}{suffix}"
            inside = file.resolve().is_relative_to(root.resolve() / "chapters")
            is_page = file.suffix in TEXT_SUFFIXES and reference not in included
            if inside and file.is_file() and not file.is_symlink() and not is_page:
                yield PageFile(f"{reference}{suffix}", file.read_bytes())


def path_below_chapters(folder: PurePosixPath, reference: str) -> str:
    """Return the path that a page in `folder` means by a file name, "" if it is not below chapters/.

    >>> [path_below_chapters(PurePosixPath(folder), "../images/a.png") for folder in ("chapters/soil", "chapters")]
    ['chapters/images/a.png', '']
    """
    base = PurePosixPath("chapters") if reference.startswith("/") else folder
    parts: list[str] = []
    for part in (base / reference.lstrip("/")).parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) if parts[:1] == ["chapters"] and ".." not in parts else ""


def page_text(source: SourceBook, page: Chapter) -> str:
    """Return the text of a page."""
    return load_page_text(source.book.root / page.path, source.book.root)[0]


def cited_entries(source: SourceBook, page: Chapter) -> Iterator[BibtexEntry]:
    """Yield the entries of the bibliography that a page cites."""
    cited = {key.casefold() for key in possible_citation_keys(page_text(source, page))}
    for name in bibliography_files(source.book):
        for entry in read_bibliography_file(source.book.root / "chapters" / name).records:
            if entry.key.casefold() in cited:
                yield entry


def export_history(source: SourceBook, ref: str) -> bytes:
    """Return the history of all texts as a stream for `git fast-import`, which will write it to `ref`.

    All texts, because words may have come to a page from another one; no pictures. The same history always gives the
    same commits, so that a later export continues an earlier one.
    """
    branch = process.run_git(source.top, "symbolic-ref", "HEAD").decode().strip()
    options = ("--reencode=yes", "--signed-tags=strip", f"--refspec={branch}:{ref}")
    texts = [f":(top,icase)*{suffix}" for suffix in PAGE_SUFFIXES]
    # git removes the first "--" itself
    return process.run_git(source.top, "fast-export", *options, "--", branch, "--", *texts)
