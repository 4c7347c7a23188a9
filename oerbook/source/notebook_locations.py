"""Findings in notebooks, which are read as the text that is made of their cells: where they are for those who wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from oerbook.model.findings import Finding, Place
from oerbook.source.notebook import spots
from oerbook.source.text import load


def in_cells(findings: Iterable[Finding], root: Path) -> list[Finding]:
    """Return findings, those in notebooks below `root` with the line of the file and the cell; each goes through here once."""
    return [replace(f, place=_celled(f.place, root)) if f.place.path.endswith(".ipynb") else f for f in findings]


def _celled(place: Place, root: Path) -> Place:
    text, problem = load(root / place.path, root)
    lines = spots(text) if place.line and not place.cell and not problem else ()
    return Place(place.path, *lines[min(place.line, len(lines)) - 1]) if lines else place
