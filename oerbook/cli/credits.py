"""oerbook credits: who wrote what, and why."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("credits")
@click.option(
    "-C", "--root", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="The book's folder."
)
@click.option("--chapter", "chapters", multiple=True, metavar="NAME", help="Only this chapter (its file or page name).")
@click.option("--format", "shape", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--words", is_flag=True, help="With --format json: every surviving word, in order, with its authors.")
@click.option("--explain", metavar="NAME", help="Say why somebody is credited: chapters, roles, commits.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where work is kept [default: _build].")
def command(
    root: Path, chapters: tuple[str, ...], shape: str, words: bool, explain: str | None, out: Path | None
) -> int:
    """Say who wrote the words that stand in the book today, from its git history.

    Moving, renaming, re-wrapping, merging and reverting change nobody's credit; co-authors in trailers share a commit;
    bots and writing tools are never authors.
    """
    from oerbook.cli import say
    from oerbook.cli.ledger import as_csv, as_text, explained
    from oerbook.source.book import read_book
    from oerbook.tasks.credits import authorship
    from oerbook.tasks.credits_report import chosen, report

    if words and shape != "json":
        raise click.UsageError("--words needs --format json")
    book, _findings = read_book(root)
    found = authorship(book, (out or root / "_build") / ".cache")
    pages = chosen(book, chapters)
    if explain:
        click.echo(explained(book, found, explain))
    elif shape == "json":
        say.as_json(report(book, found, pages, words))
    elif shape == "csv":
        click.echo(as_csv(found.credits, pages if chapters else ()), nl=False)
    else:
        click.echo(as_text(found.credits, pages if chapters else ()))
        say.findings((*found.findings, *found.unmapped(book)), verbose=True, strict=False)
    return 0
