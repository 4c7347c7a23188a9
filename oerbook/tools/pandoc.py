"""Run pandoc reproducibly: pinned version, no user configuration, fixed clock, limits on time and memory."""

from __future__ import annotations

import functools
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.storage.fast_json import encode_json

PANDOC_TIMEOUT_S = 600
MEMORY_OPTION = "-M6G"
PANDOC_AST_VERSION = (1, 23, 1)  # pandoc-api-version of the JSON documents
# An escape in JSON, among them those of characters that XML does not allow.
JSON_ESCAPE = re.compile(rb"\\(?:([bf]|u(?:00(?:0[0-8bcef]|1[0-9a-f])|fff[ef]))|.)")
XML_ILLEGAL_CHARS = ("\ufffe".encode(), "\uffff".encode())
# Words and the spaces between them, as JSON. Most elements of a book are such; pandoc reads one text much faster.
# A box in front of an item stays a word: it is drawn as a check box.
WORD_ELEMENT = rb'\{"t":"Str","c":"(?!(?:' + "☐|☒".encode() + rb')")[^"\\]*(?:\\.[^"\\]*)*"\}'
SPACE_ELEMENTS = rb'\{"t":"(?:Space|SoftBreak)"\}(?:,\{"t":"(?:Space|SoftBreak)"\})*'
TEXT_RUN = re.compile(WORD_ELEMENT + rb"(?:(?:," + SPACE_ELEMENTS + rb")?," + WORD_ELEMENT + rb")+")
WARNING_LINE = re.compile(r"^\[WARNING\] (.*(?:\n(?!\[).*)*)", re.M)


@dataclass(frozen=True, slots=True)
class PandocResult:
    """Output and warnings of a run."""

    output: bytes
    warnings: tuple[str, ...]


@functools.cache
def pandoc_executable() -> str:
    """Return the path of the pandoc in pypandoc_binary. Raises OerbookError if it is missing."""
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise OerbookError("pandoc is not installed", hint="Install it: pip install pypandoc_binary") from error


@functools.cache
def pandoc_version() -> str:
    """Return pandoc's version."""
    result = subprocess.run([pandoc_executable(), "--version"], capture_output=True, check=True, timeout=60)
    return result.stdout.decode().split("\n")[0].removeprefix("pandoc ").strip()


def run_pandoc(
    arguments: Sequence[str],
    source: bytes,
    folder: Path | None = None,
    epoch: int = 315532800,
    timeout_s: float = PANDOC_TIMEOUT_S,
) -> PandocResult:
    """Run pandoc on `source` in `folder`; `epoch` is the time in seconds since 1970 that it writes into files.

    Raises OerbookError if it fails or takes longer than `timeout_s`.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": str(epoch),
    }
    command = [pandoc_executable(), "+RTS", MEMORY_OPTION, "-RTS", *arguments]
    try:
        result = subprocess.run(
            command,
            input=source,
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OerbookError(
            f"pandoc took longer than {timeout_s:g} seconds", hint="Split the longest chapter."
        ) from error
    messages = result.stderr.decode(errors="replace")
    if result.returncode:
        hint = "Please report this with the book's source."
        raise OerbookError(f"pandoc failed: {messages.strip()[:500]}", hint=hint)
    return PandocResult(result.stdout, tuple(match.strip() for match in WARNING_LINE.findall(messages)))


def encode_document(blocks: list[object], metadata: dict[str, object] | None = None) -> bytes:
    """Encode a document as JSON for pandoc, without characters that XML does not allow."""
    data = {"pandoc-api-version": list(PANDOC_AST_VERSION), "meta": metadata or {}, "blocks": blocks}
    text = JSON_ESCAPE.sub(lambda match: b"" if match[1] else match[0], encode_json(data))
    for char in XML_ILLEGAL_CHARS:
        text = text.replace(char, b"")
    return text


def encode_long_document(blocks: list[object], metadata: dict[str, object] | None = None) -> bytes:
    """Encode a document for writers of pandoc that make the same of words and spaces and of one text.

    Only for writers: citeproc and filters look at each word.
    """
    return join_words(encode_document(blocks, metadata))


def join_words(document: bytes) -> bytes:
    """Return a document in JSON with neighbouring words and spaces as one text.

    >>> join_words(b'[{"t":"Str","c":"good"},{"t":"Space"},{"t":"Str","c":"soil"}]')
    b'[{"t":"Str","c":"good soil"}]'
    """
    return TEXT_RUN.sub(
        lambda run: re.sub(SPACE_ELEMENTS, b'{"t":"Str","c":" "}', run[0]).replace(b'"},{"t":"Str","c":"', b""),
        document,
    )
