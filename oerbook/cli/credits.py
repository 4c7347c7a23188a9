"""oerbook credits: list who wrote the book, and explain why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from oerbook.cli import options, output
from oerbook.errors import OerbookError
from oerbook.git.log import commit_subjects
from oerbook.model.book import Book, Chapter, Credit, Credits
from oerbook.model.people import Contributor
from oerbook.source.book import read_book
from oerbook.tasks.credits.authorship import Authorship, compute_authorship_below
from oerbook.tasks.credits.report import build_report, select_pages
from oerbook.text.characters import escape_control, spreadsheet_text


@click.command("credits")
@options.root_option
@click.option("--chapter", "chapters", multiple=True, metavar="NAME", help="Only this chapter (file or page name).")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--words", is_flag=True, help="With --format json: every surviving word in order, with its authors.")
@click.option("--explain", metavar="NAME", help="Explain why a person is credited: chapters, roles, commits.")
@options.out_option("Cache directory")
def command(
    root: Path, chapters: tuple[str, ...], output_format: str, words: bool, explain: str | None, out: Path | None
) -> int:
    """List who wrote the words of the book as it is today, from its git history.

    Moving, renaming, re-wrapping, merging and reverting text does not change its credit. Co-authors in trailers share a
    commit. Bots and writing assistants are never authors.
    """
    if words and output_format != "json":
        raise click.UsageError("--words needs --format json")
    book, _findings = read_book(root)
    result = compute_authorship_below(book, options.cache_folder(root, out))
    pages = tuple(dict.fromkeys(select_pages(book, chapters)))
    selected = _merged(result.credits, pages, book.settings.credit.order) if chapters else result.credits.book
    if explain:
        click.echo(explain_credit(book, result, explain))
    elif output_format == "json":
        output.print_json(build_report(book, result, pages, words))
    elif output_format == "csv":
        click.echo(format_csv(result.credits, selected), nl=False)
    else:
        word_count = sum(len(result.origins.get(page.path, "")) for page in pages)
        click.echo(format_table(result.credits, selected, word_count))
        notes = (*result.findings, *result.report_similar_names(book), *result.report_people_without_file(book))
        output.print_findings(notes, verbose=True, strict=False)
    return 0


CREDIT_COLUMNS = ("who", "words", "share", "chapters", "roles", "first", "last")
NUMERIC_COLUMN_INDEXES = frozenset({1, 2, 3})
MAX_COLUMN_WIDTH = 40
MAX_SUGGESTIONS = 12


def table_rows(credits: Credits, selected: Sequence[Credit]) -> Iterator[tuple[str, ...]]:
    """Yield a row of cells for each selected credit; `chapters` counts those of the whole book."""
    names = {person.id: person.name for person in credits.people}
    chapter_counts = {
        person: sum(1 for _slug, chapter in credits.chapters for c in chapter if c.person == person and c.words)
        for person in names
    }
    for credit in selected:
        if credit.person in names:
            yield (
                names[credit.person],
                f"{credit.words:.0f}",
                f"{credit.share:.1%}",
                str(chapter_counts[credit.person]),
                ", ".join(credit.roles),
                credit.first,
                credit.last,
            )


def _merged(credits: Credits, pages: Sequence[Chapter], order: str) -> Sequence[Credit]:
    """Return the credits of some pages, one for each person, in the order of the book's policy."""
    if len(pages) == 1:
        return credits.for_chapter(pages[0].slug)
    by_person: dict[str, list[Credit]] = {}
    total = 0.0
    for page in pages:
        page_credits = credits.for_chapter(page.slug)
        for credit in page_credits:
            by_person.setdefault(credit.person, []).append(credit)
        # A share is one of all people's words, also of those who are not listed.
        total += max((credit.words / credit.share for credit in page_credits if credit.share), default=0.0)
    merged = [_sum(c, by_person[c.person], total) for c in credits.book if c.person in by_person]
    return sorted(merged, key=lambda credit: (not credit.is_author, -credit.words if order == "share" else 0))


def _sum(book_credit: Credit, parts: Sequence[Credit], total: float) -> Credit:
    """Return one person's credits added up; `total` is the number of all people's words."""
    words = sum(credit.words for credit in parts)
    roles = {role for credit in parts for role in credit.roles}
    commits = {commit for credit in parts for commit in credit.commits}
    return Credit(
        person=book_credit.person,
        words=words,
        share=words / total if total else 0.0,
        roles=tuple(role for role in book_credit.roles if role in roles) or parts[0].roles,
        commits=tuple(commit for commit in book_credit.commits if commit in commits),
        first=min((credit.first for credit in parts if credit.first), default=""),
        last=max(credit.last for credit in parts),
        declared=any(credit.declared for credit in parts),
        is_author=any(credit.is_author for credit in parts),
    )


