"""oerbook open: open the built book."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.errors import OerbookError
from oerbook.model.formats import PUBLISHED_FORMATS
from oerbook.text.characters import escape_control


@click.command("open")
@click.argument("kind", type=click.Choice(PUBLISHED_FORMATS), default="html")
@options.root_option
@options.out_option("Output directory")
@click.option("--print", "only_print", is_flag=True, help="Print the path instead of opening the file.")
def command(kind: str, root: Path, out: Path | None, only_print: bool) -> int:
    """Open the built book: in the browser (html), or in the default program for KIND (epub, pdf, docx)."""
    folder = options.output_folder(root, out)
    candidates = [folder / "html" / "index.html"] if kind == "html" else sorted(folder.glob(f"*.{kind}"))
    files = [path for path in candidates if path.is_file() and not path.stem.endswith(("-print", "-cover"))]
    if not files:
        raise OerbookError(f"there is no {kind} in {folder}", hint=f"Build it first: oerbook build {kind}")
    click.echo(escape_control(str(files[0])))
    if not only_print and click.launch(files[0].resolve().as_uri() if kind == "html" else str(files[0])) != 0:
        raise OerbookError(f"no program to open {files[0].name} was found", hint="Open it in your file manager.")
    return 0
