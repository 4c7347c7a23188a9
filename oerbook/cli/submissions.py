"""oerbook submissions: list the open submissions."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control

if TYPE_CHECKING:
    from oerbook.tasks.submissions.open_submissions import OpenSubmission

SECONDS_PER_DAY = 86400


@click.command("submissions")
@options.root_option
@options.out_option("Cache directory")
@click.option("--onto", default="", metavar="BRANCH", help="The book's branch [default: the one checked out].")
@click.option(
    "--format", "output_format", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="Output format.",
)  # fmt: skip
def command(root: Path, out: Path | None, onto: str, output_format: str) -> int:
    """List the branches and fetched pull requests that are not in the book yet, oldest first.

    For each: its age, authors, reviewers, the result of its last check by oerbook merge or check --base, and the
    files that conflict with the book as it is now.
    """
    from oerbook.cli import output
    from oerbook.tasks.submissions.open_submissions import list_submissions

    branch, rows = list_submissions(root, options.cache_folder(root, out), onto)
    if output_format == "json":
        output.print_json({"onto": branch, "submissions": [asdict(row) for row in rows]})
        return 0
    now_s = int(time.time())
    for row in rows:
        click.echo(f"{click.style(escape_control(row.branch), bold=True)}  {_age(now_s - row.updated_at)}")
        for line in _lines(row):
            click.echo(f"  {escape_control(line)}")
    output.print_info(f"{len(rows)} open {'submission' if len(rows) == 1 else 'submissions'} to {branch}")
    if any(row.check is None or row.outdated for row in rows):
        output.print_info("To check them: oerbook merge --dry-run")
    return 0


def _age(seconds: int) -> str:
    days = max(0, seconds) // SECONDS_PER_DAY
    return "today" if days == 0 else "1 day old" if days == 1 else f"{days} days old"


def _lines(row: OpenSubmission) -> list[str]:
    if row.problem:
        return [f"cannot be merged: {row.problem}"]
    lines = [f"by {', '.join(row.people) or 'nobody'}; {row.commits} commit{'' if row.commits == 1 else 's'}"]
    lines.append(f"reviewed by {', '.join(row.reviewers)}" if row.reviewers else "not reviewed")
    lines.append(_last_check(row))
    lines += [f"conflicts with the book in {', '.join(row.conflicts)}"] if row.conflicts else []
    return lines


def _last_check(row: OpenSubmission) -> str:
    if row.check is None:
        return "not checked yet"
    counts = ((row.check.errors, "error"), (row.check.warnings, "warning"))
    found = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number)
    return f"last check: {found or 'no problems'}" + ("; the book has changed since" if row.outdated else "")
