"""Options that several commands have: where the book lies, and where what comes of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FOLDER = click.Path(file_okay=False, path_type=Path)
root: Decorator = click.option("-C", "--root", type=FOLDER, default=Path(), help="The book's folder.")


def out(what: str, default: str = "_build") -> Decorator:
    """Return the option that names the folder for `what`."""
    return click.option("--out", type=FOLDER, help=f"{what} [default: {default}].")
