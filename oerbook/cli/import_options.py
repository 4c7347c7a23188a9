"""Options of the commands that convert files of other programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from oerbook.importers.conversion.values import ConversionOptions

Command = TypeVar("Command", bound=Callable[..., object])
CONVERSION_OPTIONS = (
    click.option("--format", "format_name", default="", metavar="FORMAT", help="The format, if it is not recognized."),
    click.option("--license", "license_", default="", metavar="ID", help="The license, if the source states none."),
    click.option(
        "--style", "styles", multiple=True, metavar="NAME=KIND", help='What a paragraph style is: "HeadA=h1".'
    ),
    click.option("--accept-changes", is_flag=True, help="Accept tracked changes, and drop comments."),
    click.option("--history", type=click.Choice(["tracked"]), help="Turn tracked changes into commits."),
)


def add_conversion_options(function: Command) -> Command:
    """Add the options to a command."""
    for option in reversed(CONVERSION_OPTIONS):
        function = option(function)
    return function


def make_conversion_options(
    styles: tuple[str, ...], history: str | None, license_: str, *, accept_changes: bool
) -> ConversionOptions:
    """Return what the user asked for. Raises UsageError for a malformed style."""
    from oerbook.importers.conversion.values import STYLE_KINDS, ConversionOptions

    mapped = {}
    for style in styles:
        name, _equals, kind = style.rpartition("=")
        if not name or kind not in STYLE_KINDS:
            raise click.UsageError(f"--style is NAME=KIND, and KIND one of {', '.join(STYLE_KINDS)}: {style}")
        mapped[name.strip()] = kind
    return ConversionOptions(mapped, history or "", accept_changes, license_)


def check_format(name: str) -> None:
    """Raise UsageError for the name of a format that is not in the table."""
    from oerbook.importers.converters import CONVERTERS

    if name and name not in CONVERTERS:
        raise click.UsageError(f"The formats are {', '.join(CONVERTERS)}.")
