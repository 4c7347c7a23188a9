"""oerbook open: show what was built."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import safe

KINDS = ("html", "epub", "pdf", "docx")


@click.command("open")
@click.argument("kind", type=click.Choice(KINDS), default="html")
@options.root
@options.out("Where the book was built")
@click.option("--print", "only_print", is_flag=True, help="Print the file's name instead of opening it.")
def command(kind: str, root: Path, out: Path | None, only_print: bool) -> int:
    """Show the book as it was last built: in the browser (html), or in the program for KIND (epub, pdf, docx)."""
    from oerbook.errors import OerbookError

    folder = out or root / "_build"
    pages = [folder / "html" / "index.html"] if kind == "html" else sorted(folder.glob(f"*.{kind}"))
    found = [path for path in pages if path.is_file() and not path.stem.endswith(("-print", "-cover"))]
    if not found:
        raise OerbookError(f"no {kind} was built in {folder}", hint=f"Make it first: oerbook build {kind}")
    click.echo(safe(str(found[0])))
    if not only_print and click.launch(found[0].resolve().as_uri() if kind == "html" else str(found[0])) != 0:
        raise OerbookError(f"no program here opens {found[0].name}", hint="Open it from your file manager.")
    return 0
