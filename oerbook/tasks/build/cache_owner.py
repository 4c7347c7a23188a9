"""Claim the cache folder: delete a cache that another user or machine wrote."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import shutil
from pathlib import Path

from platformdirs import user_state_path

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.storage.files import write_atomically

OWNER_FILE = "owner"  # file in the cache folder that identifies its writer
CACHE_NOTE = "# Cache of oerbook; it can be deleted."


def claim_cache_folder(cache_folder: Path) -> None:
    """Create the cache folder; first delete one that this user did not write.

    The folder is ignored by git.
    A cache holds pickles, and reading a stranger's pickle can run any program
    (https://docs.python.org/3/library/pickle.html). The folder therefore holds a signature, made with a key from the
    user's own state folder, over the folder's device and inode numbers: a copy that came in a repository or an archive
    does not match. Raises OerbookError when git tracks a file below the folder, or when it holds other files than a
    cache.
    """
    if process.has_tracked_files(cache_folder):
        name = f"{cache_folder.parent.name}/{cache_folder.name}"
        hint = f"Check who added it. Then run git rm -r --cached {name}, and delete the folder."
        raise OerbookError(f"{cache_folder} is tracked by git, so anybody may have written it", hint=hint)
    key = _user_key()
    if cache_folder.is_symlink() or not key or _read(cache_folder / OWNER_FILE) != _signature(key, cache_folder):
        _delete_content(cache_folder)
    cache_folder.mkdir(parents=True, exist_ok=True)
    if key and _read(cache_folder / OWNER_FILE) != _signature(key, cache_folder):
        write_atomically(cache_folder / OWNER_FILE, _signature(key, cache_folder).encode())
    ignore = cache_folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(f"{CACHE_NOTE}\n*\n", encoding="utf-8")


def _delete_content(cache_folder: Path) -> None:
    """Delete a cache without following a link, unless the folder holds something else."""
    if cache_folder.is_symlink():
        cache_folder.unlink()
    elif cache_folder.is_dir() and any(cache_folder.iterdir()):
        if not _read(cache_folder / ".gitignore").startswith(CACHE_NOTE):
            hint = "Move it away or delete it, or choose another output folder with --out."
            raise OerbookError(f"{cache_folder} holds files that are not a cache of oerbook", hint=hint)
        shutil.rmtree(cache_folder)


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


def _user_key() -> bytes:
    """Return this user's key, creating it if needed.

    It is b"" when it cannot be stored; then no cache is trusted.
    """
    folder = user_state_path("oerbook")
    path = folder / "key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            temporary = folder / f".key.{os.getpid()}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            try:
                os.link(temporary, path)  # atomic: the first process wins, and nobody reads half a key
            finally:
                temporary.unlink()
        return path.read_bytes()
    except OSError:
        return b""
