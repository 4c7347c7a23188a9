"""Contrast of colors, as the Web Content Accessibility Guidelines define it."""

from __future__ import annotations

import re
from collections.abc import Mapping

HEX_COLOR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
TEXT_COLORS = ("ink", "quiet", "link", "accent")


def contrast_ratio(color: str, background: str) -> float:
    """Return the contrast of two colors, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

    >>> contrast_ratio("#000000", "#ffffff"), contrast_ratio("white", "#ffffff")
    (21.0, 1.0)
    """
    lighter, darker = sorted((_luminance(color), _luminance(background)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 2)


def lowest_text_contrast(tokens: Mapping[str, str]) -> float:
    """Return the lowest contrast between a theme's colors of text and its page, by day and by night."""
    pairs = [
        (tokens[f"{prefix}{name}"], tokens[f"{prefix}paper"])
        for prefix in ("", "night-")
        for name in TEXT_COLORS
        if tokens.get(f"{prefix}{name}") and tokens.get(f"{prefix}paper")
    ]
    return min((contrast_ratio(color, paper) for color, paper in pairs), default=0.0)


def _luminance(color: str) -> float:
    """Return the relative luminance of a color in hexadecimal notation; white for any other notation."""
    match = HEX_COLOR.fullmatch(color)
    parts = [int(part, 16) / 255 for part in match.groups()] if match else [1.0, 1.0, 1.0]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
