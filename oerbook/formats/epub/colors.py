"""Darken colors of formulas until they can be read on a white page."""

from __future__ import annotations

import re

HEX_COLOR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
MAX_READABLE_LUMINANCE = 1.05 / 4.5 - 0.05  # contrast of 4.5 with white: https://www.w3.org/TR/WCAG22/#contrast-minimum
DARKENING_FACTOR = 0.97  # of each darkening


def darken_until_readable(color: str) -> str:
    """Return a color with enough contrast on white: the color itself, or a darker one of the same hue.

    >>> darken_until_readable("#0000ff"), darken_until_readable("#ff0000"), darken_until_readable("red")
    ('#0000ff', '#e80000', 'red')
    """
    match = HEX_COLOR.fullmatch(color)
    if not match:
        return color
    red, green, blue = (int(part, 16) / 255 for part in match.groups())
    while _luminance(red, green, blue) > MAX_READABLE_LUMINANCE:
        red, green, blue = red * DARKENING_FACTOR, green * DARKENING_FACTOR, blue * DARKENING_FACTOR
    return "#" + "".join(f"{int(part * 255):02x}" for part in (red, green, blue))


def _luminance(*parts: float) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
