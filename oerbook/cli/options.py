"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click
from click.decorators import FC

FOLDER_TYPE = click.Path(file_okay=False, path_type=Path)
root_option: Callable[[FC], FC] = click.option(
    "-C", "--root", type=FOLDER_TYPE, default=Path(), help="The book's folder."
)


def out_option(description: str, default: str = "_build") -> Callable[[FC], FC]:
    """Return the option `--out` with a description."""
    return click.option("--out", type=FOLDER_TYPE, help=f"{description} [default: {default}].")


def read_source_date_epoch() -> int | None:
    """Return SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), seconds since 1970."""
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(value) if value.isdigit() else None
