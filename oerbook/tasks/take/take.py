"""Take chapters of another book into this one, with their history, people, pictures, citations and license.

The history of the other book's texts becomes a second line of this book's history (as `git fast-export` writes it). For
each page, a commit by oerbook follows it, which moves the page to its new place and drops the others, and a merge. So
every word keeps its author, and a later update of the same page is an ordinary three-way merge.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from oerbook.citations.library import bibliography_files, read_bibliography_file
from oerbook.errors import OerbookError
from oerbook.git import merge_tree, objects, process, refs, switch_branch
from oerbook.git import publish as git_publish
from oerbook.git.merge_tree import ScratchRepository
from oerbook.licensing.adaptation import Permission
from oerbook.licensing.collection import judge_collection
from oerbook.licensing.spdx import find_license
from oerbook.model.book import Book, Chapter
from oerbook.source.bibtex_parser import BibtexEntry
from oerbook.source.book import read_book
from oerbook.tasks.adopt.clone import machine_env
from oerbook.tasks.credits.report import select_pages
from oerbook.tasks.progress import Progress
from oerbook.tasks.scaffold.new_file import next_number, part_folder, toc_notes
from oerbook.tasks.submissions.branches import target_branch
from oerbook.tasks.take import source_book
from oerbook.tasks.take.page_record import with_record
from oerbook.tasks.take.source_book import SourceBook
from oerbook.text.slugs import NUMBER_PREFIX, leading_number, slugify

HISTORY_REF = "refs/oerbook/take"


@dataclass(frozen=True, slots=True)
class TakeRequest:
    """What to take: pages by file or page name, from a folder or an address, into a part ("": the top level)."""

    source: str
    names: tuple[str, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class TakenPage:
    """A page that was taken: its path here and there, its authors and license, and the files that came with it."""

    path: str
    source_path: str
    authors: tuple[str, ...]
    license: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeResult:
    """What was taken, what remains to do, and why the folder was not updated ("" if it was)."""

    pages: tuple[TakenPage, ...]
    notes: tuple[str, ...]
    outdated_reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeRun:
    """What taking every page needs; `present_keys` grows by the citation keys that pages bring."""

    scratch: ScratchRepository
    book: Book
    source: SourceBook
    present_keys: set[str]
    history: str  # the last commit of the other book's history in this repository


def take(root: Path, request: TakeRequest, progress: Progress) -> TakeResult:
    """Take pages of another book into the book at `root`, in one merge for each page.

    Raises OerbookError if the book has uncommitted changes, if a page does not exist, or if a license forbids it; then
    nothing is changed.
    """
    root = root.resolve()
    branch = target_branch(root, "")
    if git_publish.book_has_uncommitted_changes(root):
        raise OerbookError("the book has uncommitted changes", hint="Commit them first: git add -A, then git commit.")
    book, _findings = read_book(root)
    with tempfile.TemporaryDirectory(prefix="oerbook-take-") as name:
        with progress.stage("copying history", None):
            source = source_book.open_source(request.source, Path(name) / "book")
        pages = select_pages(source.book, request.names)
        for page in pages:
            _check_license(book, source, page)
        with refs.merge_lock(root), merge_tree.scratch_repository(root, {}) as scratch:
            run = TakeRun(scratch, book, source, citation_keys(book), import_history(root, source))
            start = tip = objects.resolve_commit(root, branch)
            taken = []
            for page in pages:
                taken_page, tip = _take_page(run, tip, page, request.part)
                taken.append(taken_page)
            refs.update_ref(root, branch, tip, start, f"oerbook take {' '.join(request.names)}")
    outdated = refs.outdated_head(root, branch) is not None
    reason = switch_branch.return_to_branch(root, branch) if outdated else ""
    return TakeResult(tuple(taken), tuple(toc_notes(book)), reason)


def license_of(source: SourceBook, page: Chapter) -> str:
    """Return the license of a page: its own, or else that of its book."""
    return page.license or source.book.license


def _check_license(book: Book, source: SourceBook, page: Chapter) -> None:
    """Raise OerbookError if the page cannot or may not be taken into the book."""
    if page.path.endswith(".ipynb"):
        hint = "Convert it first: jupytext --to myst. Or copy it, and name its authors in its front matter."
        raise OerbookError(f"{page.path} is a notebook, and only Markdown pages can be taken", hint=hint)
    license_ = license_of(source, page)
    if find_license(license_) is None:
        message = f"“{page.title}” has no license that is known, so it may not be taken"
        hint = "Ask its authors to add one: license: CC-BY-4.0 in chapters/index.md."
        raise OerbookError(message, hint=hint)
    verdict = judge_collection(license_, commercial=book.settings.commercial)
    if verdict.permission is Permission.FORBIDDEN:
        message = f"“{page.title}” may not be taken into a book that is sold: {verdict.reason}"
        raise OerbookError(message, hint="Ask its authors, or take commercial: true out of chapters/index.md.")


def _take_page(run: TakeRun, tip: str, page: Chapter, part: str) -> tuple[TakenPage, str]:
    """Merge one page with its history onto a commit; return what was taken, and the new commit."""
    scratch, source = run.scratch, run.source
    root = scratch.root
    path = _target_path(run, tip, page, part)
    text, files = rename_page_files(source, page, path, text_with_record(source, page))
    files = {**missing_files(scratch, tip, files), **people_files(run.book, source, page)}
    files |= bibliography_file(run, tip, page, path)
    prefix = objects.book_prefix(root)
    names = tuple(files)
    files = {f"{prefix}{name}": data for name, data in {path: text.encode(), **files}.items()}
    message = f"Move {page.path} of “{source.book.title}” to {path}\n"
    moved = commit_moved_page(scratch, (run.history,), {f"{prefix}{path}": text.encode()}, message)
    tree = merge_tree.replace_files(scratch, objects.tree_id(root, tip), files)
    message = f"Take “{page.title}” from “{source.book.title}”\n\n{source.address} {source.revision}\n"
    commit = refs.create_commit(root, tree, (tip, moved), message, process.committer_env(root))
    authors = tuple(source_book.author_names(source, page))
    return TakenPage(path, page.path, authors, license_of(source, page), names), commit


def commit_moved_page(
    scratch: ScratchRepository, parents: tuple[str, ...], files: Mapping[str, bytes], message: str
) -> str:
    """Create oerbook's own commit, which holds only a page at its new place; return it."""
    time_s = int(process.run_git(scratch.root, "log", "-1", "--format=%ct", parents[0]))
    tree = merge_tree.replace_files(scratch, scratch.run("mktree").decode().strip(), files)
    return refs.create_commit(scratch.root, tree, parents, message, machine_env(time_s))


