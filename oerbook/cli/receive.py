"""oerbook receive: take in what an author sent as a file of a word processor."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control


@click.command("receive")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--author", required=True, metavar="NAME", help="Who wrote it, or who edited the copy.")
@click.option("--into", "part", default="", metavar="PART", help="The part of a new chapter: folder or title.")
@click.option("--style", "styles", multiple=True, metavar="NAME=KIND", help='What a paragraph style is: "HeadA=h1".')
@options.root_option
@options.out_option("Output directory")
@click.option("-q", "--quiet", is_flag=True, help="Print the reply only.")
def command(
    file: Path, author: str, part: str, styles: tuple[str, ...], root: Path, out: Path | None, quiet: bool
) -> int:
    """Make a submission of FILE, a Word file or OpenDocument text: a branch with a commit of its author.

    A copy that oerbook build docx --chapter NAME --for-editing made changes that chapter, only where the author changed
    it; any other file becomes a new chapter. The branch is reviewed like every submission, and a reply to the author is
    printed. The exit code is 1 if the review found errors.
    """
    from oerbook.cli import output
    from oerbook.cli.import_options import make_conversion_options
    from oerbook.tasks.receiving.receive import ReceiveRequest, receive

    wishes = make_conversion_options(styles, None, "", accept_changes=True)
    request = ReceiveRequest(file, author, part, wishes)
    received = receive(root, options.output_folder(root, out), request, output.ProgressBars(quiet))
    if not quiet:
        output.print_findings(received.findings, verbose=False, strict=False)
        output.print_info(f"The submission is the branch {escape_control(received.branch)}. A reply to the author:")
        output.print_info("")
    for line in received.reply.split("\n"):
        click.echo(escape_control(line))
    if not quiet:
        output.print_info(f"Next: oerbook merge {escape_control(received.branch)}")
    return output.exit_code(received.findings, strict=False)
