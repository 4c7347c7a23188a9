"""Break text into lines as a writer does, and never inside code, formulas and roles."""

from __future__ import annotations

import re

from oerbook.importers.myst_writer.escaping import escape_line_start

LINE_CHARS = 100
# Characters that no text contains: https://www.unicode.org/faq/private_use.html#noncharacters
FIXED_SPACE, FIXED_BREAK, HARD_BREAK, PARAGRAPH_BREAK = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"


def keep_together(text: str) -> str:
    """Return text whose spaces and line ends stay as they are."""
    return text.replace(" ", FIXED_SPACE).replace("\n", FIXED_BREAK)


def wrap_paragraph(text: str, width: int = LINE_CHARS) -> str:
    """Return the text of a paragraph in lines; displayed formulas stand between blank lines.

    >>> wrap_paragraph("Soil is alive", 8)
    'Soil is\\nalive'
    """
    parts = [part.strip(" ") for part in text.split(PARAGRAPH_BREAK)]
    return "\n\n".join(_wrap_part(part, width) for part in parts if part)


def single_line(text: str) -> str:
    """Return the text of a heading, a cell or a caption on one line."""
    joined = re.sub(f"[{HARD_BREAK}{PARAGRAPH_BREAK}{FIXED_BREAK} ]+", " ", text)
    return joined.strip().replace(FIXED_SPACE, " ")


def _wrap_part(text: str, width: int) -> str:
    pieces = [piece.strip(" ") for piece in text.split(HARD_BREAK)]
    lines = [_wrap_lines(piece, width) for piece in pieces if piece]
    return "\\\n".join(lines).replace(FIXED_SPACE, " ").replace(FIXED_BREAK, "\n")


def _wrap_lines(text: str, width: int) -> str:
    lines, current = [], ""
    for word in text.split(" "):
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    return "\n".join(map(escape_line_start, [*lines, current]))
