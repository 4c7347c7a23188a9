"""The data model: frozen dataclasses shared by all packages; standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Pairs = tuple[tuple[str, str], ...]  # a frozen str -> str mapping in the author's order


class Severity(StrEnum):
    """How serious a finding is; errors set exit code 1, with --strict warnings do too."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position: `path` relative to the book's root, 1-based `line` (0: whole file), `cell` of a notebook in words."""

    path: str
    line: int = 0
    cell: str = ""

    def __str__(self) -> str:
        return (f"{self.path}:{self.line}" if self.line else self.path) + (f" ({self.cell})" if self.cell else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in the book: a stable code, a message, its place, and a hint on what to do."""

    code: str
    message: str
    place: Place
    severity: Severity = Severity.WARNING
    hint: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Sort key: by place, then code, then message."""
        return (self.place.path, self.place.line, self.code, self.message)