def format_table(credits: Credits, selected: Sequence[Credit], word_count: int) -> str:
    """Return the table for a terminal; `word_count` is the number of surviving words in the selected pages."""
    table = [[escape_control(cell) for cell in row] for row in (CREDIT_COLUMNS, *table_rows(credits, selected))]
    widths = [min(MAX_COLUMN_WIDTH, max(len(row[column]) for row in table)) for column in range(len(CREDIT_COLUMNS))]
    lines = []
    for index, row in enumerate(table):
        cells = [_cell(cell, widths[column], column in NUMERIC_COLUMN_INDEXES) for column, cell in enumerate(row)]
        line = "  ".join(cells).rstrip()
        lines.append(click.style(line, bold=True) if index == 0 else line)
    writers = sum(1 for row in table[1:] if row[1] != "0")
    lines += ["", f"{word_count} words by {_people(writers)}; {_people(len(table) - 1)} contributed."]
    if credits.tools:
        lines.append(
            f"Writing assistants disclosed in commits (never authors): {escape_control(', '.join(credits.tools))}"
        )
    return "\n".join(lines)


def _cell(text: str, width: int, align_right: bool) -> str:
    truncated = text if len(text) <= width else text[: width - 1] + "…"
    return truncated.rjust(width) if align_right else truncated.ljust(width)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def format_csv(credits: Credits, selected: Sequence[Credit]) -> str:
    """Return the table as comma-separated values."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CREDIT_COLUMNS)
    for row in table_rows(credits, selected):
        writer.writerow(map(spreadsheet_text, row))
    return stream.getvalue()


def explain_credit(book: Book, result: Authorship, name: str) -> str:
    """Return why a person is credited: roles, names in commits, chapters, and the commits.

    Raises OerbookError if the name fits no contributor, or several.
    """
    credits = result.credits
    person = _find_person(credits, name)
    if person is None or result.ledger is None:
        raise _no_such_person(credits, name)
    credit = next(c for c in credits.book if c.person == person.id)
    aliases = [n for n in result.ledger.identities.commit_names(person.id) if n != person.name and "@" not in n]
    lines = [click.style(escape_control(person.name), bold=True) + f" ({escape_control(person.id)})"]
    lines += [f"  also commits as: {escape_control(', '.join(aliases))}"] if aliases else []
    lines.append(
        f"  roles: {escape_control(', '.join(credit.roles)) or 'none'}"
        + ("; named in the book's files" if credit.declared else "")
    )
    lines.append(f"  surviving words: {credit.words:.0f} of {credits.words} ({credit.share:.1%})")
    pages = {page.slug: page for page in (book.index, *book.chapters)}
    lines += [
        f"  {escape_control(pages[slug].path)}: {c.words:.0f} words ({c.share:.1%}) as"
        f" {escape_control(', '.join(c.roles))}"
        for slug, chapter in credits.chapters
        for c in chapter
        if c.person == person.id
    ]
    commits = {commit.sha: commit for commit in result.ledger.history.commits}
    lines.append(f"  {len(credit.commits)} commits" + (f", {credit.first} to {credit.last}:" if credit.commits else ""))
    for sha, subject in zip(credit.commits, commit_subjects(book.root, credit.commits), strict=True):
        lines.append(f"    {sha[:10]}  {commits[sha].date}  {escape_control(subject[:90])}")
    return "\n".join(lines)


def _candidates(credits: Credits, name: str) -> list[Contributor]:
    """Return the people with this id, name or GitHub account, else those whose name contains it."""
    wanted = name.casefold()
    exact = [p for p in credits.people if wanted in (p.id.casefold(), p.name.casefold(), p.github.casefold())]
    return exact or [p for p in credits.people if wanted in p.name.casefold()]


def _find_person(credits: Credits, name: str) -> Contributor | None:
    people = _candidates(credits, name)
    return people[0] if len(people) == 1 else None


def _no_such_person(credits: Credits, name: str) -> OerbookError:
    people = _candidates(credits, name)
    names = ", ".join(sorted(p.name for p in people or credits.people)[:MAX_SUGGESTIONS])
    problem = "fits several people" if people else "is not a contributor of this book"
    return OerbookError(f"“{escape_control(name)}” {problem}", hint=f"Name one of: {escape_control(names)} …")
