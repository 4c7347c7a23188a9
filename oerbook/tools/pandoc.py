"""pandoc, pinned and run the same way everywhere: no configuration, no clock, bounded time and memory."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError

SECONDS = 600
MEMORY = "-M6G"
API = (1, 23, 1)  # the version of the JSON that `Pandoc` documents carry
UNFIT = re.compile(r"((?<!\\)(?:\\\\)*)\\(?:[bf]|u(?:00(?:0[0-8bcef]|1[0-9a-f])|fff[ef]))")  # signs as JSON spells them
WARNING = re.compile(r"^\[WARNING\] (.*(?:\n(?!\[).*)*)", re.M)


@dataclass(frozen=True, slots=True)
class Result:
    """What pandoc wrote and what it warned of."""

    output: bytes
    warnings: tuple[str, ...]


@functools.cache
def program() -> str:
    """Return the path of the pandoc that comes with pypandoc_binary.

    Raises OerbookError when it is not there.
    """
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise OerbookError("pandoc is missing", hint="Install it with: pip install pypandoc_binary") from error


@functools.cache
def version() -> str:
    """Return pandoc's version."""
    answer = subprocess.run([program(), "--version"], capture_output=True, check=True, timeout=60)
    return answer.stdout.decode().split("\n")[0].removeprefix("pandoc ").strip()


def run(arguments: Sequence[str], source: bytes, folder: Path | None = None, epoch: int = 315532800) -> Result:
    """Run pandoc on `source` in `folder`.

    Raises OerbookError when it fails or takes longer than ten minutes.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": str(epoch),
    }
    command = [program(), "+RTS", MEMORY, "-RTS", *arguments]
    try:
        done = subprocess.run(
            command, input=source, capture_output=True, cwd=folder, env=environment, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise OerbookError("pandoc took longer than ten minutes", hint="Divide the longest chapter.") from error
    messages = done.stderr.decode(errors="replace")
    if done.returncode:
        raise OerbookError(
            f"pandoc failed: {messages.strip()[:500]}", hint="Please report this with the book's source."
        )
    return Result(done.stdout, tuple(match.strip() for match in WARNING.findall(messages)))


def document(blocks: list[object], metadata: dict[str, object] | None = None) -> bytes:
    """Return a whole pandoc document, as its JSON reader wants it; signs that no XML may hold are left out."""
    whole = {"pandoc-api-version": list(API), "meta": metadata or {}, "blocks": blocks}
    return UNFIT.sub(r"\1", json.dumps(whole)).encode()
