"""oerbook adopt: import an existing book."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import import_options
from oerbook.cli.import_options import make_conversion_options

KINDS = (
    "jupyter-book",
    "mystmd",
    "sphinx",
    "sphinx-rst",
    "quarto",
    "bookdown",
    "mdbook",
    "gitbook",
    "mkdocs",
    "markdown",
)


@click.command("adopt")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="The tool of the book, if SOURCE has files of several.")
@import_options.add_conversion_options
@click.option("-q", "--quiet", is_flag=True, help="Print only what could not be imported.")
def command(
    source: Path,
    target: Path,
    kind: str | None,
    quiet: bool,
    format_name: str,
    license_: str,
    styles: tuple[str, ...],
    accept_changes: bool,
    history: str | None,
) -> int:
    """Import the book in SOURCE to TARGET with its git history. SOURCE is not changed.

    Supported with their history: Jupyter Book, mystmd, Sphinx, Quarto, bookdown, mdBook, GitBook, MkDocs, and folders
    of Markdown files or notebooks. SOURCE is the book's repository or the folder in it that holds the book. Files move
    in one commit, and pages in other markup are converted line by line.

    Whole books in the formats of oerbook import, such as a Word file, become a new book too.
    """
    from oerbook.cli import output
    from oerbook.tasks.adopt.adopt import adopt
    from oerbook.tasks.importing.adopt_source import adopt_source, is_convertible

    progress = output.ProgressBars(quiet)
    if not kind and (format_name or is_convertible(source)):
        wishes = make_conversion_options(styles, history, license_, accept_changes=accept_changes)
        converted = adopt_source(source, target, progress, wishes, format_name)
        output.print_findings(converted.findings, verbose=True, strict=False)
        if not quiet:
            for line in converted.summary:
                output.print_info(line)
            output.print_info(f"Next: cd {target} && oerbook build")
        return 0
    result = adopt(source, target, progress, kind or "", license_)
    output.print_findings(result.findings, verbose=True, strict=False)
    if not quiet:
        counts = f"{result.page_count} pages, {result.moved_count} files moved to {target}/chapters"
        output.print_info(f"Imported a {result.kind} book: {counts}.")
        output.print_info(f"Next: cd {target} && oerbook build")
    return 0
