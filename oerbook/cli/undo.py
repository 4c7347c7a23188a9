"""oerbook undo: take a merged submission out of the book again."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control


@click.command("undo")
@click.argument("merge")
@options.root_option
@click.option("--onto", default="", metavar="BRANCH", help="The book's branch [default: the one checked out].")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change; change no branch.")
def command(merge: str, root: Path, onto: str, dry_run: bool) -> int:
    """Take a merged submission out of the book again, with a new commit; later changes stay.

    MERGE is the merge commit, the branch that was merged, or the number of a pull request (#12). History and credit
    stay right: nothing is removed from the history, and words that the submission had replaced are their authors'
    again. Undo the new commit to bring the submission back.
    """
    from oerbook.cli import output
    from oerbook.tasks.submissions.undo import undo

    result = undo(root, merge, onto, dry_run=dry_run)
    verb = "would undo" if dry_run else "undone"
    click.echo(f"{click.style(verb, bold=True)} {escape_control(result.subject)} ({result.undone[:10]})")
    for path in result.paths:
        click.echo(f"  {escape_control(path)}")
    if result.outdated_reason:
        output.print_info(f"Your folder was not updated: {escape_control(result.outdated_reason)}.")
        output.print_info(f"To update it: git stash, git switch {result.onto}, git stash pop.")
    if not dry_run:
        output.print_info(f"To bring it back: oerbook undo {result.commit[:10]}. Check the book now: oerbook check")
    return 0
