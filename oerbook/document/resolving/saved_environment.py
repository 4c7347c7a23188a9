"""Trust the environment and the trees that Sphinx saved only if this user's oerbook saved them.

Sphinx keeps them as pickles, which can run any program when they are loaded. After a run, the names and digests of all
these files are signed; before the next one, files without a fitting signature are deleted, and Sphinx reads the book
again.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from oerbook.storage import signatures
from oerbook.storage.file_cache import file_digest, list_files
from oerbook.storage.files import write_atomically

SIGNATURE_FILE = "doctrees.signature"  # beside the folder
DOCTREES_FOLDER = "doctrees"


def discard_unsigned(cache_dir: Path) -> None:
    """Delete what Sphinx saved below the cache, unless it is as oerbook signed it."""
    folder = cache_dir / DOCTREES_FOLDER
    try:
        signed = (cache_dir / SIGNATURE_FILE).read_bytes()
    except OSError:
        signed = b""
    if folder.is_symlink():
        folder.unlink()
    elif folder.is_dir() and signatures.verify(DOCTREES_FOLDER, signed) != _listing(folder):
        shutil.rmtree(folder)


def sign_saved(cache_dir: Path) -> None:
    """Sign what Sphinx has saved below the cache."""
    write_atomically(
        cache_dir / SIGNATURE_FILE, signatures.sign(DOCTREES_FOLDER, _listing(cache_dir / DOCTREES_FOLDER))
    )


def _listing(folder: Path) -> bytes:
    """Return the names and digests of all files of a folder."""
    names = sorted(path.removeprefix(f"{folder.as_posix()}/") for path in list_files(folder))
    rows = (name.encode("utf-8", "surrogateescape") + b"\0" + file_digest(folder / name) for name in names)
    return b"\n".join(rows)
