"""Darken colors of formulas until they can be read on a white page."""

from __future__ import annotations

import re

HEX_COLOR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
MAX_LUMINANCE = 1.05 / 4.5 - 0.05  # contrast of 4.5 with white: https://www.w3.org/TR/WCAG22/#contrast-minimum
STEP = 0.97  # of each darkening


def readable_color(color: str) -> str:
    """Return a color with enough contrast on white: the color itself, or a darker one of the same hue.

    >>> readable_color("#0000ff"), readable_color("#ff0000"), readable_color("red")
    ('#0000ff', '#e80000', 'red')
    """
    match = HEX_COLOR.fullmatch(color)
    if not match:
        return color
    red, green, blue = (int(part, 16) / 255 for part in match.groups())
    while _luminance(red, green, blue) > MAX_LUMINANCE:
        red, green, blue = red * STEP, green * STEP, blue * STEP
    return "#" + "".join(f"{int(part * 255):02x}" for part in (red, green, blue))


def _luminance(*parts: float) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
