"""The nouns: frozen values that every room speaks in, built on the standard library alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oerbook.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file or folder that was made: its format, where it is, its SHA-256 (of a folder: of its sorted listing)."""

    format: str
    path: Path
    digest: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What an importer made of a foreign book: moves, new and needless files (from the root), what was left behind."""

    moves: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    removals: tuple[str, ...] = ()
