"""oerbook serve: look at the book while it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.cli import options
from oerbook.text.characters import safe

if TYPE_CHECKING:
    from oerbook.errors import OerbookError
    from oerbook.tasks.preview.serve import News

PORT = 8000


@click.command("serve")
@options.root
@options.out("Where the preview is kept", "_build/preview")
@click.option("--port", type=click.IntRange(0, 65535), help=f"Where to listen [default: {PORT}, or the next free one].")
@click.option("--open", "opened", is_flag=True, help="Open the preview in the browser.")
@click.option("-q", "--quiet", is_flag=True, help="Print the address and errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print remarks as well.")
def command(root: Path, out: Path | None, port: int | None, opened: bool, quiet: bool, verbose: bool) -> int:
    """Show the book in the browser while you write: a page changes as soon as its file is saved.

    What is wrong is said in the page and here, with file and line; a chapter that is broken stops nothing. Only this
    machine can see the preview. Ctrl-C ends it.
    """
    import signal

    from oerbook.tasks.preview.serve import serve

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    audience = _audience(opened=opened, quiet=quiet, verbose=verbose)
    try:
        serve(root, out or root / "_build" / "preview", audience, PORT if port is None else port, fixed=bool(port))
    except KeyboardInterrupt:
        if not audience.address:
            raise
        click.echo(err=True)
    return 0


def _audience(*, opened: bool, quiet: bool, verbose: bool):  # type: ignore[no-untyped-def]
    import time

    from oerbook.cli import output

    class Terminal(output.Bars):
        """Says on the terminal what happens to the preview."""

        address = ""
        begun = 0.0

        def ready(self, title: str, address: str) -> None:
            self.address = address
            click.echo(f"{click.style(safe(title), bold=True)} is at {click.style(address, fg='cyan')}")
            output.note("It changes as you save. Ctrl-C ends it.")
            if opened:
                click.launch(address)

        def saved(self, path: str) -> None:
            self.begun = time.monotonic()

        def shown(self, path: str, news: News) -> None:
            if not quiet:
                took = f"{time.monotonic() - self.begun:.2f} s"
                click.echo(f"{time.strftime('%H:%M:%S')} {safe(path)} {click.style(took, dim=True)}", err=True)
            self.settled(news)

        def settled(self, news: News) -> None:
            output.changed(news.fresh, news.gone, news.now, verbose=verbose)

        def trouble(self, error: OerbookError) -> None:
            output.trouble(error)

    return Terminal(quiet)
