"""oerbook theme: list themes and create one."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control


@click.group("theme")
def command() -> None:
    """List themes or create one."""


@command.command("list")
@options.root_option
def list_command(root: Path) -> int:
    """List all themes and where they come from."""
    from oerbook.tasks.scaffold.new_theme import list_themes

    for name, origin in list_themes(root):
        click.echo(f"{escape_control(name):20} {origin}")
    return 0


@command.command("new")
@click.argument("name")
@click.option("--from", "base", default="classic", show_default=True, help="The theme it is based on.")
@click.option("--full", is_flag=True, help="Also copy its templates and style sheets, so that you can edit them.")
@options.root_option
def new_command(name: str, base: str, full: bool, root: Path) -> int:
    """Create a theme called NAME in the book's folder themes/NAME."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.new_theme import create_theme

    click.echo(escape_control(str(create_theme(root, name, base, full))))
    output.print_info(f"Edit it, and set  theme: {name}  in chapters/index.md.")
    return 0
