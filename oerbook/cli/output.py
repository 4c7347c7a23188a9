"""Everything the command line prints: findings, progress, results and errors."""

from __future__ import annotations

import difflib
import json
import os
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from oerbook.cli.locations import collapse_findings_of_line, describe_other_places
from oerbook.errors import OerbookError
from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding, Severity
from oerbook.text.characters import escape_control

if TYPE_CHECKING:
    from oerbook.tasks.publish import PublishResult
    from oerbook.tasks.submissions.merge import BranchResult, MergeReport

ISSUES_ADDRESS = "https://github.com/oerbook/oerbook/issues"
COLOR_BY_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
BRANCH_STATE_SYMBOLS = {"merged": ("✓", "green"), "there": ("·", "blue"), "older": ("·", "blue")}


def escape_newlines(text: str) -> str:
    """Escape line breaks, so that text from a book cannot look like another finding."""
    return text.replace("\n", "\\n")


def print_info(text: str) -> None:
    """Print a line to standard error."""
    click.echo(escape_control(text), err=True)


def print_error(problem: OerbookError) -> None:
    """Print why the command cannot continue."""
    click.echo(click.style("error: ", fg="red", bold=True) + escape_control(problem.message), err=True)
    if problem.hint:
        click.echo(f"  {escape_control(problem.hint)}", err=True)


def print_internal_error(error: Exception) -> None:
    """Print a traceback and ask for a bug report."""
    click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(click.style("This is a bug in oerbook, not a problem in your book.", bold=True), err=True)
    click.echo(f"Please report it at {ISSUES_ADDRESS} with the lines above and the command you ran.", err=True)


def print_findings(items: Iterable[Finding], verbose: bool, strict: bool, *, to_stderr: bool = True) -> None:
    """Print findings and a summary; notes (severity info) are only counted unless `verbose`.

    They go to standard error or, with `to_stderr=False`, to standard output. The summary goes to standard error.
    """
    everything = list(items)
    visible = [f for f in everything if verbose or f.severity is not Severity.INFO]
    for finding, *others in group_findings(visible):
        _finding(finding, to_stderr)
        if others:
            places = escape_control(
                escape_newlines(describe_other_places(finding.place, [other.place for other in others]))
            )
            click.echo(f"  {wrap_text(places, _width(to_stderr), 2)}", err=to_stderr)
    if everything:
        click.echo(summarize_findings(everything, strict, len(everything) - len(visible)), err=True)


def group_findings(items: list[Finding]) -> list[list[Finding]]:
    """Group findings with the same message: per page, or per book if they occur on more than three pages.

    Of many findings of one kind in one line, which have one cause, only the first is kept, and says so.
    """
    items = collapse_findings_of_line(items)
    pages: dict[tuple[str, str, str], set[str]] = {}
    for finding in items:
        pages.setdefault((finding.code, finding.message, finding.hint), set()).add(finding.place.path)
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in items:
        text = (finding.code, finding.message, finding.hint)
        page = finding.place.path if len(pages[text]) <= 3 else ""
        groups.setdefault((*text, page, finding.severity.value), []).append(finding)
    return list(groups.values())


def _finding(finding: Finding, aside: bool = True) -> None:
    """Print a finding: place, severity, message, code, and below them the hint."""
    severity = click.style(f"{finding.severity.value}:", fg=COLOR_BY_SEVERITY[finding.severity], bold=True)
    place, message = (
        escape_control(escape_newlines(str(finding.place))),
        escape_control(escape_newlines(finding.message)),
    )
    code, width = f"[{finding.code}]", _width(aside)
    text = wrap_text(f"{message} {code}", width, len(f"{place}: {finding.severity.value}: ")).removesuffix(code)
    click.echo(f"{click.style(place, bold=True)}: {severity} {text}{click.style(code, dim=True)}", err=aside)
    if finding.hint:
        click.echo(f"  {wrap_text(escape_control(escape_newlines(finding.hint)), width, 2)}", err=aside)


def _width(aside: bool) -> int:
    """Return the number of columns of the terminal; 0 if the stream is not a terminal."""
    return shutil.get_terminal_size().columns if (sys.stderr if aside else sys.stdout).isatty() else 0


def wrap_text(text: str, width: int, used: int) -> str:
    """Wrap text between words to `width` columns, of which the first line has `used` already; 0: do not wrap.

    >>> print(wrap_text("the picture worm.png is missing", 20, 5))
    the picture
      worm.png is
      missing
    """
    if not width:
        return text
    indent = " " * used
    lines = textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)[used:]


def print_findings_diff(
    added: Iterable[Finding], fixed: Iterable[Finding], current: tuple[Finding, ...], *, verbose: bool
) -> None:
    """Print new findings, how many were fixed, and how many are left."""
    shown = [f for f in added if verbose or f.severity is not Severity.INFO]
    fixed_count = sum(1 for f in fixed if verbose or f.severity is not Severity.INFO)
    for finding in shown:
        _finding(finding)
    if shown or fixed_count:
        left = f"{summarize_findings(list(current), strict=False)} left" if current else "no problems left"
        print_info(", ".join([*([f"{fixed_count} fixed"] if fixed_count else []), left]))


