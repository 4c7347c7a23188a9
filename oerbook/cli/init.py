"""oerbook init: create a new book."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oerbook.text.characters import escape_control

if TYPE_CHECKING:
    from oerbook.tasks.scaffold.hosts import Host
    from oerbook.tasks.scaffold.new_book import BookDetails

DEFAULT_LICENSE = "CC-BY-4.0"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=Path())
@click.option("--title", default="", help="The book's title.")
@click.option("--author", default="", help="Your name.")
@click.option("--license", "license_id", default="", help=f"The book's license [default: {DEFAULT_LICENSE}].")
@click.option("--language", default="", help="The book's language, for example de [default: that of your system].")
@click.option("--yes", is_flag=True, help="Do not ask questions.")
@click.option("--github", is_flag=True, help="Also write workflows, forms and instructions for GitHub.")
@click.option("--gitlab", is_flag=True, help="The same for GitLab.")
@click.option("--forgejo", is_flag=True, help="The same for Forgejo, for example on Codeberg.")
@click.option("--update", is_flag=True, help="Update the files for a host, except those that you have edited.")
@click.option("--install-from", default="", metavar="URL", help="Where the host's workflows install oerbook from.")
def command(
    folder: Path, title: str, author: str, license_id: str, language: str, yes: bool, github: bool, gitlab: bool,
    forgejo: bool, update: bool, install_from: str,
) -> int:  # fmt: skip
    """Create a book in DIR that builds immediately; asks for a title, your name, a license and a language.

    No existing file is changed. The folder becomes a git repository unless it is already in one. With --github,
    --gitlab or --forgejo, an existing book gets the files that the host needs to check submissions and to publish.
    """
    from oerbook.cli import output
    from oerbook.tasks.scaffold.hosts import FORGEJO, GITHUB, GITLAB
    from oerbook.tasks.scaffold.new_book import BookDetails

    hosts = [host for host, is_wanted in ((GITHUB, github), (GITLAB, gitlab), (FORGEJO, forgejo)) if is_wanted]
    if (install_from or update) and not hosts:
        raise click.UsageError("--update and --install-from need --github, --gitlab or --forgejo.")
    ask = not yes and sys.stdin.isatty()
    if not (hosts and (folder / "chapters" / "index.md").is_file()):
        _create_book(folder, BookDetails(title, author, license_id, language), ask=ask)
    for host in hosts:
        _write_host_files(folder, host, update, install_from, ask=ask)
        output.print_info(f"Commit and push these files. {host.next_step}")
    output.print_info(f"Next: cd {folder}, then oerbook build" if folder != Path() else "Next: oerbook build")
    return 0


def _create_book(folder: Path, given: BookDetails, *, ask: bool) -> None:
    from oerbook.cli import output
    from oerbook.git.process import user_name
    from oerbook.tasks.scaffold.new_book import BookDetails, create_book, parse_language, parse_license

    default_title = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "A new book"
    default_author = user_name(Path.cwd()) or ("" if ask else "The authors")
    facts = BookDetails(
        _value(given.title, "Title of the book", default_title, ask=ask),
        _value(given.author, "Your name, as it should appear in the book", default_author, ask=ask),
        _value(given.license, "License", DEFAULT_LICENSE, ask=ask, parse=parse_license),
        _value(given.language, "Language of the book", system_language(os.environ), ask=ask, parse=parse_language),
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
        if not user_name(folder):
            output.print_info(
                'git does not know you yet. Before the first commit: git config --global user.name "Ada Lee" &&'
                " git config --global user.email ada@example.org, with your name and address"
            )


def system_language(environment: Mapping[str, str]) -> str:
    """Return the language of the user's system from its locale variables, "en" if they name none that is known.

    >>> system_language({"LANG": "de_AT.UTF-8"}), system_language({"LC_ALL": "C", "LANG": "fr_FR"})
    ('de', 'en')
    """
    from oerbook.text.translations import base_language, locale_of

    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = base_language(next(filter(None, names), "").partition(".")[0])
    return language if locale_of(language) and len(language) > 1 else "en"


def _value(given: str, prompt: str, default: str, *, ask: bool, parse: Callable[[str], str] = str) -> str:
    """Return what was given, else the answer to a question, which is asked until `parse` accepts it."""
    from oerbook.errors import OerbookError

    def accept(answer: str) -> str:
        try:
            return parse(answer)
        except OerbookError as error:
            raise click.UsageError(f"{error}. {error.hint}") from error

    if given:
        return given
    return str(click.prompt(prompt, default=default or None, value_proc=accept)) if ask else default


def _write_host_files(folder: Path, host: Host, update: bool, install_from: str, *, ask: bool) -> None:
    """Write the files for a host and say what was written."""
    from oerbook.cli import output
    from oerbook.tasks.scaffold.host_files import choose_requirement, write_host_files
    from oerbook.tasks.scaffold.install_source import parse_requirement

    requirement = parse_requirement(install_from) if install_from else ""
    guess, is_guess = choose_requirement(folder, host, requirement)
    if is_guess and ask:
        answer = click.prompt(f"Where can {host.title} install oerbook from (git+https://…@COMMIT)?", default=guess)
        requirement = parse_requirement(str(answer))
    result = write_host_files(folder, host, update=update, requirement=requirement)
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
            f" PyPI does not have it, name a source: oerbook init --{host.name} --update --install-from git+https://…@COMMIT"
        )
    else:
        output.print_info(f"The workflows install {escape_control(result.requirement)}")
