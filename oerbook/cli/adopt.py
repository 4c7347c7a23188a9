"""oerbook adopt: import an existing book."""

from __future__ import annotations

from pathlib import Path

import click

KINDS = ("jupyter-book", "mystmd", "sphinx")


@click.command("adopt")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="The tool of the book, if SOURCE has files of several.")
@click.option("-q", "--quiet", is_flag=True, help="Print only what could not be imported.")
def command(source: Path, target: Path, kind: str | None, quiet: bool) -> int:
    """Import the book in SOURCE to TARGET with its git history. SOURCE is not changed.

    Supported: Jupyter Book 1, mystmd (Jupyter Book 2), and Sphinx with MyST. SOURCE is the book's repository or the
    folder in it that holds the book. Files move in one commit, the table of contents is written to chapters/index.md,
    and what could not be imported is listed.
    """
    from oerbook.cli import output
    from oerbook.tasks.adopt.adopt import adopt

    result = adopt(source, target, output.ProgressBars(quiet), kind or "")
    output.print_findings(result.findings, verbose=True, strict=False)
    if not quiet:
        counts = f"{result.page_count} pages, {result.moved_count} files moved to {target}/chapters"
        output.print_info(f"Imported a {result.kind} book: {counts}.")
        output.print_info(f"Next: cd {target} && oerbook build")
    return 0
