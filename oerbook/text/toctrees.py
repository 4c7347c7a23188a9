"""Find and remove the navigation directives of a page."""

from __future__ import annotations

from oerbook.text.myst_scan import find_fenced_blocks

NAVIGATION_DIRECTIVES = ("toctree", "tableofcontents")


def find_toctrees(text: str) -> list[tuple[str, int, int]]:
    """Return the navigation directives of a page: name, first and last line, counted from 0.

    Those shown as an example in a code block are left out.
    """
    blocks = find_fenced_blocks(text)
    return [(b.name, b.first, b.last) for b in blocks if b.name in NAVIGATION_DIRECTIVES and b.is_closed]


def remove_toctrees(text: str) -> str:
    """Return a page without its navigation directives.

    `toc:` sets the order, and the theme shows it.
    """
    lines = text.split("\n")
    for _name, first, last in reversed(find_toctrees(text)):
        blank = last + 1 < len(lines) and not lines[last + 1].strip() and (not first or not lines[first - 1].strip())
        del lines[first : last + (2 if blank else 1)]
    return "\n".join(lines)
