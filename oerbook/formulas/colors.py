"""Colors of formulas: names of TeX and CSS, and the models of the package xcolor."""

from __future__ import annotations

import re

HEX_BY_COLOR_NAME = {
    "black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff",
    "yellow": "#ffff00", "cyan": "#00ffff",
    "magenta": "#ff00ff", "gray": "#808080", "grey": "#808080", "orange": "#ffa500",
    "purple": "#800080", "brown": "#a52a2a", "teal": "#008080",
    "navy": "#000080", "olive": "#808000", "lime": "#00ff00", "maroon": "#800000", "silver": "#c0c0c0",
    "pink": "#ffc0cb", "violet": "#ee82ee",
    "darkgreen": "#006400", "darkblue": "#00008b", "darkred": "#8b0000", "lightgray": "#d3d3d3",
    "lightblue": "#add8e6", "crimson": "#dc143c",
}  # fmt: skip


def to_temml_color(name: str, model: str | None) -> str:
    """Return a color as Temml reads it: by name or by six digits."""
    numbers = re.findall(r"\d*\.?\d+", name)
    if model in ("rgb", "RGB") and len(numbers) == 3:
        scale = 255 if model == "rgb" else 1
        return "#" + "".join(f"{min(255, round(float(number) * scale)):02x}" for number in numbers)
    if model == "gray" and numbers:
        return "#" + f"{min(255, round(float(numbers[0]) * 255)):02x}" * 3
    if model == "HTML":
        return f"#{name.strip()}"
    return name.strip()
