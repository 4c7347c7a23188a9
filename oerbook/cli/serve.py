"""oerbook serve: preview the book while you write."""

from __future__ import annotations

import io
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.cli import options, output
from oerbook.text.characters import escape_control

if TYPE_CHECKING:
    from oerbook.errors import OerbookError
    from oerbook.tasks.preview.serve import FindingsDiff

DEFAULT_PORT = 8000


@click.command("serve")
@options.root_option
@options.out_option("Output directory of the preview", "_build/preview")
@click.option("--port", type=click.IntRange(0, 65535), help=f"Port [default: {DEFAULT_PORT}, or the next free one].")
@click.option(
    "--host", is_flag=False, flag_value="auto", default="", metavar="[ADDRESS]",
    help="Show the preview to other devices in the network too, for example a phone.",
)  # fmt: skip
@click.option("--open", "opened", is_flag=True, help="Open the preview in the browser.")
@click.option("-q", "--quiet", is_flag=True, help="Print the address and errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes as well.")
def command(
    root: Path, out: Path | None, port: int | None, host: str, opened: bool, quiet: bool, verbose: bool
) -> int:  # fmt: skip
    """Preview the book in the browser; a page is updated as soon as you save its file.

    Problems are shown on the page and here, with file and line; the rest of the book still builds. The preview can be
    opened on this machine only; with --host, everybody in the same network can. Press Ctrl-C to stop.
    """
    from oerbook.tasks.preview.serve import serve
    from oerbook.tools.preview_server import LOOPBACK_ADDRESS, ListenAddress, find_network_address

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    address = find_network_address() if host == "auto" else host or LOOPBACK_ADDRESS
    terminal = _Terminal(open_browser=opened, quiet=quiet, verbose=verbose, is_shared=bool(host))
    try:
        serve(
            root,
            out or options.output_folder(root, out) / "preview",
            terminal,
            ListenAddress(DEFAULT_PORT if port is None else port, bool(port), address),
        )
    except KeyboardInterrupt:
        if not terminal.address:
            raise
        click.echo(err=True)
    return 0


class _Terminal(output.ProgressBars):
    """Prints the events of a preview; implements `tasks.preview.serve.PreviewListener`."""

    def __init__(self, *, open_browser: bool, quiet: bool, verbose: bool, is_shared: bool) -> None:
        super().__init__(quiet)
        self.is_shared = is_shared
        self.open_browser, self.verbose = open_browser, verbose
        self.address = ""
        self.saved_at_s = 0.0

    def on_ready(self, title: str, address: str) -> None:
        """Print the address of the preview and open it in the browser if asked to."""
        self.address = address
        click.echo(f"{click.style(escape_control(title), bold=True)} is at {click.style(address, fg='cyan')}")
        if self.is_shared:
            click.echo(_qr_code(address), err=True)
            output.print_info("Everybody in this network can read the preview while it runs.")
        output.print_info("It is updated when you save. Press Ctrl-C to stop.")
        if self.open_browser:
            click.launch(address)

    def on_file_saved(self, path: str) -> None:  # noqa: ARG002 - the signature of PreviewListener
        """Record the time at which a file was saved."""
        self.saved_at_s = time.monotonic()

    def on_page_rendered(self, path: str, news: FindingsDiff) -> None:
        """Print how long it took until a page was updated, and its findings."""
        if not self.quiet:
            seconds = click.style(f"{time.monotonic() - self.saved_at_s:.2f} s", dim=True)
            click.echo(f"{time.strftime('%H:%M:%S')} {escape_control(path)} {seconds}", err=True)
        self.on_book_rebuilt(news)

    def on_book_rebuilt(self, news: FindingsDiff) -> None:
        """Print how the findings of the whole book changed."""
        output.print_findings_diff(news.new, news.fixed, news.current, verbose=self.verbose)

    def on_problem(self, error: OerbookError) -> None:
        """Print why the preview cannot be updated."""
        output.print_error(error)


def _qr_code(address: str) -> str:
    """Return a QR code in characters, for the camera of a phone."""
    import segno

    drawing = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawing, compact=True)
    return drawing.getvalue()
