"""oerbook init: begin a book."""

from __future__ import annotations

from pathlib import Path

import click

from oerbook.text.characters import safe

LICENSE = "CC-BY-4.0"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=Path())
@click.option("--title", default="", help="What the book is called.")
@click.option("--author", default="", help="Your name.")
@click.option("--license", "license", default="", help=f"The book's licence [default: {LICENSE}].")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--github", is_flag=True, help="Write workflows, forms and instructions for GitHub as well.")
@click.option("--update", is_flag=True, help="With --github: write those anew that nobody has changed.")
def command(folder: Path, title: str, author: str, license: str, yes: bool, github: bool, update: bool) -> int:
    """Begin a book in DIR: it asks for a title, your name and a licence, and makes a book that builds at once.

    No file that is there is touched. The folder becomes a git repository, unless it lies in one. With --github, a book that
    is there already gets what GitHub needs to judge submissions and to publish.
    """
    from oerbook.cli import output

    if update and not github:
        raise click.UsageError("--update goes with --github: it brings the files for GitHub up to date.")
    if not (github and (folder / "chapters" / "index.md").is_file()):
        _begin(folder, title, author, license, yes)
    if github:
        _host(folder, update)
        output.note(
            "Commit and push these files; then, in the repository's settings, let Pages come from GitHub Actions."
        )
    output.note(f"Now: cd {folder}, then oerbook build" if folder != Path() else "Now: oerbook build")
    return 0


def _begin(folder: Path, title: str, author: str, license: str, yes: bool) -> None:
    import sys

    from oerbook.cli import output
    from oerbook.git.process import user_name
    from oerbook.tasks.scaffold.new_book import Facts, begin

    called = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "A new book"
    here = user_name(Path.cwd()) or "The authors"
    asking = not yes and sys.stdin.isatty()
    title = title or (click.prompt("Title of the book", default=called) if asking else called)
    author = author or (click.prompt("Your name", default=here) if asking else here)
    license = license or (click.prompt("Licence", default=LICENSE) if asking else LICENSE)
    begun = begin(folder, Facts(title, author, license))
    for path in begun.made:
        click.echo(safe(str(folder / path)))
    for path in begun.kept:
        output.note(f"{folder / path} was there already and is as it was")
    if begun.repository:
        output.note("git was begun. Keep the first state: git add . && git commit -m 'Begin the book'")


def _host(folder: Path, update: bool) -> None:
    from oerbook.cli import output
    from oerbook.tasks.scaffold.github import host

    done = host(folder, update=update)
    for path in done.written:
        click.echo(safe(str(folder / path)))
    for path in done.left:
        output.note(f"{folder / path} was there already and is as it was")
    for path in done.beside:
        output.note(f"{folder / path.removesuffix('.new')} is yours now; our newer text lies beside it: {path}")
    for person in done.unnamed:
        output.note(
            f"{person} maintains something and has no github: in contributors/{person}.md, so CODEOWNERS leaves them out"
        )
