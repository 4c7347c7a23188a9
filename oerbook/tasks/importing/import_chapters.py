"""Import chapters from files of other programs into an existing book, in one commit by oerbook."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from oerbook.citations.library import bibliography_files
from oerbook.errors import OerbookError
from oerbook.git import merge_tree, objects, process, refs, switch_branch
from oerbook.git import publish as git_publish
from oerbook.git.merge_tree import ScratchRepository
from oerbook.importers.conversion.book_files import BookFiles, NamesInUse, citation_keys, render_book, split_entries
from oerbook.importers.conversion.chapter_paths import chapter_paths
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.tasks.importing.commits import ImportCommits, commit_import
from oerbook.tasks.importing.present_names import find_names_in_use, with_files
from oerbook.tasks.importing.read_source import read_source
from oerbook.tasks.importing.summary import summarize_import
from oerbook.tasks.progress import Progress
from oerbook.tasks.scaffold.new_file import part_folder, toc_notes
from oerbook.tasks.submissions.branches import target_branch
from oerbook.text.slugs import NUMBER_PREFIX, leading_number


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import: files or folders, into a part ("": the top level), as one name, in a format ("": recognized)."""

    sources: tuple[Path, ...]
    part: str = ""
    slug: str = ""
    format_name: str = ""
    options: ConversionOptions = field(default_factory=ConversionOptions)


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """What one source became: its chapters and other files, the findings, and a summary in plain English."""

    name: str
    license: str
    chapters: tuple[str, ...]
    others: tuple[str, ...]
    findings: tuple[Finding, ...]
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was imported, what remains to do, and why the folder was not updated ("" if it was)."""

    sources: tuple[ImportedSource, ...]
    notes: tuple[str, ...]
    outdated_reason: str = ""


def import_chapters(root: Path, request: ImportRequest, progress: Progress) -> ImportResult:
    """Import files into the book at `root`, with one commit for each.

    Raises OerbookError if the book has uncommitted changes, or if a source cannot be read or may not be reused; then
    nothing is changed.
    """
    root = root.resolve()
    branch = target_branch(root, "")
    if git_publish.book_has_uncommitted_changes(root):
        raise OerbookError("the book has uncommitted changes", hint="Commit them first: git add -A, then git commit.")
    book, _findings = read_book(root)
    part_folder(book, request.part)
    converted = []
    with progress.stage("reading sources", len(request.sources)) as step:
        for source in request.sources:
            options = replace(request.options, division="one") if request.slug else request.options
            converted.append((source.name, read_source(source, request.format_name, options)))
            step()
    taken = find_names_in_use(book)
    with refs.merge_lock(root), merge_tree.scratch_repository(root, {}) as scratch:
        start = tip = objects.resolve_commit(root, branch)
        results = []
        for name, source_book in converted:
            folder = _folder_at(scratch, tip, part_folder(book, request.part).relative_to(root).as_posix())
            files = _place(source_book, request.slug, folder, taken)
            whole = {**files.files, **_bibliography(scratch, tip, (book, source_book), taken)}
            chapters = list(zip(files.chapters, source_book.chapters, strict=True))
            message = f"Import “{source_book.title}”\n\nFrom {name}\n"
            tip = commit_import(scratch, tip, ImportCommits(chapters, whole, message))
            results.append(_report(name, source_book, files))
            taken = with_files(taken, whole)
        refs.update_ref(root, branch, tip, start, "oerbook import")
    outdated = refs.outdated_head(root, branch) is not None
    reason = switch_branch.return_to_branch(root, branch) if outdated else ""
    return ImportResult(tuple(results), tuple(toc_notes(book)), reason)


@dataclass(frozen=True, slots=True)
class _Folder:
    """The folder that chapters go to, with the names in it at a commit."""

    path: str
    names: tuple[str, ...]


def _folder_at(scratch: ScratchRepository, tip: str, path: str) -> _Folder:
    prefix = objects.book_prefix(scratch.root)
    rows = process.run_git(scratch.root, "ls-tree", "--name-only", "--full-tree", tip, f"{prefix}{path}/")
    return _Folder(path, tuple(PurePosixPath(row).name for row in rows.decode(errors="replace").splitlines()))


def _place(converted: ConvertedBook, slug: str, folder: _Folder, taken: NamesInUse) -> BookFiles:
    """Return the files of a source at free names; all chapters go to one folder."""
    first = max((leading_number(name) or 0 for name in folder.names), default=0) + 1
    stems = frozenset(NUMBER_PREFIX.sub("", PurePosixPath(name).stem) for name in folder.names)
    chapters = tuple(replace(chapter, part="", slug=slug if slug else chapter.slug) for chapter in converted.chapters)
    below = folder.path.removeprefix("chapters").lstrip("/")
    paths = [f"{below}/{path}" if below else path for path in chapter_paths(chapters, first, stems)]
    return render_book(replace(converted, chapters=chapters), paths, taken)


def _bibliography(
    scratch: ScratchRepository, tip: str, books: tuple[Book, ConvertedBook], taken: NamesInUse
) -> dict[str, bytes]:
    """Return the first bibliography of the book with the entries that it lacks, {} if there are none."""
    book, converted = books
    entries = [e for e in split_entries(converted.bibliography) if not citation_keys(e) & taken.citation_keys]
    if not entries:
        return {}
    names = bibliography_files(book)
    path = f"chapters/{names[0] if names else 'references.bib'}"
    full = f"{objects.book_prefix(scratch.root)}{path}"
    is_there = merge_tree.commit_has_file(scratch.root, tip, full)
    old = process.run_git(scratch.root, "cat-file", "blob", f"{tip}:{full}").decode() if is_there else ""
    return {path: "\n\n".join(filter(None, [old.strip(), *entries])).encode() + b"\n"}


def _report(name: str, converted: ConvertedBook, files: BookFiles) -> ImportedSource:
    others = tuple(path for path in files.files if path not in files.chapters)
    number, words = len(files.chapters), sum(files.words.values())
    summary = summarize_import(number, files.counts, words, files.findings)
    return ImportedSource(name, converted.license, files.chapters, others, files.findings, tuple(summary))
