"""Invisible, bidirectional and control characters: the sets, and functions that remove or escape them."""

from __future__ import annotations

import re

# Ranges for the sets below. Tab, line feed and carriage return are no control characters here.
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BIDI_EMBEDDINGS = "\u202a-\u202e"
_FORMAT = "\u2060-\u206f"  # bidi isolates among them
_TAGS = "\U000e0000-\U000e007f"
_SURROGATES = "\ud800-\udfff"

CONTROL_CHARS = re.compile(f"[{_CONTROL}]")
BIDI_CONTROLS = re.compile(f"[{_BIDI_EMBEDDINGS}\u2066-\u2069]")
# Never needed in a book's text.
HIDDEN_CHARS = re.compile(f"[\u2060-\u2064\u206a-\u206f{_TAGS}\u115f\u1160\u3164\uffa0\u00ad]")
# Invisible between Latin letters, but used in other scripts.
ZERO_WIDTH_IN_WORD = re.compile("[a-z][\u200b-\u200d\ufeff]+[a-z]", re.I)
# A value of front matter may not hide these behind an escape; XML cannot hold some of them.
FORBIDDEN_IN_YAML = re.compile(f"[{_CONTROL}\u200b{_BIDI_EMBEDDINGS}{_FORMAT}{_SURROGATES}\ufffe\uffff{_TAGS}]")
# Browsers ignore these in a URL.
IGNORED_IN_URLS = re.compile(r"[\x00-\x20\x7f-\xa0\ufeff]+")
# Invisible characters that no name or message needs: joiners and variation selectors are not among them.
INVISIBLE_CHARS = re.compile(f"[{_CONTROL}\u200b\u200e\u200f{_BIDI_EMBEDDINGS}{_FORMAT}\ufeff\ufff9-\uffff]")
# What a terminal may interpret or not show.
UNPRINTABLE_CHARS = re.compile(
    f"[{_CONTROL}\r\xad\u061c\u180e\u200b-\u200f\u2028\u2029{_BIDI_EMBEDDINGS}{_FORMAT}\ufeff{_TAGS}]"
)
# What a report on another site may interpret or not show; joiners are parts of words and of emoji.
UNREPORTABLE_CHARS = re.compile(
    f"[{_CONTROL}\u200b\u200e\u200f\u2028\u2029{_BIDI_EMBEDDINGS}{_FORMAT}{_SURROGATES}\ufeff{_TAGS}]"
)
UNDECODED_BYTE = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8, as Python's surrogateescape decodes it
TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f]")


def strip_control(text: str) -> str:
    """Remove invisible characters; read bytes that are not UTF-8 as Latin-1.

    >>> strip_control("Ren\\udce9 \\x1b[1mX\\u202e")
    'René [1mX'
    """
    if text.isascii() and text.isprintable():
        return text
    return INVISIBLE_CHARS.sub("", UNDECODED_BYTE.sub(lambda match: chr(ord(match[0]) - 0xDC00), text))


def escape_control(text: str) -> str:
    """Escape control characters, so that a text can safely be printed to a terminal.

    >>> escape_control("a\\x1b[31m")
    'a\\\\x1b[31m'
    """
    return UNPRINTABLE_CHARS.sub(lambda m: f"\\x{ord(m[0]):02x}" if ord(m[0]) < 256 else f"\\u{ord(m[0]):04x}", text)


def name_invisible(text: str) -> str:
    """Replace characters that a report must not contain by their code points.

    >>> name_invisible("a\\x1b[8mb\\u202ec")
    'aU+001B[8mbU+202Ec'
    """
    return UNREPORTABLE_CHARS.sub(lambda match: f"U+{ord(match[0]):04X}", text)


def strip_terminal_codes(text: str) -> str:
    """Remove colors and control characters from terminal output.

    >>> strip_terminal_codes("\\x1b[31mred\\x1b[0m")
    'red'
    """
    return TERMINAL_CODES.sub("", text)


def spreadsheet_text(text: str) -> str:
    """Return a cell of a table for spreadsheets, which would evaluate some first characters as a formula.

    >>> spreadsheet_text("=1+1"), spreadsheet_text("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
