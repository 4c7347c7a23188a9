"""oerbook credits: who wrote what, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from oerbook.cli import options, output
from oerbook.errors import OerbookError
from oerbook.model.book import Book, Chapter, Credit, Credits
from oerbook.source.book import read_book
from oerbook.tasks.build.cache_owner import trusted
from oerbook.tasks.credits.authorship import Authorship, authorship
from oerbook.tasks.credits.report import chosen, report
from oerbook.text.characters import safe


@click.command("credits")
@options.root
@click.option("--chapter", "chapters", multiple=True, metavar="NAME", help="Only this chapter (its file or page name).")
@click.option("--format", "shape", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--words", is_flag=True, help="With --format json: every surviving word, in order, with its authors.")
@click.option("--explain", metavar="NAME", help="Say why somebody is credited: chapters, roles, commits.")
@options.out("Where work is kept")
def command(
    root: Path, chapters: tuple[str, ...], shape: str, words: bool, explain: str | None, out: Path | None
) -> int:
    """Say who wrote the words that stand in the book today, from its git history.

    Moving, renaming, re-wrapping, merging and reverting change nobody's credit; co-authors in trailers share a commit;
    bots and writing tools are never authors.
    """
    if words and shape != "json":
        raise click.UsageError("--words needs --format json")
    book, _findings = read_book(root)
    work = (out or root / "_build") / ".cache"
    trusted(work)
    found = authorship(book, work)
    pages = chosen(book, chapters)
    if explain:
        click.echo(explained(book, found, explain))
    elif shape == "json":
        output.as_json(report(book, found, pages, words))
    elif shape == "csv":
        click.echo(as_csv(found.credits, pages if chapters else ()), nl=False)
    else:
        click.echo(as_text(found.credits, pages if chapters else ()))
        output.findings((*found.findings, *found.unmapped(book)), verbose=True, strict=False)
    return 0


HEAD = ("who", "words", "share", "chapters", "roles", "first", "last")


def rows(credits: Credits, pages: Sequence[Chapter]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each person, of the whole book or of some chapters, in the order of the book's policy."""
    names = {person.id: person.name for person in credits.people}
    written = {
        person: sum(1 for _slug, found in credits.chapters for one in found if one.person == person and one.words)
        for person in names
    }
    for credit in _merged(credits, pages) if pages else credits.book:
        if credit.person in names:
            yield (
                names[credit.person],
                f"{credit.words:.0f}",
                f"{credit.share:.1%}",
                str(written[credit.person]),
                ", ".join(credit.roles),
                credit.first,
                credit.last,
            )


def _merged(credits: Credits, pages: Sequence[Chapter]) -> list[Credit]:
    if len(pages) == 1:
        return list(credits.of(pages[0].slug))
    return [credit for page in pages for credit in credits.of(page.slug)]


def as_text(credits: Credits, pages: Sequence[Chapter]) -> str:
    """Return the table for a terminal."""
    found = [HEAD, *rows(credits, pages)]
    table = [[safe(cell) for cell in row] for row in found]
    widths = [min(40, max(len(row[column]) for row in table)) for column in range(len(HEAD))]
    right = {1, 2, 3}
    lines = []
    for place, row in enumerate(table):
        cells = [_cell(cell, widths[c], c in right) for c, cell in enumerate(row)]
        line = "  ".join(cells).rstrip()
        lines.append(click.style(line, bold=True) if place == 0 else line)
    standing = sum(1 for row in table[1:] if row[1] != "0")
    lines.append("")
    lines.append(f"{credits.words} words stand; {_people(standing)} wrote them, {_people(len(table) - 1)} took part.")
    if credits.tools:
        lines.append(f"Tools disclosed in commits (never authors): {safe(', '.join(credits.tools))}")
    return "\n".join(lines)


def _cell(text: str, width: int, right: bool) -> str:
    shown = text if len(text) <= width else text[: width - 1] + "…"
    return shown.rjust(width) if right else shown.ljust(width)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def as_csv(credits: Credits, pages: Sequence[Chapter]) -> str:
    """Return the table as comma-separated values."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for row in rows(credits, pages):
        # A spreadsheet takes a cell that begins with a sign of arithmetic for a formula.
        writer.writerow(["'" + cell if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in row])
    return out.getvalue()


def explained(book: Book, found: Authorship, name: str) -> str:
    """Return why somebody is credited: roles, names in commits, chapters, and the commits themselves.

    Raises OerbookError when nobody of that name took part.
    """
    wanted = name.casefold()
    credits = found.credits
    people = [p for p in credits.people if wanted in (p.id.casefold(), p.name.casefold(), p.github.casefold())]
    people = people or [p for p in credits.people if wanted in p.name.casefold()]
    if len(people) != 1 or found.ledger is None:
        names = ", ".join(sorted(p.name for p in people or credits.people)[:12])
        word = "fits several people" if people else "is nobody who took part"
        raise OerbookError(f"“{safe(name)}” {word}", hint=f"Name one of: {safe(names)} …")
    person = people[0]
    credit = next(one for one in credits.book if one.person == person.id)
    lines = [click.style(safe(person.name), bold=True) + f" ({safe(person.id)})"]
    also = [one for one in found.ledger.directory.names_of(person.id) if one != person.name and "@" not in one]
    lines += [f"  also commits as: {safe(', '.join(also))}"] if also else []
    lines.append(
        f"  roles: {safe(', '.join(credit.roles)) or 'none'}"
        + ("; named in the book's files" if credit.declared else "")
    )
    lines.append(f"  words that stand: {credit.words:.0f} of {credits.words} ({credit.share:.1%})")
    titles = {page.slug: page for page in (book.index, *book.chapters)}
    for slug, ledger in credits.chapters:
        for one in ledger:
            if one.person == person.id:
                page = titles[slug]
                lines.append(
                    f"  {safe(page.path)}: {one.words:.0f} words ({one.share:.1%}) as {safe(', '.join(one.roles))}"
                )
    commits = {commit.sha: commit for commit in found.ledger.history.commits}
    lines.append(f"  {len(credit.commits)} commits" + (f", {credit.first} to {credit.last}:" if credit.commits else ""))
    for sha in credit.commits:
        subject = commits[sha].message.split("\n")[0]
        lines.append(f"    {sha[:10]}  {commits[sha].date}  {safe(subject[:90])}")
    return "\n".join(lines)
