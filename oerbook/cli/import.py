"""oerbook import: bring chapters in from files of other programs."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import import_options, options
from oerbook.text.characters import escape_control


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("--into", "part", default="", metavar="PART", help="The part they become chapters of: folder or title.")
@click.option("--as", "slug", default="", metavar="NAME", help="The name of the chapter's file.")
@import_options.add_conversion_options
@click.option("-q", "--quiet", is_flag=True, help="Print only what to look at.")
@options.root_option
def command(
    sources: tuple[Path, ...],
    part: str,
    slug: str,
    format_name: str,
    license_: str,
    styles: tuple[str, ...],
    accept_changes: bool,
    history: str | None,
    quiet: bool,
    root: Path,
) -> int:
    """Turn SOURCEs, files or folders of other programs, into chapters of this book.

    The format is recognized by content. Text, pictures, notes, formulas, tables, references, authors and license come
    along; what MyST cannot hold stays as words and is listed. One commit by oerbook adds the chapters.
    """
    from oerbook.cli import output
    from oerbook.tasks.importing.import_chapters import ImportRequest, import_chapters

    import_options.check_format(format_name)
    wishes = import_options.make_conversion_options(styles, history, license_, accept_changes=accept_changes)
    result = import_chapters(root, ImportRequest(sources, part, slug, format_name, wishes), output.ProgressBars(quiet))
    for source in result.sources:
        for path in source.chapters:
            click.echo(escape_control(f"{path} ({source.license})"))
    findings = [finding for source in result.sources for finding in source.findings]
    output.print_findings(findings, verbose=True, strict=False)
    for note in result.notes:
        output.print_info(note)
    if result.outdated_reason:
        output.print_info(f"Your folder was not updated: {escape_control(result.outdated_reason)}.")
    if not quiet:
        for source in result.sources:
            for line in source.summary:
                output.print_info(f"{escape_control(source.name)}: {line}")
        output.print_info("Next: oerbook check")
    return 0
