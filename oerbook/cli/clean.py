"""oerbook clean: remove build output."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options


@click.command("clean")
@options.root_option
@options.out_option("Output directory")
@click.option("--cache", is_flag=True, help="Remove the cache only; keep the built book.")
@click.option("-n", "--dry-run", is_flag=True, help="List what would be removed, and keep it.")
def command(root: Path, out: Path | None, cache: bool, dry_run: bool) -> int:
    """Remove build output: the built formats and the cache."""
    from oerbook.cli import output
    from oerbook.tasks.clean import remove_build_output

    removed = remove_build_output(root, options.output_folder(root, out), cache_only=cache, dry_run=dry_run)
    for path in removed:
        output.print_info(f"{'would remove' if dry_run else 'removed'} {path}")
    if not removed:
        output.print_info("nothing to clean")
    return 0
