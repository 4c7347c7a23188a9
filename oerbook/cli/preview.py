"""oerbook preview: show submissions in folders of the published site."""

from __future__ import annotations

import re
from pathlib import Path

import click

from oerbook.cli import options

SAFE_PAGE_PATH = re.compile(r"[\w./-]+", re.ASCII)  # printed for other programs to read
to_option = click.option(
    "--to",
    "site_branch",
    default="origin/gh-pages",
    show_default=True,
    metavar="REMOTE/BRANCH",
    help="The site's branch.",
)


@click.group("preview")
def command() -> None:
    """Show submissions in folders of the published site, as _previews/NUMBER/, until they are closed.

    A preview holds no scripts, and a notice on every page says that nobody has reviewed it.
    """


@command.command("add")
@click.argument("number", type=click.IntRange(1, 999_999_999))
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--request", default="", metavar="URL", help="The address of the submission, for a link to it.")
@options.root_option
@to_option
def add(number: int, site: Path, request: str, root: Path, site_branch: str) -> int:
    """Show the site in the folder SITE, which oerbook build wrote, as the preview of submission NUMBER.

    Prints the paths of its new and changed pages.
    """
    from oerbook.cli import output
    from oerbook.markup.urls import to_web_url
    from oerbook.tasks.site_previews.previews import add_preview

    added = add_preview(root, _remote_and_name(site_branch), number, site, to_web_url(request))
    for page in added.changed_pages:
        if SAFE_PAGE_PATH.fullmatch(page):
            click.echo(added.folder + page)
    shown = f"The preview is in the folder {added.folder} of the site."
    output.print_info(f"{shown} Files left out: {len(added.left_out)}." if added.left_out else shown)
    return 0


@command.command("prune")
@click.argument("open_numbers", type=click.IntRange(1, 999_999_999), nargs=-1, metavar="[OPEN]...")
@options.root_option
@to_option
def prune(open_numbers: tuple[int, ...], root: Path, site_branch: str) -> int:
    """Remove the previews of all submissions except those with the numbers OPEN."""
    from oerbook.cli import output
    from oerbook.tasks.site_previews.previews import prune_previews

    removed = prune_previews(root, _remote_and_name(site_branch), open_numbers)
    output.print_info(f"Removed previews: {', '.join(map(str, removed)) or 'none'}.")
    return 0


def _remote_and_name(site_branch: str) -> tuple[str, str]:
    remote, _slash, name = site_branch.partition("/")
    if not remote or not name:
        raise click.UsageError("--to needs a remote and a branch, for example origin/gh-pages.")
    return remote, name
