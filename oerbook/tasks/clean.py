"""Remove build output, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.formats.pdf.print_edition import cover_path
from oerbook.model.formats import BOOK_FORMATS
from oerbook.source.book import read_book
from oerbook.tasks.build.build import output_file_name
from oerbook.tasks.build.cache_owner import is_cache_folder

CACHE_NAME = ".cache"
OUTPUT_NAMES = (CACHE_NAME, ".html-new", ".html-old", ".lock", "credits.json", "html")
OUTPUT_KINDS = ("site", *(name for name in BOOK_FORMATS if name != "html"))


def remove_build_output(root: Path, out: Path, *, cache_only: bool = False, dry_run: bool = False) -> list[Path]:
    """Remove the files that `oerbook build` of the book at `root` wrote to `out`; return their paths.

    A file whose name the build would not give it stays. Raises OerbookError when `out` was not written by oerbook.
    """
    if not out.exists():
        return []
    if not is_cache_folder(out / CACHE_NAME):
        raise OerbookError(f"{out} is not an output folder of oerbook build", hint="Name the folder given with --out.")
    names = (CACHE_NAME,) if cache_only else (*OUTPUT_NAMES, *_format_names(root))
    paths = [out / name for name in names if (out / name).exists()]
    for path in () if dry_run else paths:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if not dry_run and not any(out.iterdir()):
        out.rmdir()
    return paths


def _format_names(root: Path) -> list[str]:
    """Return the names of the files that a build of the book makes; [] if there is no book any more."""
    try:
        book, _findings = read_book(root)
    except OerbookError:
        return []
    names = [output_file_name(book, kind) for kind in OUTPUT_KINDS]
    return [*names, cover_path(Path(output_file_name(book, "print"))).name]
