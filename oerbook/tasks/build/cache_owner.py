"""Whose work lies in the output folder: ours, or what came with the repository or in an archive."""

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

OWNER = "owner"  # the file in a cache that says who wrote it
MARK = "# What oerbook worked out; it can be thrown away."


def trusted(work: Path) -> None:
    """Make the folder of the cache, which git is told to ignore; begin it anew when somebody else wrote it.

    Reading such a one back could run a stranger's program: Python's pickle builds whatever a file asks for
    (https://docs.python.org/3/library/pickle.html), so only what this user wrote may be read. A cache says who wrote
    it by a word that only a key in the user's own folder can make, and only for the folder that it was made in: a copy that
    went through other hands is begun anew. Raises OerbookError when git keeps a file below
    `work`, or when there is something else than a cache of ours.
    """
    if process.keeps(work):
        hint = f"Look who put it there. Then: git rm -r --cached {work.parent.name}/{work.name}, and delete the folder."
        raise OerbookError(f"{work} is kept in git, so anybody may have written it", hint=hint)
    key = _key()
    if work.is_symlink() or not key or _said(work / OWNER) != _word(key, work):
        _empty(work)
    work.mkdir(parents=True, exist_ok=True)
    if key and _said(work / OWNER) != _word(key, work):
        write_atomically(work / OWNER, _word(key, work).encode())
    ignore = work / ".gitignore"
    if not ignore.exists():
        ignore.write_text(f"{MARK}\n*\n", encoding="utf-8")


def _empty(work: Path) -> None:
    """Throw away a cache that somebody else wrote, following no link out of it, and nothing that is no cache."""
    if work.is_symlink():
        work.unlink()
    elif work.is_dir() and any(work.iterdir()):
        if not _said(work / ".gitignore").startswith(MARK):
            hint = "Move it away if you need it, delete it if not, or choose another folder with --out."
            raise OerbookError(
                f"{work} is in the way: oerbook keeps its own work there, and did not write this", hint=hint
            )
        shutil.rmtree(work)


def _said(path: Path) -> str:
    try:
        return "" if path.is_symlink() else path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _word(key: bytes, work: Path) -> str:
    """Return the word of this user's cache in a folder, which a folder of the same name elsewhere does not share."""
    try:
        place = work.stat()
    except OSError:
        return ""
    return hmac.new(key, f"oerbook cache {place.st_dev} {place.st_ino}".encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    """Return this user's key, b"" where none can be kept: then nothing is read back."""
    folder = user_state_path("oerbook")
    path = folder / "key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            beside = folder / f".key.{os.getpid()}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            try:
                os.link(beside, path)  # whoever comes first; nobody ever reads half a key
            finally:
                beside.unlink()
        return path.read_bytes()
    except OSError:
        return b""
