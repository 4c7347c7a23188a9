"""Remove or escape invisible and control characters in untrusted text."""

from __future__ import annotations

import re

UNPRINTABLE_CHARS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
UNDECODED_BYTE = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8, as Python's surrogateescape decodes it
INVISIBLE_CHARS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)


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
