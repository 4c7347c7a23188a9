"""oerbook new: create a chapter or a contributor's file."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import escape_control


@click.group("new")
def command() -> None:
    """Create a chapter or a contributor's file from a template. No file is overwritten."""


@command.command("chapter")
@click.argument("title")
@click.option("--part", default="", help="The part it belongs to: its folder or title.")
@click.option("--author", default="", metavar="ID", help="Its author: the name of a file in contributors/.")
@options.root_option
def chapter(title: str, part: str, author: str, root: Path) -> int:
    """Create a chapter called TITLE with the next free number."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.new_file import create_chapter

    created = create_chapter(root, title, part, author)
    click.echo(escape_control(created.path))
    for note in created.notes:
        output.print_info(note)
    output.print_info("Replace everything in [square brackets]; oerbook check lists what is left.")
    return 0


@command.command("contributor")
@click.argument("name")
@click.option("--id", "file_name", default="", help="The file's name, if another person has the same name.")
@options.root_option
def contributor(name: str, file_name: str, root: Path) -> int:
    """Create the file of a person called NAME."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.new_file import create_contributor

    click.echo(escape_control(create_contributor(root, name, file_name).path))
    output.print_info("Fill in what you want to publish. No e-mail address is needed; none is ever printed.")
    return 0
