"""Bibliography files: read to their end whatever is wrong in them, and every mistake said with its line."""

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

from oerbook.document.context.build_context import Desk, desk
from oerbook.document.reading.generated_pages import bibliography_files
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.limits import patience, reason_of
from oerbook.storage.cache import Shelf, digest

MOST_OF_A_MACRO = 10_000  # letters that one @string may stand for
KEY = re.compile(r"entry:? ['\"]?([^\s'\"]+)")
ENCODING = "utf-8-sig"

_parse = bibfile.parse_bibdata
_format = BaseStyle.format_entry
_list = BibtexDomain.get_formatted_entries
_entry_points = functools.cache(entry_points)
_macro = LowLevelParser.substitute_macro


def usable(here: Desk) -> list[str]:
    """Return the book's bibliography files that can be read, and report what is wrong in each."""
    shelf, found = Shelf(here.work), []
    for name in bibliography_files(here.book):
        path = here.book.root / "chapters" / name
        data = path.read_bytes()
        key = digest("1", data)
        kept = shelf.get_json("bibfiles", key)
        if kept is None:
            kept = _mistakes(path, data)
            shelf.put_json("bibfiles", key, kept)
        readable, mistakes = kept
        for line, words in mistakes:
            place = Place(f"chapters/{name}", line)
            here.report(
                "", Finding("bibliography-file", words, place, Severity.WARNING, "Mend the entry in the .bib file.")
            )
        if readable:
            found.append(name)
    return found


def _mistakes(path: Path, data: bytes) -> tuple[bool, list[tuple[int, str]]]:
    """Return whether a file can be read at all, and its mistakes with their lines."""
    try:
        text = data.decode(ENCODING)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return False, [(line, "this bibliography is not UTF-8, so none of it is read: save it as UTF-8")]
    swollen: list[tuple[int, str]] = []
    with errors.capture() as captured:
        try:
            Swollen.found = swollen
            Parser(encoding=ENCODING).parse_string(text)
        except Exception as error:  # whatever a file does to the parser, the book is read without it
            said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            return False, [(0, f"this bibliography cannot be read, so none of it is used: {said}")]
        finally:
            Swollen.found = None
    return True, sorted({*(_said(error, text) for error in captured), *swollen})


class Swollen:
    """Where the abbreviations that stand for too much are told of, while a file is looked over."""

    found: list[tuple[int, str]] | None = None


def _said(error: Any, text: str) -> tuple[int, str]:
    words = str(error.args[0] if error.args else error).splitlines()[0][:200]
    line = int(getattr(error, "lineno", 0) or 0)
    key = KEY.search(words)
    if not line and key:
        places = [match.start() for match in re.finditer(rf"@\w+\s*[{{(]\s*{re.escape(key[1])}\s*,", text, re.I)]
        line = text.count("\n", 0, places[-1]) + 1 if places else 0
    return line, f"this entry has a mistake: {words}"


def _parse_all(filenames: list[Path], encoding: str) -> Any:
    """Parse bibliography files as far as they can be; their mistakes have been told already."""
    with errors.capture():
        return _parse(filenames, encoding)


def _bounded_macro(self: Any, name: str) -> str:
    """Return what an @string stands for, cut where it has been made of itself again and again."""
    value: str = _macro(self, name)
    if len(value) <= MOST_OF_A_MACRO:
        return value
    if Swollen.found is not None:
        words = f"the abbreviation {name[:50]} stands for more than {MOST_OF_A_MACRO} letters and is cut"
        Swollen.found.append((int(self.lineno), words))
    return value[:MOST_OF_A_MACRO]


class Entries:
    """The entries that were formatted in this process: a live preview formats each of them once."""

    MOST = 20_000
    known: ClassVar[dict[tuple[object, ...], Any]] = {}


def _format_entry(self: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
    """Format an entry as pybtex does; one that takes fields from another is formatted each time."""
    if bib_data is not None or "crossref" in entry.fields:
        return _format(self, label, entry, bib_data)
    key = (type(self), label, entry.key, repr(entry))
    if key not in Entries.known:
        if len(Entries.known) >= Entries.MOST:
            Entries.known.clear()
        Entries.known[key] = _format(self, label, entry)
    return Entries.known[key]


def _listed(self: Any, key: Any, *how: Any) -> list[Any]:
    """Return the works of one list; a list that cannot be made is empty, and the others are made all the same.

    What a page asks for with :style: and :filter: is looked at when all pages have been read, and no page would be made.
    """
    try:
        with patience(desk().patience):
            return list(_list(self, key, *how))
    except Exception as error:  # a pattern of :filter: that is wrong or never ends, a comparison that makes no sense
        asked = self.bibliographies[key]
        unknown = isinstance(error, PluginNotFound)
        why = f"no style is called {asked.style}" if unknown else reason_of(error)
        hint = (
            "Take out :style:, or name plain, unsrt or alpha." if unknown else "Take out :filter:, or make it simpler."
        )
        words = f"this list of works cannot be made: {why}"
        desk().say(key.docname, "directive-option", words, asked.line, severity=Severity.ERROR, hint=hint)
        return []


def install() -> None:
    """Put this in place, and look once through all packages that are installed for the plug-ins of Sphinx and pybtex."""
    BaseStyle.format_entry = _format_entry
    modules: tuple[Any, ...] = (plugin, styles, registry, theming)
    for module in modules:
        module.entry_points = _entry_points
    BibtexDomain.get_formatted_entries = _listed  # type: ignore[assignment,method-assign]
    bibfile.parse_bibdata = _parse_all  # type: ignore[assignment]
    LowLevelParser.substitute_macro = _bounded_macro
    register_plugin("pybtex.backends", "plaintext", find_plugin("pybtex.backends", "plaintext"), force=True)
