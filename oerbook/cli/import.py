"""oerbook import: bring chapters in from files of other programs."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("--into", "part", default="", metavar="PART", help="The part they become chapters of: folder or title.")
@click.option("--as", "slug", default="", metavar="NAME", help="The name of the chapter's file.")
@click.option("--format", "format_name", default="", metavar="FORMAT", help="The format, if it is not recognized.")
@click.option("--license", "license_", default="", metavar="ID", help="The license, if the source states none.")
@click.option("--style", "styles", multiple=True, metavar="NAME=KIND", help="What a paragraph style is: HeadA=h1.")
@click.option("--accept-changes", is_flag=True, help="Accept tracked changes, and drop comments.")
@click.option("--history", type=click.Choice(["tracked"]), help="Turn tracked changes into commits.")
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
    from oerbook.importers.conversion.values import ConversionOptions
    from oerbook.importers.converters import CONVERTERS
    from oerbook.tasks.importing.import_chapters import ImportRequest, import_chapters

    if format_name and format_name not in CONVERTERS:
        raise click.UsageError(f"The formats are {', '.join(CONVERTERS)}.")
    wishes = ConversionOptions(_style_map(styles), history or "", accept_changes, license_)
    request = ImportRequest(sources, part, slug, format_name, wishes)
    result = import_chapters(root, request, output.ProgressBars(quiet))
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
        output.print_info("Next: oerbook check")
    return 0


def _style_map(styles: tuple[str, ...]) -> dict[str, str]:
    """Return the declared styles by name. Raises UsageError for a malformed one."""
    from oerbook.importers.conversion.values import STYLE_KINDS

    mapped = {}
    for style in styles:
        name, _equals, kind = style.rpartition("=")
        if not name or kind not in STYLE_KINDS:
            raise click.UsageError(f"--style is NAME=KIND, and KIND one of {', '.join(STYLE_KINDS)}: {style}")
        mapped[name.strip()] = kind
    return mapped
