"""oerbook new: begin a chapter or a contributor's file."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.cli import options
from oerbook.text.characters import safe


@click.group("new")
def command() -> None:
    """Begin a chapter or a contributor's file, ready to be written in. No file is ever overwritten."""


@command.command("chapter")
@click.argument("title")
@click.option("--part", default="", help="The part it belongs to: its folder or title.")
@click.option("--author", default="", metavar="ID", help="Who writes it: the name of a file in contributors/.")
@options.root
def chapter(title: str, part: str, author: str, root: Path) -> int:
    """Begin a chapter called TITLE, with the next free number."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.new_file import new_chapter

    begun = new_chapter(root, title, part, author)
    click.echo(safe(begun.path))
    for note in begun.notes:
        output.note(note)
    output.note("Write over everything in [square brackets]; oerbook check says what is left.")
    return 0


@command.command("contributor")
@click.argument("name")
@click.option("--id", "chosen", default="", help="The file's name, if another person has this name already.")
@options.root
def contributor(name: str, chosen: str, root: Path) -> int:
    """Begin the file of a person called NAME."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.new_file import new_contributor

    click.echo(safe(new_contributor(root, name, chosen).path))
    output.note("Fill in what you want to be known; no e-mail address is needed, and none is ever printed.")
    return 0
