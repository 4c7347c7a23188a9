"""oerbook rights: the licenses of all parts of the book, and what they permit together."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.cli import options
from oerbook.errors import OerbookError
from oerbook.text.characters import escape_control, spreadsheet_text

if TYPE_CHECKING:
    from oerbook.model.book import Book
    from oerbook.tasks.rights import RelicensingObstacle, RightsRow

COLUMNS = ("part", "license", "title", "authors", "source")
MAX_COLUMN_WIDTH = 44
NOT_LEGAL_ADVICE_NOTE = "This is guidance, not legal advice."


@click.command("rights")
@options.root_option
@options.out_option("Cache directory")
@click.option("--for-license", metavar="LICENSE", help="List what stands in the way of publishing under this license.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(root: Path, out: Path | None, for_license: str | None, output_format: str) -> int:
    """List the pages, reused texts and images of the book with their licenses and sources.

    Below the table: what readers may do with the whole book. With --for-license: the parts that cannot have another
    license without consent, and whose consent is needed.
    """
    from oerbook.cli import output
    from oerbook.source.book import read_book
    from oerbook.tasks import rights

    book, _findings = read_book(root)
    rows = rights.list_rights(book)
    obstacles = _obstacles(book, options.cache_folder(root, out), for_license, rows) if for_license else []
    terms = rights.combine_terms_of_parts(rows)
    if output_format == "json":
        extra = {"for_license": for_license, "obstacles": [asdict(o) for o in obstacles]} if for_license else {}
        output.print_json({"parts": [asdict(row) for row in rows], "terms": asdict(terms), **extra})
    elif output_format == "csv":
        click.echo(_as_csv(rows), nl=False)
    elif output_format == "markdown":
        click.echo(_as_markdown(rows))
    elif for_license:
        click.echo(_obstacle_text(for_license, obstacles))
    else:
        click.echo(
            "\n".join([*_as_table(rows), "", *rights.describe_terms(book.language, terms), NOT_LEGAL_ADVICE_NOTE])
        )
    return 1 if obstacles else 0


def _obstacles(book: Book, out: Path, license_: str, rows: Sequence[RightsRow]) -> list[RelicensingObstacle]:
    """Return what keeps the book from a license; raises OerbookError if the license is not known."""
    from oerbook.licensing.spdx import closest_license, find_license
    from oerbook.tasks import rights
    from oerbook.tasks.credits.authorship import compute_authorship_below

    if find_license(license_) is None:
        close = closest_license(license_)
        hint = f"Did you mean {close}?" if close else "Write its SPDX id (spdx.org/licenses), for example CC-BY-4.0."
        raise OerbookError(f"the license {license_} is not known", hint=hint)
    credits = compute_authorship_below(book, out).credits
    return rights.relicensing_obstacles(rows, license_, rights.consent_by_path(book, credits))


def _cells(row: RightsRow) -> tuple[str, ...]:
    part = row.path.removeprefix("chapters/")
    indent = "" if row.kind == "page" else "  "
    return (
        f"{indent}{part if row.kind != 'text' else row.relation or 'uses'}",
        row.license or "?",
        row.title,
        row.authors,
        row.source,
    )


def _as_table(rows: Sequence[RightsRow]) -> list[str]:
    """Return the table for a terminal."""
    table = [COLUMNS, *(tuple(escape_control(cell) for cell in _cells(row)) for row in rows)]
    widths = [min(MAX_COLUMN_WIDTH, max(len(row[column]) for row in table)) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return [click.style(lines[0], bold=True), *lines[1:]]


def _as_csv(rows: Sequence[RightsRow]) -> str:
    from oerbook.tasks.rights import RightsRow

    names = [field.name for field in fields(RightsRow)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([spreadsheet_text(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue()


def _as_markdown(rows: Sequence[RightsRow]) -> str:
    """Return a Markdown table, as librarians keep it as a license tracker."""
    lines = [
        "| Part | Kind | Title | Authors | License | Source | Changes | Retrieved |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (row.path, row.kind, row.title, row.authors, row.license, row.source, row.changes, row.retrieved)
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _obstacle_text(license_: str, obstacles: Sequence[RelicensingObstacle]) -> str:
    if not obstacles:
        return f"Nothing stands in the way: every part may be published under {license_}. {NOT_LEGAL_ADVICE_NOTE}"
    lines = [f"{len(obstacles)} of the parts cannot be published under {license_} without consent:", ""]
    for obstacle in obstacles:
        clause = f" ({obstacle.clause})" if obstacle.clause else ""
        lines += [
            f"{obstacle.path}: “{obstacle.title}”, {obstacle.license or 'no license'}",
            f"  {obstacle.reason}{clause}",
        ]
        shares = [f"{name} ({share:.0%})" if share < 1 else name for name, share in obstacle.consent_of]
        people = ", ".join(shares)
        lines += [f"  Consent needed of: {people}"] if people else []
    return "\n".join([*map(escape_control, lines), "", NOT_LEGAL_ADVICE_NOTE])
