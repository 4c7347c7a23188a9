"""Text as a terminal shows it: progress bars that were drawn over each other leave their last state."""

from __future__ import annotations

import re

from oerbook.text.characters import strip_terminal_codes

# Carriage return, backspace, line end; and of ECMA-48 the codes for “up” (A), “down” (B) and “erase in line” (K).
CURSOR_MOVE = re.compile(r"(\r|\x08|\n|\x1b\[\d*[ABK])")

CURSOR_DOWN = re.compile(r"\x1b\[\d*B")


def visible_terminal_text(text: str) -> str:
    """Return what remains visible of a program's output, without colors.

    >>> [visible_terminal_text(text) for text in ("10 %\\r50 %\\r100 %\\ndone\\n", "a\\r\\nb", "long\\rab\\x1b[K")]
    ['100 %\\ndone\\n', 'a\\nb', 'ab']
    """
    if "\r" not in text and "\x08" not in text and "\x1b[" not in text:
        return strip_terminal_codes(text)
    rows, row, column = [""], 0, 0
    for piece in CURSOR_MOVE.split(text):
        if piece == "\r":
            column = 0
        elif piece == "\x08":
            column = max(0, column - 1)
        elif piece == "\n" or CURSOR_DOWN.fullmatch(piece):
            row, column = row + (1 if piece == "\n" else _count(piece)), 0 if piece == "\n" else column
            rows += [""] * (row + 1 - len(rows))
        elif piece.startswith("\x1b[") and piece.endswith("A"):
            row = max(0, row - _count(piece))
        elif piece.startswith("\x1b[") and piece.endswith("K"):
            rows[row] = "" if piece == "\x1b[2K" else rows[row][:column]
        elif shown := strip_terminal_codes(piece):
            line = rows[row].ljust(column)
            rows[row] = line[:column] + shown + line[column + len(shown) :]
            column += len(shown)
    return "\n".join(line.rstrip(" ") if "\r" in text else line for line in rows)


def _count(code: str) -> int:
    """Return the number in a cursor code, at most 1000."""
    return min(int(code[2:-1] or 1), 1000)
