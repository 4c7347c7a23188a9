"""oerbook check: check the book or a submission."""

from __future__ import annotations

import time
from pathlib import Path

import click

from oerbook.cli import options

OUTPUT_FORMATS = ("text", "json", "github", "sarif", "markdown")


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.root_option
@options.out_option("Cache directory")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(OUTPUT_FORMATS),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--base", metavar="REF", help="Check the submission at HEAD against the book at REF.")
@click.option("--allow", multiple=True, metavar="CODE", help="Downgrade findings with this code to notes.")
@click.option("--links", is_flag=True, help="Check external links.")
@click.option("--formats", is_flag=True, help="Build all formats, and check that each shows what the book holds.")
@click.option("--against", type=click.Path(path_type=Path), metavar="DIR", help="Texts that no chapter may copy.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes as well.")
def command(
    paths: tuple[Path, ...], root: Path, out: Path | None, strict: bool, output_format: str, base: str | None,
    allow: tuple[str, ...], links: bool, formats: bool, against: Path | None, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Check the book, or some of its files (PATHS), for problems. Nothing is changed and no code is run.

    With --base, REF and HEAD are read from git and uncommitted files are ignored. Reported are the findings that the
    commits between them add, and changes to what belongs to others. The settings of REF apply.

    The exit code is 1 if there are errors (with --strict: or warnings).
    """
    from oerbook.cli import output
    from oerbook.tasks.check import check as task

    progress, cache = output.ProgressBars(quiet or output_format != "text"), options.cache_folder(root, out)
    before, is_empty = None, False
    if base is None:
        check_options = task.CheckOptions(check_links=links, now_s=int(time.time()), against=against)
        found = task.check(root, cache, check_options, progress)
        if formats:
            found = task.add_format_findings(found, root, cache, progress)
        findings = task.findings_in_paths(found, paths, root)
    else:
        from oerbook.tasks.submissions.review import ReviewRequest, review

        if links or against or formats:
            message = "--links, --formats and --against check the files in the folder; use them without --base."
            raise click.UsageError(message)
        result = review(root, cache, ReviewRequest(base), progress)
        findings = task.findings_in_paths(result.new, paths, root)
        before = task.findings_in_paths(result.existing, paths, root)
        is_empty = result.empty
        _print_confinement(output_format)
    output.print_unused_allow(allow, findings)
    noted = task.downgrade_to_notes(findings, allow)
    code = output.print_report(output_format, noted, before, verbosity=verbose - quiet, strict=strict)
    if is_empty:
        output.print_info(f"{base} contains all commits of HEAD: nothing to check. Commit your changes first.")
    return code


def _print_confinement(output_format: str) -> None:
    """Say what kept the submission in while it was read."""
    from oerbook.cli import output
    from oerbook.sandbox import kernel

    if output_format == "text":
        weaker = "Python's audit hook alone, which is weaker (see oerbook doctor)"
        output.print_info(f"the submission was confined by {kernel.describe_confinement() or weaker}")
