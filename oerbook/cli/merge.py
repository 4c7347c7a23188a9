"""oerbook merge: the editor's queue."""

from __future__ import annotations

import re
from pathlib import Path

import click

from oerbook.cli import options

NAMED = re.compile(r"[^<>\n]*[^<>\s][^<>\n]*<[^<>\s]+>\s*")


@click.command("merge")
@click.argument("branches", nargs=-1, metavar="[BRANCH]...")
@options.root
@options.out("Where what was worked out is kept")
@click.option("--onto", default="", metavar="BRANCH", help="The book's branch [default: the one checked out].")
@click.option("--reviewed-by", multiple=True, metavar='"NAME <MAIL>"', help="Who read the submissions.")
@click.option("--allow", multiple=True, metavar="CODE", help="Make remarks of the findings with this code.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--dry-run", is_flag=True, help="Say what would be merged; no branch moves.")
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", help="How to print.")
@click.option("-q", "--quiet", is_flag=True, help="Print what was refused only.")
@click.option("-v", "--verbose", is_flag=True, help="Print remarks as well.")
def command(
    branches: tuple[str, ...], root: Path, out: Path | None, onto: str, reviewed_by: tuple[str, ...],
    allow: tuple[str, ...], strict: bool, dry_run: bool, form: str, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Merge submissions into the book, oldest first: each is judged as check --base does, against the book as it stands.

    BRANCH is a name or a pattern, such as 'chapter-*' or 'refs/pull/*'; without one, all branches are taken that are not in
    the book yet. What passes becomes a merge commit that names everybody who wrote; what does not is left alone and
    reported. The folder and its index are not touched: a folder that shows the book's branch is left at the commit that it
    shows, and git switch brings it up to date.

    The exit code is 1 if a branch was refused.
    """
    from oerbook.cli import output
    from oerbook.tasks.submissions.merge import Wishes, merge
    from oerbook.tasks.submissions.report import as_json, as_markdown

    for reviewer in reviewed_by:
        if not NAMED.fullmatch(reviewer):
            raise click.UsageError('--reviewed-by takes a name and an address: "Ada Lee <ada@example.org>"')
    wishes = Wishes(branches, onto, reviewed_by, allow, strict, dry_run)
    queue = merge(root, out or root / "_build", wishes, output.Bars(quiet or form != "text"))
    if form == "text":
        output.queue(queue, verbose=verbose, strict=strict, quiet=quiet)
    else:
        click.echo({"json": as_json, "markdown": as_markdown}[form](queue))
    output.unmet(allow, (finding for verdict in queue.verdicts for finding in verdict.findings))
    if queue.behind:
        output.behind(queue.onto, queue.behind)
    return 1 if any(verdict.state in ("refused", "unrelated") for verdict in queue.verdicts) else 0
