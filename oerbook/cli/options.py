"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click
from click.core import ParameterSource
from click.decorators import FC

from oerbook.errors import OerbookError

FOLDER_TYPE = click.Path(file_okay=False, path_type=Path)


def find_book(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """Return the given folder or, if none was given, the closest one above the current folder that holds a book.

    A book outside of the repository of the current folder is not found. Without a book, return the current folder.
    """
    if context.get_parameter_source(parameter.name or "") is not ParameterSource.DEFAULT:
        return value
    current = Path.cwd()
    for folder in (current, *current.parents):
        if (folder / "chapters" / "index.md").is_file():
            return Path(os.path.relpath(folder))
        if (folder / ".git").exists():
            break
    return value


root_option: Callable[[FC], FC] = click.option(
    "-C", "--root", type=FOLDER_TYPE, default=Path(), callback=find_book,
    help="The book's folder [default: this one, or the closest one above it that holds a book].",
)  # fmt: skip


def out_option(description: str, default: str = "_build") -> Callable[[FC], FC]:
    """Return the option `--out` with a description."""
    return click.option("--out", type=FOLDER_TYPE, help=f"{description} [default: {default}].")


def output_folder(root: Path, out: Path | None) -> Path:
    """Return the folder for output: `_build` in the book's folder unless another was given.

    Raises OerbookError if `_build` is a link: it came with the book, and its author would choose where oerbook
    writes and deletes files.
    """
    if out is not None:
        return out
    folder = root / "_build"
    if folder.is_symlink():
        hint = f"Delete the link or, if you made it, name the folder: --out {folder.resolve()}"
        raise OerbookError(f"{folder} is a link to another folder", hint=hint)
    return folder


def cache_folder(root: Path, out: Path | None) -> Path:
    """Return the folder for output or, if nothing can be written there, a temporary one until the command ends."""
    from oerbook.tasks.build.output_lock import writable_folder

    return click.get_current_context().with_resource(writable_folder(output_folder(root, out)))


def read_source_date_epoch() -> int | None:
    """Return SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), seconds since 1970."""
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(value) if value.isdigit() else None
