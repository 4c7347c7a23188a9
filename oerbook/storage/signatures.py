"""Sign cached data with a key of this user, so that only what oerbook wrote is read back.

Some cached data is code or can run it: pickles (https://docs.python.org/3/library/pickle.html) and compiled templates.
The key is in the user's state folder, which nobody else can read; a file that somebody put into a cache, or changed
there, has no valid signature and counts as missing.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from platformdirs import user_state_path

SIGNATURE_BYTES = 32  # of HMAC-SHA256
KEY_VARIABLE = "OERBOOK_CACHE_KEY"  # environment variable that gives a worker process its key


def sign(name: str, data: bytes) -> bytes:
    """Return data with a signature in front; `name` says what the data is, so that no other can take its place.

    >>> verify("soil", sign("soil", b"worms")), verify("water", sign("soil", b"worms"))
    (b'worms', None)
    """
    return _signature(name, data) + data


def verify(name: str, signed: bytes) -> bytes | None:
    """Return the data that was signed under this name; None if it was not, or was changed since."""
    signature, data = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    return data if hmac.compare_digest(signature, _signature(name, data)) else None


def worker_key() -> str:
    """Return the value of `KEY_VARIABLE` for a worker: a key derived from the user's, for its caches alone."""
    return hmac.digest(_cache_key(), b"worker", "sha256").hex()


@cache
def user_key() -> bytes:
    """Return this user's key, creating it if needed.

    It is b"" when it cannot be stored; then no cache is trusted.
    """
    folder = user_state_path("oerbook")
    path = folder / "key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create_key(path)
        return path.read_bytes()
    except OSError:
        return b""


def _create_key(path: Path) -> None:
    temporary = path.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # atomic: the first process wins, and nobody reads half a key
    finally:
        temporary.unlink()


def _signature(name: str, data: bytes) -> bytes:
    label = name.encode("utf-8", "surrogateescape")
    return hmac.digest(_cache_key(), b"%d:%b%b" % (len(label), label, data), "sha256")


@cache
def _cache_key() -> bytes:
    """Return the key of this process; without a stored one, another in every process, so that nothing fits."""
    inherited = os.environ.pop(KEY_VARIABLE, "")
    return bytes.fromhex(inherited) if inherited else user_key() or secrets.token_bytes(32)
