"""Make a new book of a file or folder that a converter reads, with the history of its repository if it has one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.git import merge_tree, process, refs
from oerbook.importers import IMPORTERS
from oerbook.importers.conversion.book_files import BookFiles, NamesInUse, render_book, render_title_page
from oerbook.importers.conversion.chapter_paths import chapter_paths, part_pages
from oerbook.importers.conversion.values import ConversionOptions, ConvertedBook
from oerbook.importers.converters import CONVERTERS, find_converter
from oerbook.importers.myst_writer.escaping import escape_text
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding
from oerbook.tasks.adopt import clone
from oerbook.tasks.adopt.adopt import CONF_PY, GITIGNORE_LINE, Adoption, apply_plan, check_target
from oerbook.tasks.adopt.links import tracked_files
from oerbook.tasks.importing.commits import ImportCommits, commit_import
from oerbook.tasks.importing.read_source import read_source
from oerbook.tasks.importing.summary import summarize_import
from oerbook.tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class AdoptedSource(Adoption):
    """An adopted book, with a summary in plain English."""

    summary: tuple[str, ...]


def adopt_source(
    source: Path, target: Path, progress: Progress, options: ConversionOptions, format_name: str = ""
) -> AdoptedSource:
    """Convert a file or folder into a new oerbook repository at `target`.

    Raises OerbookError if the source cannot be read or may not be reused, or if `target` is not empty.
    """
    options = options if options.division else replace(options, division="many")
    source, target = source.resolve(), target.resolve()
    check_target(source, target)
    draft = target.with_name(f".{target.name}.adopting")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        repository = clone.find_repository(source) if source.is_dir() else None
        if repository is None:
            book = _read(source, progress, options, format_name)
            files, pages = _render(book)
            _create_repository(draft, source, book, (files, pages))
            findings: Sequence[Finding] = files.findings
        else:
            with progress.stage("copying history", None):
                copied = clone.copy_book(source, draft, repository[0])
            book = _read(draft / repository[1], progress, options, format_name)
            files, planned = _convert_in_place(draft, repository[1], book, format_name)
            findings = [*copied, *planned]
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except OSError as error:
        message = f"{target.name} cannot be created: {error.strerror or error}"
        raise OerbookError(message, hint="Check the free disk space and the folder's permissions.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    kind = CONVERTERS[format_name or find_converter(source)].SUMMARY
    ordered = tuple(sorted(findings, key=lambda finding: finding.sort_key))
    summary = summarize_import(len(files.chapters), files.counts, sum(files.words.values()), ordered)
    return AdoptedSource(kind, len(files.chapters), len(files.files), ordered, tuple(summary))


def _convert_in_place(
    draft: Path, folder: str, book: ConvertedBook, format_name: str
) -> tuple[BookFiles, list[Finding]]:
    """Write the book over the files of its repository, in a commit above its history."""
    files, pages = _render(book)
    name = format_name or find_converter(draft / folder)
    plan = _plan(draft, folder, book, (files, pages))
    findings = [*files.findings, *apply_plan(draft, plan, CONVERTERS[name].SUMMARY)]
    clone.remove_no_conversion_attributes(draft)
    return files, findings


def _read(source: Path, progress: Progress, options: ConversionOptions, format_name: str) -> ConvertedBook:
    with progress.stage("reading source", None):
        return read_source(source, format_name, options)


def _render(book: ConvertedBook) -> tuple[BookFiles, dict[str, bytes]]:
    """Return the files of a book, and apart from them its title page, the pages of parts and the bibliography."""
    paths = chapter_paths(book.chapters)
    files = render_book(replace(book, sources=()), paths, NamesInUse(license=book.license))
    pages = {"chapters/index.md": render_title_page(book, book.license).encode()}
    for path, title in part_pages(book.chapters, paths).items():
        pages[f"chapters/{path}"] = f"# {escape_text(title)}\n".encode()
    if book.bibliography.strip():
        pages["chapters/references.bib"] = f"{book.bibliography.strip()}\n".encode()
    return files, pages


def _create_repository(
    root: Path, source: Path, book: ConvertedBook, written: tuple[BookFiles, dict[str, bytes]]
) -> None:
    """Create a repository with the earlier states of chapters, and a commit with the conversion."""
    files, pages = written
    root.mkdir()
    process.run_git(root, "init", "--quiet", "--initial-branch=main")
    start = {"conf.py": CONF_PY.encode(), ".gitignore": GITIGNORE_LINE.encode()}
    env = clone.machine_env(int(_newest_time(source)))
    with merge_tree.scratch_repository(root, {}) as scratch:
        empty = scratch.run("mktree").decode().strip()
        tree = merge_tree.replace_files(scratch, empty, start)
        tip = refs.create_commit(root, tree, (), "Start a book\n", env)
        chapters = list(zip(files.chapters, book.chapters, strict=True))
        message = f"Import “{book.title}”\n\nFrom {source.name}\n"
        tip = commit_import(scratch, tip, ImportCommits(chapters, {**files.files, **pages}, message))
    process.run_git(root, "update-ref", "refs/heads/main", tip)
    process.run_git(root, "reset", "--hard", "--quiet")


def _newest_time(source: Path) -> float:
    """Return the time of a file, or of the newest file in a folder, in seconds since 1970."""
    paths = [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]
    return max((path.stat().st_mtime for path in paths), default=0.0)


def _plan(root: Path, folder: str, book: ConvertedBook, written: tuple[BookFiles, dict[str, bytes]]) -> ImportPlan:
    """Return the plan that writes the book into its repository; a chapter keeps the history of its file."""
    files, pages = written
    tracked = {name for _mode, name in tracked_files(root)}
    moves: dict[str, str] = {}
    for path, chapter in zip(files.chapters, book.chapters, strict=True):
        old = (PurePosixPath(folder) / chapter.source_file).as_posix()
        if chapter.source_file and old in tracked and old not in moves:
            moves[old] = path
    texts = {name: data.decode("utf-8", "surrogateescape") for name, data in {**files.files, **pages}.items()}
    return ImportPlan(tuple(moves.items()), tuple(texts.items()))


def is_convertible(source: Path) -> bool:
    """Say whether a converter reads a source, and no importer of `oerbook adopt` knows it better."""
    if not find_converter(source):
        return False
    if source.is_file():
        return True
    names = [path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()]
    return not any(importer.find_books(names, source) for importer in IMPORTERS.values())
