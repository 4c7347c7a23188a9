"""Claim the cache folder: delete a cache that another user or machine wrote."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.storage.files import write_atomically
from oerbook.storage.signatures import user_key

OWNER_FILE = "owner"  # file in the cache folder that identifies its writer
CACHE_NOTE = "# Cache of oerbook; it can be deleted."


def claim_cache_folder(cache_folder: Path) -> None:
    """Create the cache folder; first delete one that this user did not write.

    The folder is ignored by git.
    The folder holds a signature, made with a key from the user's own state folder, over the folder's device and inode
    numbers: a copy that came in a repository or an archive does not match. (The files in it are signed one by one, see
    `storage.signatures`.) A cache with links to other folders is deleted too: files are written and deleted in it.
    Raises OerbookError when git tracks a file below the folder, or when it holds other files than a cache.
    """
    if process.has_tracked_files(cache_folder):
        name = f"{cache_folder.parent.name}/{cache_folder.name}"
        hint = f"Check who added it. Then run git rm -r --cached {name}, and delete the folder."
        raise OerbookError(f"{cache_folder} is tracked by git, so anybody may have written it", hint=hint)
    key = user_key()
    if not _is_ours(key, cache_folder):
        _delete_content(cache_folder)
    cache_folder.mkdir(parents=True, exist_ok=True)
    if key and _read(cache_folder / OWNER_FILE) != _signature(key, cache_folder):
        write_atomically(cache_folder / OWNER_FILE, _signature(key, cache_folder).encode())
    ignore = cache_folder / ".gitignore"
    if not ignore.exists():
        write_atomically(ignore, f"{CACHE_NOTE}\n*\n".encode())


def is_cache_folder(folder: Path) -> bool:
    """Return whether oerbook made a folder as its cache."""
    return _read(folder / ".gitignore").startswith(CACHE_NOTE)


def _is_ours(key: bytes, cache_folder: Path) -> bool:
    """Say whether this user's oerbook wrote the cache, and it has no links to other folders."""
    if not key or cache_folder.is_symlink() or _read(cache_folder / OWNER_FILE) != _signature(key, cache_folder):
        return False
    return not cache_folder.is_dir() or not any(_links(cache_folder))


def _delete_content(cache_folder: Path) -> None:
    """Delete a cache without following a link, unless the folder holds something else."""
    if cache_folder.is_symlink():
        cache_folder.unlink()
    elif cache_folder.is_dir() and any(cache_folder.iterdir()):
        if not is_cache_folder(cache_folder):
            hint = "Move it away or delete it, or choose another output folder with --out."
            raise OerbookError(f"{cache_folder} holds files that are not a cache of oerbook", hint=hint)
        shutil.rmtree(cache_folder)


def _links(folder: Path, depth: int = 2) -> Iterator[str]:
    """Yield the symbolic links among the folders of a cache, which oerbook never makes."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                yield entry.path
            elif depth and entry.is_dir(follow_symlinks=False):
                yield from _links(Path(entry.path), depth - 1)


def _read(path: Path) -> str:
    try:
        return "" if path.is_symlink() else path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _signature(key: bytes, cache_folder: Path) -> str:
    """Return the signature of a user's cache in this folder, different for any other."""
    try:
        attributes = cache_folder.stat()
    except OSError:
        return ""
    text = f"oerbook cache {attributes.st_dev} {attributes.st_ino}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
