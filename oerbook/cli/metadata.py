"""oerbook metadata: records of the book for catalogs, repositories and citation managers."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options


@click.command("metadata")
@click.argument("kind", default="")
@options.root_option
@options.out_option("Cache directory")
def command(kind: str, root: Path, out: Path | None) -> int:
    """Print a record of the book: its title, people with their roles, license, identifiers and chapters.

    Without KIND, list the kinds of records.
    """
    from oerbook.metadata.records import RECORDS
    from oerbook.tasks.records import record_text

    if not kind:
        width = max(map(len, RECORDS))
        for name, record in RECORDS.items():
            click.echo(f"{name.ljust(width)}  {record.SUMMARY} ({record.FILE_NAME})")
        return 0
    click.echo(record_text(root, options.cache_folder(root, out), kind), nl=False)
    return 0
