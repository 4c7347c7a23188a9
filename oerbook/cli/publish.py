"""oerbook publish: put the book's site where readers find it."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options


@click.command("publish")
@options.root
@options.out("Where the book is built")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Publish to a folder instead of a branch.")
@click.option("--remote", default="origin", show_default=True, help="The repository that the site is pushed to.")
@click.option("--branch", default="gh-pages", show_default=True, help="The branch that holds the site.")
@click.option("--no-push", is_flag=True, help="Move the branch of this repository only.")
@click.option("--lenient", is_flag=True, help="Publish in spite of warnings; errors always stop it.")
@click.option("-n", "--dry-run", is_flag=True, help="Build, and say what would change; nothing is published.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("-v", "--verbose", is_flag=True, help="Print remarks as well.")
def command(
    root: Path, out: Path | None, to: Path | None, remote: str, branch: str, no_push: bool, lenient: bool,
    dry_run: bool, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Build the book in all formats and publish its site: to the branch gh-pages of origin, or to a folder.

    The site of before is replaced in one step: readers see the old one or the new one, whatever happens. With
    warnings or errors nothing is published, and the exit code is 1.
    """
    import os

    from oerbook.cli import output
    from oerbook.tasks.publish import Wishes, publish

    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    wishes = Wishes(to, "" if no_push else remote, branch, not lenient, dry_run)
    epoch = int(given) if given.isdigit() else None
    done = publish(root, out or root / "_build", wishes, output.Bars(quiet), epoch)
    output.findings(done.findings, verbose, not lenient)
    if not done.where:
        output.note("Nothing was published. Mend what is listed above" + ("." if lenient else ", or give --lenient."))
        return 1
    output.published(done, dry_run=dry_run, quiet=quiet)
    return 0
