"""oerbook take: bring chapters of another book into this one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control

if TYPE_CHECKING:
    from oerbook.tasks.progress import Progress


@click.command("take")
@click.argument("names", nargs=-1, metavar="[SOURCE] [CHAPTER]...")
@click.option("--into", "part", default="", metavar="PART", help="The part it becomes a chapter of: folder or title.")
@click.option(
    "--update", is_flag=True, help="Update chapters that were taken earlier with the changes at their source."
)
@click.option(
    "--from",
    "source",
    default="",
    metavar="SOURCE",
    help="With --update: the folder or address of the source, if it has moved.",
)
@click.option("--dry-run", is_flag=True, help="With --update: only show what changed.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@options.root_option
def command(
    names: tuple[str, ...], part: str, update: bool, source: str, dry_run: bool, quiet: bool, root: Path
) -> int:
    """Take CHAPTERs of the book at SOURCE (a folder or an address) into this one, with their history.

    Every word keeps its author. People, pictures, citations and the license come along, and the front matter of each
    chapter says where it is from. A license that forbids it stops the command before anything is written.

    With --update, no SOURCE is given: the chapters taken earlier (or those named) get what changed at their source.
    """
    from oerbook.cli import output

    if update and part:
        raise click.UsageError("--into is for a new chapter; --update changes chapters where they are.")
    if update:
        return _update(root, names, source, output.ProgressBars(quiet), dry_run=dry_run)
    if source or dry_run:
        raise click.UsageError("--from and --dry-run need --update.")
    if len(names) < 2:
        raise click.UsageError("Name SOURCE and the chapters to take, or give --update.")
    from oerbook.tasks.take.take import TakeRequest, take

    result = take(root, TakeRequest(names[0], names[1:], part), output.ProgressBars(quiet))
    for page in result.pages:
        by = f", by {', '.join(page.authors)}" if page.authors else ""
        click.echo(escape_control(f"{page.path}{by} ({page.license})"))
        for name in page.files:
            click.echo(escape_control(f"  with {name}"))
    for note in result.notes:
        output.print_info(note)
    _report_folder(result.outdated_reason)
    output.print_info("Next: oerbook check")
    return 0


def _update(root: Path, names: tuple[str, ...], source: str, progress: Progress, *, dry_run: bool) -> int:
    """Update taken chapters, and print what changed."""
    from oerbook.tasks.take.update import update_taken

    result = update_taken(root, names, source, progress, dry_run=dry_run)
    for page in result.pages:
        state = page.problem or ("" if page.changes else "nothing has changed")
        click.echo(escape_control(f"{page.path}: {state or f'{len(page.changes)} changed lines'}"))
        for line in page.changes:
            click.echo(escape_control(f"  {line}"))
    _report_folder(result.outdated_reason)
    return 1 if any(page.problem for page in result.pages) else 0


def _report_folder(outdated_reason: str) -> None:
    from oerbook.cli import output

    if outdated_reason:
        output.print_info(f"Your folder was not updated: {escape_control(outdated_reason)}.")
        output.print_info("To update it: git stash, git switch -, git stash pop. Commit only after that.")
