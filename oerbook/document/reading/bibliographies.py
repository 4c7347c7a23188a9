"""Read bibliography files despite errors, and report each error with its line.

Replaces functions of pybtex, sphinxcontrib-bibtex and Sphinx.
"""

from __future__ import annotations

import functools
import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar

import sphinxcontrib.bibtex.bibfile as bibfile
import sphinxcontrib.bibtex.plugin as styles
from pybtex import errors, plugin
from pybtex.database.input.bibtex import LowLevelParser, Parser
from pybtex.plugin import PluginNotFound, find_plugin, register_plugin
from pybtex.style.formatting import BaseStyle
from sphinx import registry, theming
from sphinxcontrib.bibtex.domain import BibtexDomain

from oerbook.document.context.build_context import BuildContext
from oerbook.document.reading.generated_pages import bibliography_files
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.limits import failure_reason, time_limit
from oerbook.storage.cache import Cache, digest

MAX_MACRO_CHARS = 10_000
ENTRY_KEY = re.compile(r"entry:? ['\"]?([^\s'\"]+)")
ENCODING = "utf-8-sig"

Mistakes = list[tuple[int, str]]  # (line or 0, message)

_parse_bibdata = bibfile.parse_bibdata
_pybtex_format_entry = BaseStyle.format_entry
_get_formatted_entries = BibtexDomain.get_formatted_entries
_cached_entry_points = functools.cache(entry_points)
_substitute_macro = LowLevelParser.substitute_macro


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

    The list is None while no file is checked.
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


def _parse_leniently(filenames: list[Path], encoding: str) -> Any:
    """Parse bibliography files as far as possible; their errors are reported before."""
    with errors.capture():
        return _parse_bibdata(filenames, encoding)


def _limited_macro(self: Any, name: str) -> str:
    """Return the text of an @string macro, cut at the limit.

    Macros built from macros can grow exponentially.
    """
    value: str = _substitute_macro(self, name)
    if len(value) <= MAX_MACRO_CHARS:
        return value
    if MacroLimit.messages is not None:
        message = f"the @string macro {name[:50]} expands to more than {MAX_MACRO_CHARS} characters and was cut"
        MacroLimit.messages.append((int(self.lineno), message))
    return value[:MAX_MACRO_CHARS]


class FormattedEntries:
    """Cache of entries formatted in this process, for the live preview."""

    MAX_ENTRIES = 20_000
    cache: ClassVar[dict[tuple[object, ...], Any]] = {}


def _format_entry(self: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
    """Format an entry, cached unless it inherits fields from another (crossref)."""
    if bib_data is not None or "crossref" in entry.fields:
        return _pybtex_format_entry(self, label, entry, bib_data)
    key = (type(self), label, entry.key, repr(entry))
    if key not in FormattedEntries.cache:
        if len(FormattedEntries.cache) >= FormattedEntries.MAX_ENTRIES:
            FormattedEntries.cache.clear()
        FormattedEntries.cache[key] = _pybtex_format_entry(self, label, entry)
    return FormattedEntries.cache[key]


def _formatted_entries(context: BuildContext, self: Any, key: Any, *args: Any) -> list[Any]:
    """Return the entries of a bibliography; report and leave empty one that fails.

    `:style:` and `:filter:` are evaluated when all pages have been read, so an error would stop the whole build.
    """
    try:
        with time_limit(context.page_timeout_s):
            return list(_get_formatted_entries(self, key, *args))
    except Exception as error:  # noqa: BLE001 - a :filter: that is invalid or never ends, values that cannot be compared
        bibliography = self.bibliographies[key]
        if isinstance(error, PluginNotFound):
            reason, hint = f"there is no style {bibliography.style}", "Remove :style:, or use plain, unsrt or alpha."
        else:
            reason, hint = failure_reason(error), "Remove :filter:, or simplify it."
        message = f"this bibliography cannot be generated: {reason}"
        context.report_problem(
            key.docname, "directive-option", message, bibliography.line, severity=Severity.ERROR, hint=hint
        )
        return []


def patch_libraries(context: BuildContext) -> None:
    """Replace functions of pybtex, sphinxcontrib-bibtex and Sphinx.

    Looking up plug-ins scans every installed package, so it is cached.
    """
    BaseStyle.format_entry = _format_entry
    modules: tuple[Any, ...] = (plugin, styles, registry, theming)
    for module in modules:
        module.entry_points = _cached_entry_points
    BibtexDomain.get_formatted_entries = lambda self, key, *args: _formatted_entries(context, self, key, *args)  # type: ignore[method-assign]
    bibfile.parse_bibdata = _parse_leniently  # type: ignore[assignment]
    LowLevelParser.substitute_macro = _limited_macro
    register_plugin("pybtex.backends", "plaintext", find_plugin("pybtex.backends", "plaintext"), force=True)
