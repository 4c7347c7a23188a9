"""Files that a build wrote, and changes that an import plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oerbook.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Artifact:
    """A built file or folder: format, path, SHA-256 (of a folder: of its sorted file list), findings."""

    format: str
    path: Path
    digest: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an importer plans: `moves` (old, new), `files` (path, text), `removals`; paths from the book's root.

    `license` is the SPDX id of the book's license, "" if it is not stated; `is_adaptation` says whether the text of the
    pages is changed, which the license must permit.
    """

    moves: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()
    removals: tuple[str, ...] = ()
    license: str = ""
    is_adaptation: bool = False
