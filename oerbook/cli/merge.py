"""oerbook merge: review and merge submissions."""

from __future__ import annotations

import re
from pathlib import Path

import click

from oerbook.cli import options

NAME_AND_EMAIL = re.compile(r"[^<>\n]*[^<>\s][^<>\n]*<[^<>\s]+>\s*")


@click.command("merge")
@click.argument("branches", nargs=-1, metavar="[BRANCH]...")
@options.root_option
@options.out_option("Cache directory")
@click.option("--onto", default="", metavar="BRANCH", help="The book's branch [default: the one checked out].")
@click.option("--reviewed-by", multiple=True, metavar='"NAME <MAIL>"', help="A person who reviewed the submissions.")
@click.option("--allow", multiple=True, metavar="CODE", help="Downgrade findings with this code to notes.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--dry-run", is_flag=True, help="Show what would be merged; change no branch.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print refused submissions only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes as well.")
def command(
    branches: tuple[str, ...], root: Path, out: Path | None, onto: str, reviewed_by: tuple[str, ...],
    allow: tuple[str, ...], strict: bool, dry_run: bool, output_format: str, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Review submissions, oldest first, as check --base does, and merge those without errors.

    BRANCH is a name or a pattern, such as 'chapter-*' or 'refs/pull/*'. Without BRANCH, all unmerged branches except
    pull requests are reviewed. An accepted branch becomes a merge commit that names all its authors; a refused one is
    left unchanged and its findings are printed. If the book's branch is checked out and nothing is uncommitted, the
    folder is updated to the merged book; a folder with uncommitted changes stays as it is.

    The exit code is 1 if a branch was refused.
    """
    from oerbook.cli import output
    from oerbook.tasks.submissions.branches import has_fetched_pull_requests
    from oerbook.tasks.submissions.merge import MergeOptions, merge
    from oerbook.tasks.submissions.report import merge_report_to_json, merge_report_to_markdown

    for reviewer in reviewed_by:
        if not NAME_AND_EMAIL.fullmatch(reviewer):
            raise click.UsageError('--reviewed-by needs a name and an address: "Ada Lee <ada@example.org>"')
    merge_options = MergeOptions(branches, onto, reviewed_by, allow, strict, dry_run)
    result = merge(
        root, options.output_folder(root, out), merge_options, output.ProgressBars(quiet or output_format != "text")
    )
    if output_format == "text":
        output.print_merge_report(result, verbose=verbose, strict=strict, quiet=quiet)
    else:
        click.echo({"json": merge_report_to_json, "markdown": merge_report_to_markdown}[output_format](result))
    if not (branches or result.results) and has_fetched_pull_requests(root):
        output.print_info("Pull requests that you fetched are merged by name: oerbook merge 'refs/pull/*/head'")
    output.print_unused_allow(allow, (f for branch_result in result.results for f in branch_result.findings))
    output.print_work_tree_update(result)
    if result.stopped_by:
        output.print_error(result.stopped_by)
        output.print_info("The branches above are as reported; the others were not tried.")
        return 1
    return 1 if any(branch_result.state in ("refused", "unrelated") for branch_result in result.results) else 0
