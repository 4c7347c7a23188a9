"""Identifiers that are unique in the whole book."""

from __future__ import annotations

import re


def book_anchor(docname: str, identifier: str) -> str:
    """Return an id that is unique in the whole book and valid in XML and Typst.

    >>> book_anchor("motion/forces", "eq-velocity"), book_anchor("motion", "")
    ('motion-forces--eq-velocity', 'motion--top')
    """
    page = re.sub(r"[^A-Za-z0-9-]+", "-", docname)
    name = re.sub(r"[^A-Za-z0-9_-]", lambda match: f"-{ord(match[0]):x}-", identifier)
    page = page if page[:1].isalpha() else f"p{page}"
    return f"{page}--{name or 'top'}"
