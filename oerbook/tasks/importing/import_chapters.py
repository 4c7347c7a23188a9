"""Import chapters from files of other programs into an existing book, in one commit by oerbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from oerbook.citations.library import bibliography_files
from oerbook.errors import OerbookError
from oerbook.git import merge_tree, objects, refs, switch_branch
from oerbook.git import publish as git_publish
from oerbook.importers.conversion.book_files import BookFiles, citation_keys, render_book, split_entries
from oerbook.importers.conversion.chapter_paths import chapter_paths
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.model.book import Book
from oerbook.model.findings import Finding
from oerbook.source.book import read_book
from oerbook.tasks.importing.commits import ImportCommits, commit_import
from oerbook.tasks.importing.present_names import find_taken
from oerbook.tasks.importing.read_source import read_source
from oerbook.tasks.progress import Progress
from oerbook.tasks.scaffold.new_file import next_number, part_folder, toc_notes
from oerbook.tasks.submissions.branches import target_branch
from oerbook.text.slugs import NUMBER_PREFIX


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
    """What one source became: its chapters, the other files, the things counted in the source and written."""

    name: str
    license: str
    chapters: tuple[str, ...]
    others: tuple[str, ...]
    findings: tuple[Finding, ...]
    counted: Mapping[str, int]
    written: Mapping[str, int]


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
            converted.append((source.name, read_source(source, request.format_name, request.options)))
            step()
    with refs.merge_lock(root), merge_tree.scratch_repository(root, {}) as scratch:
        start = tip = objects.resolve_commit(root, branch)
        results = []
        placed: list[str] = []
        for name, source_book in converted:
            files, whole = _place(book, source_book, request, placed)
            placed += files.files
            chapters = list(zip(files.chapters, source_book.chapters, strict=True))
            tip = commit_import(
                scratch, tip, ImportCommits(chapters, whole, f"Import “{source_book.title}”\n\nFrom {name}\n")
            )
            results.append(_report(name, source_book, files))
        refs.update_ref(root, branch, tip, start, "oerbook import")
    outdated = refs.outdated_head(root, branch) is not None
    reason = switch_branch.return_to_branch(root, branch) if outdated else ""
    return ImportResult(tuple(results), tuple(toc_notes(book)), reason)


def _place(
    book: Book, converted: ConvertedBook, request: ImportRequest, placed: Sequence[str]
) -> tuple[BookFiles, Mapping[str, bytes]]:
    """Return the files of a source at free names, and with them the bibliography of the book that grows."""
    folder = part_folder(book, request.part).relative_to(book.root / "chapters").as_posix()
    present = [path.name for path in (book.root / "chapters" / folder).iterdir()]
    below = f"chapters/{folder}" if folder != "." else "chapters"
    present += [PurePosixPath(path).name for path in placed if PurePosixPath(path).parent.as_posix() == below]
    first = int(next_number(book.root / "chapters" / folder)) + sum(path.endswith(".md") for path in placed)
    stems = frozenset(NUMBER_PREFIX.sub("", PurePosixPath(name).stem) for name in present)
    chapters = converted.chapters
    if request.slug:
        chapters = tuple(replace(chapter, slug=request.slug) for chapter in chapters)
    chapters = tuple(replace(chapter, part="") for chapter in chapters)
    converted = replace(converted, chapters=chapters)
    paths = [path if folder == "." else f"{folder}/{path}" for path in chapter_paths(chapters, first, stems)]
    taken = find_taken(book)
    pictures = {PurePosixPath(path).name for path in placed if path.startswith("chapters/images/")}
    files = render_book(converted, paths, replace(taken, pictures=taken.pictures | pictures))
    return files, {**files.files, **_bibliography(book, converted, taken.citation_keys)}


def _bibliography(book: Book, converted: ConvertedBook, present: frozenset[str]) -> dict[str, bytes]:
    """Return the first bibliography of the book with the entries that it lacks, {} if the source has none."""
    if not converted.bibliography.strip():
        return {}
    entries = [e for e in split_entries(converted.bibliography) if not any(k in present for k in citation_keys(e))]
    names = bibliography_files(book)
    path = f"chapters/{names[0] if names else 'references.bib'}"
    old = (book.root / path).read_text(encoding="utf-8") if (book.root / path).is_file() else ""
    return {path: "\n\n".join(filter(None, [old.strip(), *entries])).encode() + b"\n"} if entries else {}


def _report(name: str, converted: ConvertedBook, files: BookFiles) -> ImportedSource:
    others = tuple(path for path in files.files if path not in files.chapters)
    return ImportedSource(
        name, converted.license, files.chapters, others, files.findings, converted.counts, files.counts
    )
