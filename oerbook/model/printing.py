"""How a book wants to be printed: a noun of its own, since it is nobody's business but the printer's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Printing:
    """How the book is printed; every field is a key of `print:` in `chapters/index.md`, None leaves it to the theme."""

    two_sided: bool | None = None
    crop_marks: bool | None = None
    black_and_white: bool | None = None
    leaf: float = 0.1  # millimetres of thickness of one leaf of the paper
    bleed: float = 3.0  # millimetres of the cover that are cut away
    lists: tuple[str, ...] = ()  # of figure, table: lists behind the contents
