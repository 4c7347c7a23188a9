"""How the theme's margins and type fit a sheet of paper that is smaller than the one they are drawn for."""

from __future__ import annotations

from oerbook.source.paper_sizes import PAPERS, dimensions


def fitted(paper: str) -> dict[str, str]:
    """Return what the template needs to know of a paper: its size, and factors for margins and type.

    The tokens are drawn for A4. On smaller paper margins shrink faster than the page, and type a little, so that a
    line keeps about as many letters.
    """
    wide, high = dimensions(paper) or PAPERS["a4"]
    across, down = wide / 210, high / 297
    return {
        "page-width": f"{wide:g}mm",
        "page-height": f"{high:g}mm",
        "across": f"{min(across, 1.1) * (0.82 if across < 0.9 else 1):.3f}",
        "down": f"{min(down, 1.1) * (0.85 if down < 0.9 else 1):.3f}",
        "small": f"{min(1.0, max(0.84, across**0.25)):.3f}",
    }
