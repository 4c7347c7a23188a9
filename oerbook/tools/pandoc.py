"""Run pandoc reproducibly: pinned version, no user configuration, fixed clock, limits on time and memory."""

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
API = (1, 23, 1)  # pandoc-api-version of the JSON documents
# Characters that XML does not allow, as JSON escapes.
UNFIT = re.compile(r"((?<!\\)(?:\\\\)*)\\(?:[bf]|u(?:00(?:0[0-8bcef]|1[0-9a-f])|fff[ef]))")
WARNING = re.compile(r"^\[WARNING\] (.*(?:\n(?!\[).*)*)", re.M)


@dataclass(frozen=True, slots=True)
class Result:
    """Output and warnings of a run."""

    output: bytes
    warnings: tuple[str, ...]


@functools.cache
def program() -> str:
    """Return the path of the pandoc in pypandoc_binary. Raises OerbookError if it is missing."""
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise OerbookError("pandoc is not installed", hint="Install it: pip install pypandoc_binary") from error


@functools.cache
def version() -> str:
    """Return pandoc's version."""
    result = subprocess.run([program(), "--version"], capture_output=True, check=True, timeout=60)
    return result.stdout.decode().split("\n")[0].removeprefix("pandoc ").strip()


def run(arguments: Sequence[str], source: bytes, folder: Path | None = None, epoch: int = 315532800) -> Result:
    """Run pandoc on `source` in `folder`; `epoch` is the time in seconds since 1970 that it writes into files.

    Raises OerbookError if it fails or takes longer than ten minutes.
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
        result = subprocess.run(
            command, input=source, capture_output=True, cwd=folder, env=environment, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise OerbookError("pandoc took longer than ten minutes", hint="Split the longest chapter.") from error
    messages = result.stderr.decode(errors="replace")
    if result.returncode:
        hint = "Please report this with the book's source."
        raise OerbookError(f"pandoc failed: {messages.strip()[:500]}", hint=hint)
    return Result(result.stdout, tuple(match.strip() for match in WARNING.findall(messages)))


def document(blocks: list[object], metadata: dict[str, object] | None = None) -> bytes:
    """Encode a document as JSON for pandoc, without characters that XML does not allow."""
    data = {"pandoc-api-version": list(API), "meta": metadata or {}, "blocks": blocks}
    return UNFIT.sub(r"\1", json.dumps(data)).encode()
