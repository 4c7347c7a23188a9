"""All printing: findings as lines that editors understand, progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from oerbook.errors import OerbookError
from oerbook.model.artifacts import Artifact
from oerbook.model.findings import Finding, Place, Severity
from oerbook.text.characters import safe

if TYPE_CHECKING:
    from oerbook.tasks.publish import Published
    from oerbook.tasks.submissions.merge import Queue

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
MOST_PLACES = 12  # that one finding is told of


def one_line(text: str) -> str:
    """Return text on one line: what a stranger wrote must not look like a finding of its own."""
    return text.replace("\n", "\\n")


def note(text: str) -> None:
    """Print a remark to standard error."""
    click.echo(safe(text), err=True)


def trouble(error: OerbookError) -> None:
    """Say why the work cannot go on."""
    click.echo(click.style("error: ", fg="red", bold=True) + safe(error.message), err=True)
    if error.hint:
        click.echo(f"  {safe(error.hint)}", err=True)


def bug(error: Exception) -> None:
    """Say that we made a mistake, with what a report needs."""
    click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(click.style("This is a mistake in oerbook, not in your book.", bold=True), err=True)
    click.echo("Please report it with the lines above and what you typed; your files are unharmed.", err=True)


def findings(found: Iterable[Finding], verbose: bool, strict: bool, *, aside: bool = True) -> None:
    """Print findings sorted by place; remarks (info) are counted unless `verbose`.

    They go to standard error, aside from what a command makes; to standard output where they are what it makes.
    """
    everything = list(found)
    shown = [f for f in everything if verbose or f.severity is not Severity.INFO]
    for finding, *others in alike(shown):
        _finding(finding, aside)
        if others:
            where = safe(one_line(also(finding.place, [other.place for other in others])))
            click.echo(f"  {folded(where, _width(aside), 2)}", err=aside)
    if everything:
        click.echo(summary(everything, strict, len(everything) - len(shown)), err=True)


def alike(found: list[Finding]) -> list[list[Finding]]:
    """Return findings that say the same of one page together, and of the whole book when more than three pages have it."""
    pages: dict[tuple[str, str, str], set[str]] = {}
    for finding in found:
        pages.setdefault((finding.code, finding.message, finding.hint), set()).add(finding.place.path)
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in found:
        said = (finding.code, finding.message, finding.hint)
        page = finding.place.path if len(pages[said]) <= 3 else ""
        groups.setdefault((*said, page, finding.severity.value), []).append(finding)
    return list(groups.values())


def also(first: Place, others: list[Place]) -> str:
    """Return the other places of a finding in a sentence, page by page; of very many, the first and how many more.

    >>> also(Place("a.md", 2), [Place("a.md", 5), Place("a.md", 9), Place("b.md", 1)])
    'Also in lines 5 and 9; in b.md:1'
    """
    told = others[:MOST_PLACES] if len(others) > MOST_PLACES + 2 else others
    pages: dict[str, list[str]] = {}
    for place in told:
        here = place.cell or (str(place.line) if place.line else "")
        pages.setdefault(place.path, []).append(here if place.path == first.path or not here.isdigit() else f":{here}")
    parts = []
    for path, spots in pages.items():
        if path == first.path:
            parts.append(("line " if len(spots) == 1 else "lines ") * spots[0].isdigit() + _listed(spots))
        else:
            parts.append(
                f"in {path}" + (_listed(spots) if spots[0].startswith(":") else f" ({_listed(spots)})" * bool(spots[0]))
            )
    rest = f"; and in {len(others) - len(told)} more places" if len(told) < len(others) else ""
    return f"Also in {'; '.join(parts).removeprefix('in ')}{rest}"


def _listed(spots: list[str]) -> str:
    return spots[0] if len(spots) == 1 else f"{', '.join(spots[:-1])} and {spots[-1]}"


def _finding(finding: Finding, aside: bool = True) -> None:
    """Print a finding: where, how grave, what, and what to do."""
    grade = click.style(f"{finding.severity.value}:", fg=COLOURS[finding.severity], bold=True)
    place, words = safe(one_line(str(finding.place))), safe(one_line(finding.message))
    code, width = f"[{finding.code}]", _width(aside)
    text = folded(f"{words} {code}", width, len(f"{place}: {finding.severity.value}: ")).removesuffix(code)
    click.echo(f"{click.style(place, bold=True)}: {grade} {text}{click.style(code, dim=True)}", err=aside)
    if finding.hint:
        click.echo(f"  {folded(safe(one_line(finding.hint)), width, 2)}", err=aside)


def _width(aside: bool) -> int:
    """Return how many letters a line of the terminal holds; 0 where no person reads along."""
    return shutil.get_terminal_size().columns if (sys.stderr if aside else sys.stdout).isatty() else 0


def folded(text: str, width: int, used: int) -> str:
    """Return a text in lines of whole words, the first of which has `used` letters already; of width 0, as it is.

    >>> print(folded("the picture worm.png is missing", 20, 5))
    the picture
      worm.png is
      missing
    """
    if not width:
        return text
    before = " " * used
    lines = textwrap.wrap(
        text, width, initial_indent=before, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)[used:]


def changed(fresh: Iterable[Finding], gone: Iterable[Finding], now: tuple[Finding, ...], *, verbose: bool) -> None:
    """Print the findings that are new, how many are mended, and how many there are now."""
    new = [f for f in fresh if verbose or f.severity is not Severity.INFO]
    mended = sum(1 for f in gone if verbose or f.severity is not Severity.INFO)
    for finding in new:
        _finding(finding)
    if new or mended:
        left = summary(list(now), strict=False)
        note(", ".join([*([f"{mended} mended"] if mended else []), f"now {left}" if left else "nothing left to mend"]))


def summary(found: list[Finding], strict: bool, hidden: int = 0) -> str:
    """Return how many findings of each grade there are, and what that means."""
    counts = {grade: sum(1 for f in found if f.severity is grade) for grade in Severity}
    parts = [_count(counts[Severity.ERROR], "error"), _count(counts[Severity.WARNING], "warning")]
    parts.append(_count(counts[Severity.INFO], "remark") + (" (shown with -v)" if hidden else ""))
    words = ", ".join(part for part in parts if not part.startswith("0 "))
    return words + (" (--strict: warnings count as errors)" if strict and counts[Severity.WARNING] else "")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def report(
    form: str,
    found: tuple[Finding, ...],
    before: tuple[Finding, ...] | None,
    *,
    verbose: bool,
    strict: bool,
    quiet: bool,
) -> int:
    """Print the findings of a check in a form, and return the exit code they mean; earlier ones count for nothing."""
    from oerbook.reports import REPORTS

    if form == "text":
        findings(found, verbose, strict, aside=False)
        if before and not quiet:
            note(f"{_count(len(before), 'finding')} in the book before, not held against the submission")
        if not found and not quiet:
            note("nothing to mend")
    else:
        click.echo(REPORTS[form].render(found, before))
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(finding.severity in grave for finding in found) else 0


def queue(done: Queue, *, verbose: bool, strict: bool, quiet: bool) -> None:
    """Print what became of every branch, and at the end how many went in."""
    signs = {"merged": ("✓", "green"), "there": ("·", "blue"), "older": ("·", "blue")}
    for verdict in done.verdicts:
        if quiet and verdict.state in signs:
            continue
        sign, colour = signs.get(verdict.state, ("✗", "red"))
        by = f", by {', '.join(verdict.people)}" if verdict.people else ""
        words = " is in the book already" if verdict.state == "there" else by
        words = f" is an older copy of {verdict.instead}, which is taken instead" if verdict.instead else words
        click.echo(f"{click.style(sign, fg=colour, bold=True)} {safe(one_line(verdict.branch + words))}")
        if verdict.state not in signs or verbose:
            findings(verdict.findings, verbose, strict, aside=False)
    merged, refused = len(done.of("merged")), len(done.of("refused")) + len(done.of("unrelated"))
    would = "would be merged" if done.dry_run else "merged"
    note(f"{merged} {would} into {done.onto}, {refused} left alone")


def unmet(allow: Iterable[str], found: Iterable[Finding]) -> None:
    """Say which codes were allowed in vain: a code that is misspelt allows nothing."""
    import difflib

    codes = {finding.code for finding in found}
    for code in sorted(set(allow) - codes):
        close = difflib.get_close_matches(code, codes, 1)
        note(f"--allow {code}: nothing was found under this code" + (f"; did you mean {close[0]}?" if close else ""))


def published(done: Published, *, dry_run: bool, quiet: bool) -> None:
    """Print where a site went, and what changed in it."""
    counts = f"{done.added} added, {done.changed} changed, {done.removed} removed"
    if not any((done.added, done.changed, done.removed)):
        note(f"{done.where} holds this site already")
    elif dry_run:
        note(f"{counts} on {done.where} (nothing was published)")
    elif not quiet:
        click.echo(f"{click.style('published', bold=True)} to {safe(done.where)}: {counts}")
        if done.address:
            note(f"Readers find it at {safe(done.address)}, as soon as the host has taken it up.")
    if done.altered:
        note(
            "The site holds changes of your folder that no commit holds, so it is kept under no tag. To keep them: git commit"
        )


def behind(onto: str, shown: str) -> None:
    """Say that a branch has moved on from what the folder shows."""
    note(
        f"{onto} has moved on. Your folder and its index are as they were: they show the commit {shown[:10]}, on no branch."
    )
    note(f"To see the book as it is now: git switch {onto}")


def artifacts(made: Iterable[Artifact], seconds: float) -> None:
    """Print what was made."""
    import os

    for artifact in made:
        path = os.path.relpath(artifact.path)
        shown = f"{path}/index.html" if artifact.format == "html" else path
        click.echo(f"{click.style(artifact.format.ljust(5), bold=True)} {shown}")
    click.echo(click.style(f"done in {seconds:.1f} s", dim=True), err=True)


def as_json(value: dict[str, Any]) -> None:
    """Print a value as JSON to standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


class Bars:
    """Progress as bars on a terminal, as one line a stage elsewhere, as nothing when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.terminal = sys.stderr.isatty() and not quiet

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[..., None]]:
        """Show one stage while it lasts."""
        if self.quiet:
            yield lambda *_: None
        elif not self.terminal:
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
        with Progress(*columns, *count, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
            task = bars.add_task(name, total=total)
            yield lambda step=1, *_: bars.advance(task, step if isinstance(step, int) else 1)
            bars.update(task, total=total or 1, completed=total or 1)
