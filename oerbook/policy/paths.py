"""Check paths: only allowed kinds of files in `chapters/` and `contributors/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import FileChange, Submission
from oerbook.source.settings.image_sources import IMAGE_RECORD_SUFFIXES

ALLOWED_SUFFIXES = frozenset(
    [
        ".md",
        ".ipynb",
        ".bib",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".svg",
        ".csv",
        ".tsv",
        ".json",
        ".txt",
        ".pdf",
        ".docx",
        ".odt",
        ".xlsx",
        ".ods",
        ".pptx",
        ".odp",
        ".inv",
        ".ttf",
        ".otf",
        ".woff",
        ".woff2",
        ".mp3",
        ".m4a",
        ".wav",
        ".flac",
        ".opus",
        ".ogg",
        ".mp4",
        ".webm",
        ".vtt",
        ".srt",
        ".tex",
        ".drawio",
        ".tif",
        ".tiff",
    ]
)
FILES_AFFECTING_CREDIT = frozenset({".mailmap", ".git-blame-ignore-revs"})
OUTSIDE_HINT = "An editor can accept it with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report files outside of the text, of other kinds, hidden, or affecting credit."""
    for change in submission.changes:
        for path in dict.fromkeys([change.path, *([change.old_path] if change.old_path else [])]):
            finding = _finding(path, change)
            if finding:
                yield finding


def _finding(path: str, change: FileChange) -> Finding | None:
    pure = PurePosixPath(path)
    if pure.name in FILES_AFFECTING_CREDIT:
        return _error("credit-config-changed", f"{pure.name} changes who gets credit for commits", path)
    if pure.parts[0] not in ("chapters", "contributors") or len(pure.parts) < 2:
        message = "this file is outside chapters/ and contributors/"
        if pure.parts[0] in (".github", ".gitlab-ci.yml", ".ci"):
            message = "this file configures what a CI server runs"
        return _error("path-not-allowed", message, path)
    if any(part.startswith(".") for part in pure.parts[1:]) or pure.parts[1] in ("_build", "_templates"):
        return _error("path-hidden", "this file is hidden, and other programs may read it", path)
    wrong_kind = pure.suffix.lower() not in ALLOWED_SUFFIXES
    if pure.name.lower().endswith(IMAGE_RECORD_SUFFIXES):
        wrong_kind = False  # it says where an image comes from
    if pure.parts[0] == "contributors":
        wrong_kind = pure.suffix.lower() not in (".md", ".jpg", ".jpeg", ".png", ".webp")
    if wrong_kind and change.kind != "removed":
        kind = f"{pure.suffix} files" if pure.suffix else "files without a suffix"
        return _error("file-type", f"{kind} are not allowed here", path)
    return None


def _error(code: str, message: str, path: str) -> Finding:
    return Finding(code, message, Place(path), Severity.ERROR, OUTSIDE_HINT.format(code=code))