def import_history(root: Path, source: SourceBook) -> str:
    """Copy the history of another book's texts into the repository; return the last commit, which no ref names."""
    stream = source_book.export_history(source, HISTORY_REF)
    try:
        process.run_git(root, "fast-import", "--quiet", "--force", stdin=stream)
        return process.run_git(root, "rev-parse", "--verify", HISTORY_REF).decode().strip()
    finally:
        if process.run_git(root, "for-each-ref", HISTORY_REF):
            process.run_git(root, "update-ref", "-d", HISTORY_REF)


def _target_path(run: TakeRun, tip: str, page: Chapter, part: str) -> str:
    """Return where a page goes: the next number in the part, and its own name, with a number if that is taken."""
    folder = part_folder(run.book, part)
    parent = folder.relative_to(run.book.root).as_posix()
    source = PurePosixPath(page.path)
    stem = NUMBER_PREFIX.sub("", source.stem if source.stem != "index" else source.parent.name)
    stem = stem if stem != "chapters" else slugify(page.title) or "chapter"
    prefix = objects.book_prefix(run.scratch.root)
    rows = process.run_git(run.scratch.root, "ls-tree", "--name-only", "--full-tree", tip, f"{prefix}{parent}/")
    present = [PurePosixPath(row).name for row in rows.decode(errors="replace").splitlines()]
    number = max(int(next_number(folder)), *((leading_number(name) or 0) + 1 for name in present), 1)
    stems = {NUMBER_PREFIX.sub("", PurePosixPath(name).stem).casefold() for name in present}
    free = next(
        name for name in (stem, *(f"{stem}-{n}" for n in range(2, len(stems) + 3))) if name.casefold() not in stems
    )
    return f"{parent}/{number:02}-{free}.md"


def text_with_record(source: SourceBook, page: Chapter) -> str:
    """Return the text of a page with the record of where it comes from."""
    record = {
        "title": page.title,
        "authors": ", ".join(source_book.author_names(source, page)),
        "source": source.address,
        "file": page.path,
        "revision": source.revision,
        "license": license_of(source, page),
        "relation": "verbatim",
        "retrieved": datetime.now(UTC).date().isoformat(),
    }
    filled = {key: value for key, value in record.items() if value}
    return with_record(source_book.page_text(source, page), filled, license_of(source, page))