def summarize_findings(items: list[Finding], strict: bool, hidden: int = 0) -> str:
    """Return the number of findings of each severity as text; `hidden` notes were not printed."""
    counts = {severity: sum(1 for f in items if f.severity is severity) for severity in Severity}
    parts = [_count(counts[Severity.ERROR], "error"), _count(counts[Severity.WARNING], "warning")]
    parts.append(_count(counts[Severity.INFO], "note") + (" (shown with -v)" if hidden else ""))
    text = ", ".join(part for part in parts if not part.startswith("0 "))
    return text + (" (--strict: warnings count as errors)" if strict and counts[Severity.WARNING] else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def exit_code(items: Iterable[Finding], *, strict: bool) -> int:
    """Return 1 if there are errors (with `strict`: or warnings), else 0."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(finding.severity in failing for finding in items) else 0


def print_report(
    output_format: str,
    items: tuple[Finding, ...],
    before: tuple[Finding, ...] | None,
    *,
    verbosity: int,
    strict: bool,
) -> int:
    """Print the findings of a check in an output format and return the exit code.

    The findings `before` do not count. `verbosity` is 1 with notes, 0, or -1 for findings only.
    """
    from oerbook.reports import REPORTS

    if output_format == "text":
        print_findings(items, verbosity > 0, strict, to_stderr=False)
        if before and verbosity >= 0:
            print_info(f"{_count(len(before), 'existing finding')} (not counted)")
        if not items and verbosity >= 0:
            print_info("no problems found")
    else:
        click.echo(REPORTS[output_format].render(items, before))
    return exit_code(items, strict=strict)


def print_merge_report(result: MergeReport, *, verbose: bool, strict: bool, quiet: bool) -> None:
    """Print what happened to each branch, and how many were merged."""
    for branch_result in result.results:
        if quiet and branch_result.state in BRANCH_STATE_SYMBOLS:
            continue
        mark, color = BRANCH_STATE_SYMBOLS.get(branch_result.state, ("✗", "red"))
        text = escape_control(escape_newlines(branch_result.branch + _branch_state(branch_result)))
        click.echo(f"{click.style(mark, fg=color, bold=True)} {text}")
        if branch_result.state not in BRANCH_STATE_SYMBOLS or verbose:
            print_findings(branch_result.findings, verbose, strict, to_stderr=False)
    merged, refused = (
        len(result.with_state("merged")),
        len(result.with_state("refused")) + len(result.with_state("unrelated")),
    )
    state = "would be merged" if result.dry_run else "merged"
    print_info(f"{merged} {state} into {result.onto}, {refused} skipped")


def _branch_state(branch_result: BranchResult) -> str:
    if branch_result.newer_branch:
        return f": older copy of {branch_result.newer_branch}, which is used instead"
    if branch_result.state == "there":
        return ": already merged"
    return f", by {', '.join(branch_result.people)}" if branch_result.people else ""


def print_unused_allow(allow: Iterable[str], items: Iterable[Finding]) -> None:
    """Report codes given with --allow that no finding has; they may be misspelt."""
    codes = {finding.code for finding in items}
    for code in sorted(set(allow) - codes):
        close = difflib.get_close_matches(code, codes, 1)
        print_info(f"--allow {code}: no finding has this code" + (f"; did you mean {close[0]}?" if close else ""))


def print_publish_result(result: PublishResult, *, dry_run: bool, quiet: bool) -> None:
    """Print where the site was published and how many files changed."""
    counts = f"{result.added} added, {result.changed} changed, {result.removed} removed"
    if not any((result.added, result.changed, result.removed)):
        print_info(f"{result.destination} is up to date")
    elif dry_run:
        print_info(f"{counts} on {result.destination} (dry run, nothing was published)")
    elif not quiet:
        click.echo(f"{click.style('published', bold=True)} to {escape_control(result.destination)}: {counts}")
        if result.address:
            print_info(f"The site appears at {escape_control(result.address)} as soon as the host has updated it.")
    if result.uncommitted:
        print_info(
            "The site contains uncommitted changes, so it is not kept as an edition. To keep it, run: git commit"
        )


def print_work_tree_update(result: MergeReport) -> None:
    """Report whether the work tree was updated to the merged branch, and how to do so if it was not."""
    if result.updated_folder and result.with_state("merged"):
        print_info(f"Your folder is on {result.onto}, with everything that was merged.")
    elif result.updated_folder:
        print_info(f"Your folder was updated to {result.onto}.")
    elif result.outdated_head:
        print_info(
            f"Your folder was not updated: {escape_control(result.outdated_reason)}. It shows"
            f" {result.outdated_head[:10]}, an older commit of {result.onto}, with no branch checked out."
        )
        print_info(f"To update it: git stash, git switch {result.onto}, git stash pop. Commit only after that.")


def print_artifacts(items: Iterable[Artifact], seconds: float) -> None:
    """Print the built files and how long the build took."""
    for artifact in items:
        path = os.path.relpath(artifact.path)
        target = f"{path}/index.html" if artifact.path.is_dir() else path
        click.echo(f"{click.style(artifact.format.ljust(5), bold=True)} {target}")
    click.echo(click.style(f"done in {seconds:.1f} s", dim=True), err=True)


def print_json(value: Mapping[str, object]) -> None:
    """Print a value as JSON to standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


class ProgressBars:
    """Progress display: bars on a terminal, one line per stage elsewhere, nothing if quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.is_terminal = sys.stderr.isatty() and not quiet

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[..., None]]:
        """Show a stage while the context is open; the value advances the bar."""
        if self.quiet:
            yield lambda *_: None
        elif not self.is_terminal:
            click.echo(f"{name} …", err=True)
            yield lambda *_: None
        else:
            with self._bar(name, total) as advance:
                yield advance

    @contextmanager
    def _bar(self, name: str, total: int | None) -> Iterator[Callable[..., None]]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = [SpinnerColumn(finished_text="✓"), TextColumn("{task.description:<16}"), BarColumn(24)]
        count = [MofNCompleteColumn()] if total else []
        with Progress(*columns, *count, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
            task = progress.add_task(name, total=total)
            yield lambda step=1, *_: progress.advance(task, step if isinstance(step, int) else 1)
            progress.update(task, total=total or 1, completed=total or 1)
