"""Scale the theme's margins and type size, designed for A4, to the paper."""

from __future__ import annotations

from oerbook.source.paper_sizes import PAPER_SIZES_MM, paper_size_mm


def paper_scaling(paper: str) -> dict[str, str]:
    """Return the values of a paper: size in mm, factors for margins and type.

    On smaller paper margins shrink faster than the page and type a little, so that lines have about as many letters.
    """
    width, height = paper_size_mm(paper) or PAPER_SIZES_MM["a4"]
    across, down = width / 210, height / 297
    return {
        "page-width": f"{width:g}mm",
        "page-height": f"{height:g}mm",
        "across": f"{min(across, 1.1) * (0.82 if across < 0.9 else 1):.3f}",
        "down": f"{min(down, 1.1) * (0.85 if down < 0.9 else 1):.3f}",
        "small": f"{min(1.0, max(0.84, across**0.25)):.3f}",
    }
