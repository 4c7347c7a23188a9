"""Remove build output, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from oerbook.errors import OerbookError

OUTPUT_NAMES = (".cache", ".html-new", ".html-old", ".lock", "credits.json", "html")
BOOK_SUFFIXES = (".epub", ".pdf", ".docx")


def remove_build_output(out: Path, *, cache_only: bool = False, dry_run: bool = False) -> list[Path]:
    """Remove the files that `oerbook build` wrote to `out`; return their paths.

    Raises OerbookError when `out` does not look like an output folder of oerbook.
    """
    if not out.exists():
        return []
    if not (out / ".cache").is_dir() and not (out / ".lock").exists():
        raise OerbookError(f"{out} is not an output folder of oerbook build", hint="Name the folder given with --out.")
    paths = [out / name for name in (OUTPUT_NAMES[:1] if cache_only else OUTPUT_NAMES) if (out / name).exists()]
    if not cache_only:
        paths += sorted(path for path in out.iterdir() if path.suffix in BOOK_SUFFIXES and path.is_file())
    for path in () if dry_run else paths:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if not dry_run and not any(out.iterdir()):
        out.rmdir()
    return paths
