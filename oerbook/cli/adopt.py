"""oerbook adopt: bring an existing book into our layout."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("adopt")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="Print what could not be carried over, and nothing else.")
def command(source: Path, target: Path, quiet: bool) -> int:
    """Bring the book in SOURCE to TARGET, with its whole git history; SOURCE stays as it is.

    Known kinds: Jupyter Book 1, mystmd (Jupyter Book 2), and Sphinx with MyST. Files move in one commit, the order
    of the book is written to chapters/index.md, and what could not be carried over is listed.
    """
    from oerbook.cli import output
    from oerbook.tasks.adopt.adopt import adopt

    done = adopt(source, target, output.Bars(quiet))
    output.findings(done.findings, verbose=True, strict=False)
    if not quiet:
        output.note(f"Adopted a {done.kind} book: {done.moved} files moved into {target}/chapters.")
        output.note(f"Next: cd {target} && oerbook build")
    return 0