def rename_page_files(source: SourceBook, page: Chapter, path: str, text: str) -> tuple[str, dict[str, bytes]]:
    """Return the text of the page at its new path, and the files that it names by their new paths.

    A file that the page reaches through folders above chapters/ moves into `images/` beside the page.
    """
    folder = PurePosixPath(path).parent
    files: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    for file in source_book.files_of_page(source, page):
        reference = file.reference
        if not source_book.path_below_chapters(folder, reference):
            reference = f"images/{PurePosixPath(reference).name}"
        target = source_book.path_below_chapters(folder, reference)
        number = 2
        while files.get(target, file.data) != file.data:  # another file of the same name
            stem, suffix = PurePosixPath(reference).stem, PurePosixPath(reference).suffix
            target = source_book.path_below_chapters(folder, f"images/{stem}-{number}{suffix}")
            number += 1
        if target != source_book.path_below_chapters(folder, file.reference):
            renamed[file.reference] = posixpath.relpath(target, folder)
        files[target] = file.data
    # In one pass: a new name may be the old one of another file.
    written = "|".join(re.escape(name) for name in sorted(renamed, key=len, reverse=True))
    whole = re.compile(rf"(?<![\w./%+@-])(?:{written})(?![\w/%+@-])")
    return whole.sub(lambda match: renamed[match[0]], text) if renamed else text, files


def missing_files(scratch: ScratchRepository, commit: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that the book does not have. Raises OerbookError if it has another one of the same name."""
    root, prefix = scratch.root, objects.book_prefix(scratch.root)
    missing = {}
    for path, data in files.items():
        if not merge_tree.commit_has_file(root, commit, f"{prefix}{path}"):
            missing[path] = data
        elif process.run_git(root, "cat-file", "blob", f"{commit}:{prefix}{path}") != data:
            hint = "Rename one of the two, and take the chapter again. Nothing of it was taken."
            raise OerbookError(f"the book has another file {path}", hint=hint)
    return missing


def people_files(book: Book, source: SourceBook, page: Chapter) -> dict[str, bytes]:
    """Return the files of the people who are credited for a page and whom the book does not have.

    Raises OerbookError if the book has somebody else under the same id: that person would get the credit.
    """
    credited = {credit.person for credit in source.book.credits.for_chapter(page.slug)}
    credited |= {person.name for person in (*page.authors, *page.editors, *page.reviewers, *page.contributors)}
    ours = {person.id: person.name for person in book.people}
    files = {}
    for person in source.book.people:
        if not credited & {person.id, person.name}:
            continue
        if person.id not in ours:
            files[person.place.path] = (source.book.root / person.place.path).read_bytes()
        elif ours[person.id] != person.name:
            hint = f"Rename {person.place.path} in one of the two books, and take the chapter again."
            raise OerbookError(
                f"{person.id} is {ours[person.id]} in this book, and {person.name} in the other", hint=hint
            )
    return files


def citation_keys(book: Book) -> set[str]:
    """Return the keys of a book's bibliographies in lower case."""
    paths = [book.root / "chapters" / name for name in bibliography_files(book)]
    return {entry.key.casefold() for path in paths for entry in read_bibliography_file(path).records}


def bibliography_file(run: TakeRun, tip: str, page: Chapter, path: str) -> dict[str, bytes]:
    """Return the bibliography with the entries that a page at `path` cites and the book does not have; {} if none.

    It is the first one that the title page names or, if it names none, one beside the page.
    """
    entries = [e for e in source_book.cited_entries(run.source, page) if e.key.casefold() not in run.present_keys]
    if not entries:
        return {}
    run.present_keys.update(entry.key.casefold() for entry in entries)
    named = run.book.settings.bibliography_files
    name = named[0] if named else f"{path.rpartition('.')[0]}.bib"
    root, full = run.scratch.root, f"{objects.book_prefix(run.scratch.root)}{name}"
    present = (
        process.run_git(root, "cat-file", "blob", f"{tip}:{full}")
        if merge_tree.commit_has_file(root, tip, full)
        else b""
    )
    return {name: present.rstrip() + b"\n\n" * bool(present.strip()) + "\n".join(map(_format_entry, entries)).encode()}


def _format_entry(entry: BibtexEntry) -> str:
    fields = "".join(f"  {field.name} = {{{field.value}}},\n" for field in entry.fields)
    return f"@{entry.kind}{{{entry.key},\n{fields}}}\n"
