"""oerbook theme: the designs there are, and the beginning of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import safe


@click.group("theme")
def command() -> None:
    """Say which designs there are, or begin one of the book's own."""


@command.command("list")
@options.root
def listing(root: Path) -> int:
    """Name every theme and where it comes from."""
    from oerbook.tasks.scaffold.new_theme import listed

    for name, origin in listed(root):
        click.echo(f"{safe(name):20} {origin}")
    return 0


@command.command("new")
@click.argument("name")
@click.option("--from", "base", default="classic", show_default=True, help="The theme that it builds on.")
@click.option("--full", is_flag=True, help="Copy its templates and style sheets as well, to be changed.")
@options.root
def new(name: str, base: str, full: bool, root: Path) -> int:
    """Begin a theme called NAME in themes/NAME of the book."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.new_theme import begin

    click.echo(safe(str(begin(root, name, base, full))))
    output.note(f"Change what you like in it, and write  theme: {name}  into chapters/index.md.")
    return 0
