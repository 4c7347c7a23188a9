"""Limit what drawing an SVG image costs: its size, and the number of its elements with all references expanded."""

from __future__ import annotations

import math
import re
from typing import Any

from lxml import etree

from oerbook.document.safety.svg_sanitizer import XLINK_HREF

MAX_SVG_BYTES = 30_000_000
MAX_DRAWN_ELEMENTS = 400_000
MAX_REFERENCE_DEPTH = 300  # nested elements and references together
MIN_TRIAL_ELEMENTS = (
    30_000  # drawn through references: from here on a drawing is rendered once to see how long it takes
)
MAX_SIDE_PX = 5_000.0
MAX_ASPECT_RATIO = 500
PIXELS_PER_UNIT = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "em": 16.0, "ex": 8.0,
}  # fmt: skip
LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|ex|)\s*", re.I)
FRAGMENT_URL = re.compile(r"url\(\s*[\"']?#([^\"')]+)")
MARKER_PROPERTY = re.compile(r"marker(?:-start|-mid|-end)?$")
SVG_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.I)
# The ninth octave of noise changes a color by less than one part in 256; wider blurs leave one color.
FILTER_LIMITS = {"numOctaves": 9, "stdDeviation": 200, "radius": 200}
UNDRAWN_ELEMENTS = frozenset({"linearGradient", "radialGradient", "stop", "font"})
COSTLY_ELEMENTS = frozenset({"filter", "pattern", "mask"})


def svg_size_problem(root: Any) -> str:
    """Return why an SVG image is not drawn, "" if it can be; limit its size to what a page can show."""
    fault = _limit_size(root)
    if fault:
        return fault
    _limit_filters(root)
    drawn = count_drawn_elements(root)
    return f"too complex to draw (more than {MAX_DRAWN_ELEMENTS:,} elements)" if drawn > MAX_DRAWN_ELEMENTS else ""


def needs_trial_rendering(root: Any) -> bool:
    """Return whether only rendering tells what an SVG image costs."""
    own = sum(1 for _ in root.iter(etree.Element))
    costly = any(etree.QName(element).localname in COSTLY_ELEMENTS for element in root.iter(etree.Element))
    return costly or count_drawn_elements(root) - own > MIN_TRIAL_ELEMENTS


def svg_size_px(root: Any) -> tuple[float, float]:
    """Return the width and height of an SVG image, (0, 0) if it has none."""
    width, height = _pixels(root.get("width")), _pixels(root.get("height"))
    box = _view_box(root)
    if width and height:
        return width, height
    if box and width:
        return width, width * box[1] / box[0]
    if box and height:
        return height * box[0] / box[1], height
    return box or (0.0, 0.0)


def count_drawn_elements(root: Any) -> int:
    """Return how many elements are drawn when references are followed; more than the limit if there is no end."""
    targets = {str(element.get("id")): element for element in root.iter(etree.Element) if element.get("id")}
    counts: dict[Any, int] = {}

    def count(element: Any, depth: int) -> int:
        if element in counts:
            return counts[element]
        if depth > MAX_REFERENCE_DEPTH:
            return MAX_DRAWN_ELEMENTS + 1
        counts[element] = 0  # of a reference to itself, which nothing draws
        total = 1 + sum(count(child, depth + 1) for child in element.iterchildren(etree.Element))
        for name, times in _references(element):
            target = targets.get(name)
            if target is not None and etree.QName(target).localname not in UNDRAWN_ELEMENTS:
                total += times * count(target, depth + 1)
        counts[element] = min(total, MAX_DRAWN_ELEMENTS + 1)
        return counts[element]

    return count(root, 0)


def _references(element: Any) -> list[tuple[str, int]]:
    """Return the ids that an element refers to, and how many times each is drawn."""
    found = []
    for key, value in element.attrib.items():
        if key in (XLINK_HREF, "href"):
            found.append((value[1:], 1)) if value.startswith("#") else None
        elif "url(" in value:
            vertices = _vertices(element) if MARKER_PROPERTY.match(key) or "marker" in value else 1
            found += [(name, vertices) for name in FRAGMENT_URL.findall(value)]
    return found


def _vertices(element: Any) -> int:
    path = str(element.get("d") or element.get("points") or "")
    return 1 + len(re.findall(r"[\d.]+[\s,]+", path)) // 2


def _limit_filters(root: Any) -> None:
    """Reduce what a filter computes to what can be seen: octaves of noise, and the size of a blur."""
    for element in root.iter(etree.Element):
        for name, limit in FILTER_LIMITS.items():
            numbers = SVG_NUMBER.findall(str(element.get(name) or ""))
            if any(float(number) > limit for number in numbers):
                element.set(name, " ".join(f"{min(float(number), limit):g}" for number in numbers))


def _limit_size(root: Any) -> str:
    """Reduce a size that no page can show; nothing is lost, because a drawing has no pixels."""
    width, height = svg_size_px(root)
    if not width or not height:
        return ""
    if not all(map(math.isfinite, (width, height))) or max(width, height) / min(width, height) > MAX_ASPECT_RATIO:
        return f"{width:,.0f} × {height:,.0f} pixels large, which no page can show"
    factor = MAX_SIDE_PX / max(width, height)
    if factor >= 1:
        return ""
    if root.get("viewBox") is None:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width * factor:.2f}")
    root.set("height", f"{height * factor:.2f}")
    return ""


def _pixels(length: str | None) -> float:
    match = LENGTH.fullmatch(length or "")
    value = float(match[1]) * PIXELS_PER_UNIT[match[2].lower()] if match else 0.0
    return max(0.0, value)


def _view_box(root: Any) -> tuple[float, float] | None:
    try:
        _x, _y, width, height = (
            float(number) for number in re.split(r"[\s,]+", str(root.get("viewBox") or "").strip())
        )
    except ValueError:
        return None
    return (width, height) if width > 0 and height > 0 else None
