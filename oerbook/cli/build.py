"""oerbook build: build the book."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.cli import options
from oerbook.model.formats import PUBLISHED_FORMATS

if TYPE_CHECKING:
    from oerbook.tasks.build.build_report import BuildReport
    from oerbook.tasks.progress import Progress

DEFAULT_FORMATS = ("html", "epub", "pdf")


@click.command("build")
@click.argument("formats", nargs=-1, type=click.Choice([*PUBLISHED_FORMATS, "all"]))
@options.root_option
@options.out_option("Output directory")
@click.option(
    "--only", "--chapter", "chapter", metavar="CHAPTER", help="Build one chapter, with its credit and license inside."
)
@click.option("--print", "printed", is_flag=True, help="Also make a PDF for the printer and a cover with its spine.")
@click.option("--for-editing", is_flag=True, help="With --chapter: a Word file that oerbook receive takes back.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Output format; json: artifacts, digests and findings.",
)
@click.option("--profile", is_flag=True, help="Print the time and memory of each stage, and draw them: profile.svg.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes as well.")
def command(
    formats: tuple[str, ...],
    root: Path,
    out: Path | None,
    chapter: str | None,
    printed: bool,
    for_editing: bool,
    strict: bool,
    output_format: str,
    profile: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Build the book in FORMATS: html, epub, pdf, docx or all [default: html epub pdf].

    The book is the folder that contains chapters/. Problems are reported with file and line; the rest of the book still
    builds. The exit code is 1 if there are errors (with --strict: or warnings).
    """
    from oerbook.cli import output
    from oerbook.errors import OerbookError

    if for_editing:
        return _write_editing_copy(root, out, formats, chapter or "")
    started, is_json = time.monotonic(), output_format == "json"
    progress, folder = output.ProgressBars(quiet or is_json), options.output_folder(root, out)
    build = partial(_build_chapter, chapter) if chapter else _profiled_build if profile else _build
    try:
        result = build(root, _formats(formats, printed), folder, progress)
    except OerbookError as error:
        if not is_json:
            raise
        output.print_json({"artifacts": [], "findings": [], "error": {"message": error.message, "hint": error.hint}})
        return 1
    if is_json:
        _print_json(result)
    else:
        output.print_findings(result.findings, verbose, strict)
        if not quiet:
            _print_artifacts(result, started)
    return output.exit_code(result.findings, strict=strict)


def _write_editing_copy(root: Path, out: Path | None, formats: tuple[str, ...], chapter: str) -> int:
    """Write a chapter as a Word file for its author."""
    from oerbook.tasks.receiving.editing_copy import write_copy

    if not chapter or formats != ("docx",):
        raise click.UsageError("For a copy to edit: oerbook build docx --chapter NAME --for-editing")
    click.echo(str(write_copy(root, chapter, options.output_folder(root, out))))
    return 0


def _print_artifacts(result: BuildReport, started: float) -> None:
    from oerbook.cli import output

    if result.is_reused:
        output.print_info("Nothing changed since the last build.")
    output.print_artifacts(result.artifacts, time.monotonic() - started)


def _print_json(result: BuildReport) -> None:
    from oerbook.cli import output
    from oerbook.model.findings import to_row

    built = [{"format": a.format, "path": str(a.path), "sha256": a.digest} for a in result.artifacts]
    output.print_json({"artifacts": built, "findings": [to_row(f) for f in result.findings]})


def _profiled_build(root: Path, formats: tuple[str, ...], out: Path, progress: Progress) -> BuildReport:
    """Build the book; print what each stage cost, and draw it in the output folder."""
    from oerbook.cli import output
    from oerbook.storage.files import write_atomically
    from oerbook.tasks.build.profile import BuildProfile, draw_svg, format_table

    measured = BuildProfile(progress)
    report = _build(root, formats, out, measured, may_reuse=False)
    if measured.stages:
        write_atomically(out / "profile.svg", draw_svg(measured.stages).encode())
        output.print_info(format_table(measured.stages))
    return report


def _build(
    root: Path, formats: tuple[str, ...], out: Path, progress: Progress, *, may_reuse: bool = True
) -> BuildReport:
    """Build the book, or keep the last build if nothing changed and that is allowed.

    What builds takes a second to import, so that a second build is refused before.
    """
    from oerbook.tasks.build.output_lock import raise_if_output_locked

    raise_if_output_locked(out.resolve())
    if not (root / "chapters").is_dir():
        from oerbook.source.book import read_book

        read_book(root)  # says where to look
    from oerbook.tasks.build.last_build import reuse_last_build

    epoch = options.read_source_date_epoch()
    last = reuse_last_build(root, formats, out, epoch) if may_reuse else None
    if last is not None:
        return last
    from oerbook.tasks.build.build import build
    from oerbook.tasks.build.build_report import BuildOptions

    return build(root, formats, out, progress, BuildOptions(epoch))


def _build_chapter(name: str, root: Path, formats: tuple[str, ...], out: Path, progress: Progress) -> BuildReport:
    from oerbook.tasks.build.chapter import ChapterRequest, build_chapter

    return build_chapter(root, ChapterRequest(name, formats, options.read_source_date_epoch()), out, progress)


def _formats(formats: tuple[str, ...], printed: bool) -> tuple[str, ...]:
    """Return the formats to build; `--print` alone builds the printed edition only."""
    if "all" in formats:
        formats = PUBLISHED_FORMATS
    elif not formats and not printed:
        formats = DEFAULT_FORMATS
    return (*formats, "print") if printed else formats
