"""Settings of the printed edition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """Print settings; every field is a key of `print:` in `chapters/index.md`, None means the theme's default."""

    two_sided: bool | None = None
    crop_marks: bool | None = None
    black_and_white: bool | None = None
    paper_thickness: float = 0.1  # thickness of one sheet in mm
    bleed: float = 3.0  # bleed of the cover in mm
    lists: tuple[str, ...] = ()  # "figure", "table": lists printed after the table of contents
