"""The nouns: frozen values that every room speaks in, built on the standard library alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Pairs = tuple[tuple[str, str], ...]  # a frozen str -> str mapping, in the author's order


class Severity(StrEnum):
    """How much a finding matters: errors stop a strict editor and set exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a source file: its path below the book's root, 1-based line (0: all of it), cell of a notebook in words."""

    path: str
    line: int = 0
    cell: str = ""

    def __str__(self) -> str:
        return (f"{self.path}:{self.line}" if self.line else self.path) + (f" ({self.cell})" if self.cell else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in the book: a stable code, a plain sentence, where it is, and what to do next."""

    code: str
    message: str
    place: Place
    severity: Severity = Severity.WARNING
    hint: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Order findings by place, then code, then words."""
        return (self.place.path, self.place.line, self.code, self.message)
