"""Limit the text of @string macros: macros built from macros can grow exponentially.

Written for pybtex 0.26, which has no limit, as in the "billion laughs" of XML:
https://en.wikipedia.org/wiki/Billion_laughs_attack
"""

from __future__ import annotations

from typing import Any

from pybtex.database.input.bibtex import LowLevelParser

from oerbook.document.context.build_context import BuildContext
from oerbook.document.reading.bibliographies import MAX_MACRO_CHARS, MacroLimit

_substitute_macro = LowLevelParser.substitute_macro


def _limited_macro(self: Any, name: str) -> str:
    """Return the text of a macro, cut at the limit."""
    value: str = _substitute_macro(self, name)
    if len(value) <= MAX_MACRO_CHARS:
        return value
    if MacroLimit.messages is not None:
        message = f"the @string macro {name[:50]} expands to more than {MAX_MACRO_CHARS} characters and was cut"
        MacroLimit.messages.append((int(self.lineno), message))
    return value[:MAX_MACRO_CHARS]


def install(_context: BuildContext) -> None:
    """Replace the substitution of macros."""
    LowLevelParser.substitute_macro = _limited_macro
