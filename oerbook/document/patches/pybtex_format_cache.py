"""Keep formatted bibliography entries in this process, for the live preview.

Written for pybtex 0.26, which formats all entries again whenever a bibliography is generated:
https://bitbucket.org/pybtex-devs/pybtex/src/master/pybtex/style/formatting/__init__.py
"""

from __future__ import annotations

from typing import Any

from pybtex.style.formatting import BaseStyle

from oerbook.document.context.build_context import BuildContext

MAX_ENTRIES = 20_000
_cache: dict[tuple[object, ...], Any] = {}
_pybtex_format_entry = BaseStyle.format_entry


def _format_entry(self: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
    """Format an entry, cached unless it inherits fields from another (crossref)."""
    if bib_data is not None or "crossref" in entry.fields:
        return _pybtex_format_entry(self, label, entry, bib_data)
    key = (type(self), label, entry.key, repr(entry))
    if key not in _cache:
        if len(_cache) >= MAX_ENTRIES:
            _cache.clear()
        _cache[key] = _pybtex_format_entry(self, label, entry)
    return _cache[key]


def install(_context: BuildContext) -> None:
    """Replace the formatting of entries."""
    BaseStyle.format_entry = _format_entry
