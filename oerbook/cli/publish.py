"""oerbook publish: publish the book's web site."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options


@click.command("publish")
@options.root_option
@options.out_option("Output directory")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Publish to a folder instead of a branch.")
@click.option("--remote", default="origin", show_default=True, help="The repository to push the site to.")
@click.option("--branch", default="gh-pages", show_default=True, help="The branch of the site.")
@click.option("--no-push", is_flag=True, help="Update the branch in this repository only.")
@click.option("--lenient", is_flag=True, help="Publish in spite of warnings (never in spite of errors).")
@click.option("--any-commit", is_flag=True, help="Publish what the folder shows, even if it is not the book's branch.")
@click.option("-n", "--dry-run", is_flag=True, help="Build and show what would change; publish nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes as well.")
def command(
    root: Path, out: Path | None, to: Path | None, remote: str, branch: str, no_push: bool, lenient: bool,
    any_commit: bool, dry_run: bool, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Check the book, build it in all formats and publish its site: to the branch gh-pages of origin, or to a folder.

    The folder must show the newest commit of the book's branch; otherwise nothing is published. The old site is
    replaced in one step, so readers never see half of an update. If there are warnings or errors, nothing is published
    and the exit code is 1.
    """
    from oerbook.cli import output
    from oerbook.tasks.publish import PublishOptions, publish

    publish_options = PublishOptions(to, "" if no_push else remote, branch, not lenient, dry_run, any_commit)
    result = publish(
        root,
        options.output_folder(root, out),
        publish_options,
        output.ProgressBars(quiet),
        options.read_source_date_epoch(),
    )
    output.print_findings(result.findings, verbose, not lenient)
    if not result.destination:
        output.print_info("Nothing was published. Fix the problems above" + ("." if lenient else ", or use --lenient."))
        return 1
    output.print_publish_result(result, dry_run=dry_run, quiet=quiet)
    return 0
