"""Let attributes have values such as `50%` and `3.5cm` without quotation marks, as Pandoc and Quarto do.

Written for mdit-py-plugins 0.7, which reads letters, digits, `:`, `_` and `-` only, and shows the rest as text:
https://github.com/executablebooks/mdit-py-plugins/blob/master/mdit_py_plugins/attrs/parse.py
"""

from __future__ import annotations

import re

from mdit_py_plugins.attrs import parse
from mdit_py_plugins.attrs.parse import State, TokenState

from oerbook.document.context.build_context import BuildContext

VALUE_CHAR = re.compile(r"[\w:.%/+-]")


def install(_context: BuildContext) -> None:
    """Replace the two handlers of values without quotation marks."""
    parse.HANDLERS[State.SCANNING_VALUE] = _start_value
    parse.HANDLERS[State.SCANNING_BARE_VALUE] = _continue_value


def _start_value(char: str, pos: int, tokens: TokenState) -> State:
    if VALUE_CHAR.fullmatch(char):
        tokens.set_start(pos)
        return State.SCANNING_BARE_VALUE
    return parse.handle_scanning_value(char, pos, tokens)


def _continue_value(char: str, pos: int, tokens: TokenState) -> State:
    if VALUE_CHAR.fullmatch(char):
        return State.SCANNING_BARE_VALUE
    return parse.handle_scanning_bare_value(char, pos, tokens)
