"""Read a document of a stranger with pandoc: always with `--sandbox`, with its log and its pictures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oerbook.errors import OerbookError
from oerbook.tools.pandoc import run_pandoc

READ_TIMEOUT_S = 300
MAX_MEDIA_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A message of pandoc about the document: its type (`SkippedContent`), text, and line in the source (0: none)."""

    kind: str
    message: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class PandocDocument:
    """A document as pandoc reads it: blocks, metadata, pictures by the names that the blocks use, and messages."""

    blocks: list[Any]
    metadata: dict[str, Any] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    log: tuple[LogEntry, ...] = ()


def read_document(
    source: bytes, format_name: str, options: Sequence[str] = (), timeout_s: float = READ_TIMEOUT_S
) -> PandocDocument:
    """Read a document in one of pandoc's formats, such as `docx+styles`.

    Raises OerbookError if pandoc cannot read it or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="oerbook-read-") as name:
        folder = Path(name)
        arguments = ["--sandbox", "-f", format_name, "-t", "json", "--log=log.json", "--extract-media=media"]
        try:
            result = run_pandoc([*arguments, *options], source, folder, timeout_s=timeout_s)
        except OerbookError as error:
            hint = "Open the file in the program that wrote it, save it again, and import that."
            raise OerbookError(error.message, hint=hint) from error
        document = json.loads(result.output)
        return PandocDocument(document["blocks"], document["meta"], _read_media(folder), _read_log(folder / "log.json"))


def _read_media(folder: Path) -> dict[str, bytes]:
    """Return the extracted files by the paths that the document's images have."""
    paths = sorted(path for path in (folder / "media").rglob("*") if path.is_file() and not path.is_symlink())
    if sum(path.stat().st_size for path in paths) > MAX_MEDIA_BYTES:
        raise OerbookError("the pictures of the document are too large", hint="Make them smaller, or import parts.")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _read_log(path: Path) -> tuple[LogEntry, ...]:
    """Return the messages of pandoc's log, each once."""
    try:
        rows = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return ()
    entries = (
        LogEntry(str(row.get("type", "")), str(row.get("pretty", ""))[:500], int(row.get("line") or 0))
        for row in rows
        if isinstance(row, dict)
    )
    return tuple(dict.fromkeys(entries))
