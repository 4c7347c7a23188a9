"""oerbook init: create a new book."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from oerbook.text.characters import escape_control

DEFAULT_LICENSE = "CC-BY-4.0"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=Path())
@click.option("--title", default="", help="The book's title.")
@click.option("--author", default="", help="Your name.")
@click.option("--license", "license_id", default="", help=f"The book's license [default: {DEFAULT_LICENSE}].")
@click.option("--yes", is_flag=True, help="Do not ask questions.")
@click.option("--github", is_flag=True, help="Also write workflows, forms and instructions for GitHub.")
@click.option("--update", is_flag=True, help="With --github: update those files that you have not edited.")
@click.option("--install-from", default="", metavar="URL", help="With --github: where workflows install oerbook from.")
def command(
    folder: Path, title: str, author: str, license_id: str, yes: bool, github: bool, update: bool, install_from: str
) -> int:  # fmt: skip
    """Create a book in DIR that builds immediately; asks for a title, your name and a license.

    No existing file is changed. The folder becomes a git repository unless it is already in one. With --github, an
    existing book gets the files GitHub needs to check submissions and to publish.
    """
    from oerbook.cli import output

    if install_from and not github:
        raise click.UsageError("--install-from needs --github: it is for the workflows.")
    if update and not github:
        raise click.UsageError("--update needs --github: it updates the files for GitHub.")
    if not (github and (folder / "chapters" / "index.md").is_file()):
        _create_book(folder, title, author, license_id, ask=not yes and sys.stdin.isatty())
    if github:
        _write_github_files(folder, update, install_from, ask=not yes and sys.stdin.isatty())
        output.print_info(
            "Commit and push these files. When the workflow has run once, open Pages in the repository's settings and"
            " set the source to Deploy from a branch, gh-pages, / (root)."
        )
    output.print_info(f"Next: cd {folder}, then oerbook build" if folder != Path() else "Next: oerbook build")
    return 0


def _create_book(folder: Path, title: str, author: str, license_id: str, *, ask: bool) -> None:
    from oerbook.cli import output
    from oerbook.git.process import user_name
    from oerbook.tasks.scaffold.new_book import BookDetails, create_book

    default_title = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "A new book"
    default_author = user_name(Path.cwd()) or "The authors"
    facts = BookDetails(
        _value(title, "Title of the book", default_title, ask=ask),
        _value(author, "Your name", default_author, ask=ask),
        _value(license_id, "License", DEFAULT_LICENSE, ask=ask),
    )
    created = create_book(folder, facts)
    for path in created.created:
        click.echo(escape_control(str(folder / path)))
    for path in created.existing:
        output.print_info(f"{folder / path} exists and was not changed")
    if created.git_initialized:
        output.print_info(
            "A git repository was created. Make the first commit: git add . && git commit -m 'Begin the book'"
        )


def _value(given: str, prompt: str, default: str, *, ask: bool) -> str:
    if given:
        return given
    return str(click.prompt(prompt, default=default)) if ask else default


def _write_github_files(folder: Path, update: bool, install_from: str, *, ask: bool) -> None:
    """Write the files for GitHub and say what was written."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.github import choose_requirement, write_github_files
    from oerbook.tasks.scaffold.install_source import parse_requirement

    requirement = parse_requirement(install_from) if install_from else ""
    guess, is_guess = choose_requirement(folder, requirement)
    if is_guess and ask:
        answer = click.prompt("Where can GitHub install oerbook from (git+https://…@COMMIT)?", default=guess)
        requirement = parse_requirement(str(answer))
    result = write_github_files(folder, update=update, requirement=requirement)
    for path in result.written:
        click.echo(escape_control(str(folder / path)))
    for path in result.skipped:
        output.print_info(f"{folder / path} exists and was not changed")
    for path in result.proposed:
        output.print_info(
            f"{folder / path.removesuffix('.new')} has been edited; the new version was written to {path}"
        )
    for person in result.without_account:
        output.print_info(f"{person} is not in CODEOWNERS: contributors/{person}.md has no github:")
    if result.is_guess:
        output.print_info(
            f"The workflows install {result.requirement} from PyPI, since this oerbook came from this machine only. If"
            " PyPI does not have it, name a source: oerbook init --github --update --install-from git+https://…@COMMIT"
        )
    else:
        output.print_info(f"The workflows install {escape_control(result.requirement)}")
