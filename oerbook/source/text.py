"""The text of a page as it stands on the disk: decoded, bounded, with its front matter set aside."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

from oerbook.model.book import Chapter
from oerbook.source.front_matter import split
from oerbook.storage.file_cache import Remembered
from oerbook.text.slugs import composed

MOST_MARKDOWN = 2_000_000  # bytes: some 300,000 words, ten times the longest chapter met in real books
MOST_NOTEBOOK = 50_000_000  # bytes: notebooks carry their pictures inside
MOST_REMEMBERED = 300_000  # signs of one text; longer ones are read again when they are wanted again
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_texts: Remembered[tuple[str, str]] = Remembered()


def load(path: str | Path, root: str | Path) -> tuple[str, str]:
    """Return the text of a file and why it cannot be read as a chapter ("" when it can)."""
    name = str(path)
    if (resting := _texts.at_rest(name)) is not None:
        return resting
    found = _straight(name, str(root)) if os.name == "posix" else None
    known = _texts.get(name, found) if found else None
    if known is None:
        known = _loaded(Path(name), Path(root))
        if found and len(known[0]) <= MOST_REMEMBERED:
            _texts.put(name, found, known)
    return known


def _loaded(path: Path, root: Path) -> tuple[str, str]:
    try:
        if not inside(path, root):
            return "", "it is a link to a file outside the book"
        size = path.stat().st_size
        most = MOST_NOTEBOOK if path.suffix == ".ipynb" else MOST_MARKDOWN
        if size > most:
            return "", f"it is larger than {most // 1_000_000} million bytes; divide it into several chapters"
        raw = path.read_bytes()
    except OSError as error:
        return "", f"it cannot be opened ({error.strerror})"
    return _decode(raw, path)


def inside(path: Path, root: Path) -> bool:
    """Say whether a file lies below a folder, when all links are followed."""
    if os.name == "posix" and _straight(str(path), str(root)):
        return True
    place, top = os.path.realpath(path), os.path.realpath(root)
    return place == top or place.startswith(top.rstrip(os.sep) + os.sep)


def _straight(path: str, root: str) -> os.stat_result | None:
    """Return what is at a path that goes down from a folder without a link on its way; no look at what is above is needed.

    None when a link is on the way, or when it is not there or cannot be looked at.
    """
    if not path.startswith(root + os.sep):
        return None
    place, found = root, None
    try:
        for part in path[len(root) + 1 :].split("/"):
            place += os.sep + part
            found = os.lstat(place)
            if part == ".." or stat.S_ISLNK(found.st_mode):
                return None
    except (OSError, ValueError):
        return None
    return found


def _decode(raw: bytes, path: Path) -> tuple[str, str]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", f"it is not written in UTF-8 (line {line})"
    if "\x00" in text:
        return "", f"it holds a NUL character (line {text[: text.index(chr(0))].count(chr(10)) + 1}), so it is no text"
    text = composed(text.replace("\r\n", "\n").replace("\r", "\n"))
    if path.suffix == ".ipynb":
        return text, _notebook_problem(text)
    return text, "" if text.strip() else "it is empty"


def _notebook_problem(text: str) -> str:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not a notebook (its JSON cannot be read)"
    good = isinstance(data, dict) and isinstance(data.get("cells", data.get("worksheets")), list)
    return "" if good else "it is not a notebook (it has no cells)"


def chapter_text(root: Path, chapter: Chapter) -> str:
    """Return a page as Markdown with its front matter blanked, so that line numbers stay what they were.

    A chapter that cannot be read gives a notice to the reader instead.
    """
    text, problem = load(f"{root}/{chapter.path}", root)
    problem = chapter.problem or problem
    if problem:
        return notice(chapter.title, problem)
    _yaml, body_line = split(text)
    lines = text.split("\n")
    return "\n".join([""] * (body_line - 1) + lines[body_line - 1 :])


def notice(title: str, reason: str) -> str:
    """Return the page that stands in for a chapter that cannot be read."""
    safe = re.sub(r"[^\w\s.,;:()/'-]", "", reason)
    return (
        f"# {re.sub(r'[`{}<>*_$]', '', title)}\n\n"
        ":::{admonition} This chapter is missing from this edition\n:class: warning\n"
        f"The file of this chapter could not be read: {safe}. "
        "The rest of the book is complete.\n:::\n"
    )
