"""Find the readable bibliography files, and report each error with its line."""

from __future__ import annotations

import re
from typing import Any

from pybtex import errors
from pybtex.database.input.bibtex import Parser

from oerbook.document.context.build_context import BuildContext
from oerbook.document.reading.generated_pages import bibliography_files
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.cache import Cache, digest

MAX_MACRO_CHARS = 10_000
ENTRY_KEY = re.compile(r"entry:? ['\"]?([^\s'\"]+)")
ENCODING = "utf-8-sig"

Mistakes = list[tuple[int, str]]  # (line or 0, message)


def readable_bibliographies(context: BuildContext) -> list[str]:
    """Return the readable bibliography files, and report the errors in all of them."""
    cache, readable_files = Cache(context.cache_dir), []
    for name in bibliography_files(context.book):
        path = context.book.root / "chapters" / name
        data = path.read_bytes()
        key = digest("2", data)  # count up when messages change
        cached = cache.get_json("bibfiles", key)
        if cached is None:
            cached = _mistakes(data)
            cache.put_json("bibfiles", key, cached)
        is_readable, mistakes = cached
        for line, message in mistakes:
            place = Place(f"chapters/{name}", line)
            hint = "Fix the entry in the .bib file."
            context.add_finding("", Finding("bibliography-invalid", message, place, Severity.WARNING, hint))
        if is_readable:
            readable_files.append(name)
    return readable_files


def _mistakes(data: bytes) -> tuple[bool, Mistakes]:
    """Return whether a file can be read at all, and its mistakes."""
    try:
        text = data.decode(ENCODING)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return False, [(line, "this bibliography is not UTF-8 and was not read: save it as UTF-8")]
    long_macros: Mistakes = []
    with errors.capture() as captured:
        try:
            MacroLimit.messages = long_macros
            Parser(encoding=ENCODING).parse_string(text)
        except Exception as error:  # noqa: BLE001 - whatever a file does to the parser, the book is read without it
            reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            return False, [(0, f"this bibliography cannot be parsed and is not used: {reason}")]
        finally:
            MacroLimit.messages = None
    return True, sorted({*(_mistake(error, text) for error in captured), *long_macros})


class MacroLimit:
    """Collects messages about macros that expand to too much text.

    `patches.pybtex_macro_limit` fills the list, which is None while no file is checked.
    """

    messages: Mistakes | None = None


def _mistake(error: Any, text: str) -> tuple[int, str]:
    """Return the line and message of a pybtex error, searching for a missing line."""
    reason = str(error.args[0] if error.args else error).splitlines()[0][:200]
    line = int(getattr(error, "lineno", 0) or 0)
    key = ENTRY_KEY.search(reason)
    if not line and key:
        offsets = [match.start() for match in re.finditer(rf"@\w+\s*[{{(]\s*{re.escape(key[1])}\s*,", text, re.I)]
        line = text.count("\n", 0, offsets[-1]) + 1 if offsets else 0
    return line, f"error in this entry: {reason}"
