"""oerbook clean: throw away what was built."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options


@click.command("clean")
@options.root
@options.out("Where the book was built")
@click.option("--cache", is_flag=True, help="Throw away the cache only; the finished book stays.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would go, and leave it.")
def command(root: Path, out: Path | None, cache: bool, dry_run: bool) -> int:
    """Throw away what `oerbook build` made: the finished formats and the cache."""
    from oerbook.cli import output
    from oerbook.tasks.clean import clean

    gone = clean(out or root / "_build", cache_only=cache, dry_run=dry_run)
    for path in gone:
        output.note(f"{'would remove' if dry_run else 'removed'} {path}")
    if not gone:
        output.note("nothing to clean")
    return 0
