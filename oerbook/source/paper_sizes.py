"""Paper sizes, by name or as width × height."""

from __future__ import annotations

import re

PAPER_SIZES_MM = {
    "a4": (210.0, 297.0), "a5": (148.0, 210.0), "a6": (105.0, 148.0), "b5": (176.0, 250.0),
    "letter": (215.9, 279.4), "legal": (215.9, 355.6), "us-letter": (215.9, 279.4), "us-legal": (215.9, 355.6),
    "executive": (184.1, 266.7), "royal": (156.0, 234.0), "crown": (189.0, 246.0), "digest": (139.7, 215.9),
    "us-trade": (152.4, 228.6),
}  # fmt: skip
MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
CUSTOM_SIZE_PATTERN = re.compile(r"([\d.]+)\s*(mm|cm|in|pt)?\s*[x×]\s*([\d.]+)\s*(mm|cm|in|pt)")
MIN_SIDE_MM, MAX_SIDE_MM = 80.0, 1000.0  # millimetres


def paper_size_mm(paper: str) -> tuple[float, float] | None:
    """Return width and height of a paper in millimetres; None for an invalid size.

    >>> paper_size_mm("A5"), paper_size_mm("6x9in"), paper_size_mm("170 x 240 mm"), paper_size_mm("big")
    ((148.0, 210.0), (152.4, 228.6), (170.0, 240.0), None)
    """
    name = paper.strip().lower()
    if name in PAPER_SIZES_MM:
        return PAPER_SIZES_MM[name]
    match = CUSTOM_SIZE_PATTERN.fullmatch(name)
    if not match:
        return None
    try:
        width, height = float(match[1]) * MM_PER_UNIT[match[2] or match[4]], float(match[3]) * MM_PER_UNIT[match[4]]
    except ValueError:
        return None
    possible = MIN_SIDE_MM <= width <= MAX_SIDE_MM and MIN_SIDE_MM <= height <= MAX_SIDE_MM
    return (round(width, 2), round(height, 2)) if possible else None
