"""Where a submission may write: chapters, contributors and the bibliography, in kinds of files that only carry text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Change, Submission

KINDS = frozenset(
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
        ".ogg",
        ".mp4",
        ".webm",
        ".vtt",
        ".tex",
        ".drawio",
        ".tif",
        ".tiff",
    ]
)
CREDIT = frozenset({".mailmap", ".git-blame-ignore-revs"})
ASK = "Ask an editor, who can take it in with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report files outside the book's text, files that move credit, hidden files and files that programs obey."""
    for change in submission.changes:
        for path in dict.fromkeys([change.path, *([change.old_path] if change.old_path else [])]):
            finding = _judged(path, change)
            if finding:
                yield finding


def _judged(path: str, change: Change) -> Finding | None:
    pure = PurePosixPath(path)
    if pure.name in CREDIT:
        return _error("credit-moved", f"{pure.name} decides whom the history gives credit to", path)
    if pure.parts[0] not in ("chapters", "contributors") or len(pure.parts) < 2:
        words = "this file lies outside chapters/ and contributors/"
        if pure.parts[0] in (".github", ".gitlab-ci.yml", ".ci"):
            words = "this file tells a server what to run"
        return _error("path-outside", words, path)
    if any(part.startswith(".") for part in pure.parts[1:]) or pure.parts[1] in ("_build", "_templates"):
        return _error("path-hidden", "this file is hidden, and some program may obey it", path)
    wrong_kind = pure.suffix.lower() not in KINDS
    if pure.parts[0] == "contributors":
        wrong_kind = pure.suffix.lower() not in (".md", ".jpg", ".jpeg", ".png", ".webp")
    if wrong_kind and change.kind != "removed":
        kind = pure.suffix or "file without an ending"
        return _error("file-kind", f"a {kind} is not a kind of file that a chapter is made of", path)
    return None


def _error(code: str, words: str, path: str) -> Finding:
    return Finding(code, words, Place(path), Severity.ERROR, ASK.format(code=code))
