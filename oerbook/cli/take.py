"""oerbook take: bring chapters of another book into this one."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control


@click.command("take")
@click.argument("source")
@click.argument("chapters", nargs=-1, required=True)
@click.option("--into", "part", default="", metavar="PART", help="The part it becomes a chapter of: folder or title.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@options.root_option
def command(source: str, chapters: tuple[str, ...], part: str, quiet: bool, root: Path) -> int:
    """Take CHAPTERS of the book at SOURCE (a folder or an address) into this one, with their history.

    Every word keeps its author. People, pictures, citations and the license come along, and the front matter of each
    chapter says where it is from. A license that forbids it stops the command before anything is written.
    """
    from oerbook.cli import output
    from oerbook.tasks.take.take import TakeRequest, take

    result = take(root, TakeRequest(source, chapters, part), output.ProgressBars(quiet))
    for page in result.pages:
        by = f", by {', '.join(page.authors)}" if page.authors else ""
        click.echo(escape_control(f"{page.path}{by} ({page.license})"))
        for name in page.files:
            click.echo(escape_control(f"  with {name}"))
    if result.outdated_reason:
        output.print_info(f"Your folder does not show it yet: {result.outdated_reason}. Then run git switch.")
    output.print_info("Next: oerbook check")
    return 0
