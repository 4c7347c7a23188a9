"""Locate findings in notebooks by file line and cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from oerbook.model.findings import Finding, Place
from oerbook.source.notebook import source_positions
from oerbook.source.text import load_text


def locate_in_cells(findings: Iterable[Finding], root: Path) -> list[Finding]:
    """Return findings, those in notebooks located by file line and cell.

    Notebooks are read as the text of their cells, so a finding's line is one of that text. Apply this once per finding.
    """
    return [replace(f, place=_cell_place(f.place, root)) if f.place.path.endswith(".ipynb") else f for f in findings]


def _cell_place(place: Place, root: Path) -> Place:
    text, problem = load_text(root / place.path, root)
    positions = source_positions(text) if place.line and not place.cell and not problem else ()
    return Place(place.path, *positions[min(place.line, len(positions)) - 1]) if positions else place
