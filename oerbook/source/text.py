"""Load the text of a page: size limit, UTF-8, line ends, no links out of the book."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

from oerbook.model.book import Chapter
from oerbook.storage.file_cache import FileCache
from oerbook.text.slugs import compose_letters
from oerbook.text.translations import translate

MAX_MARKDOWN_BYTES = 2_000_000  # some 300,000 words, ten times the longest chapter seen in real books
MAX_NOTEBOOK_BYTES = 50_000_000  # notebooks contain their pictures
MAX_CACHED_CHARS = 300_000  # of one text; longer ones are not cached
_texts: FileCache[tuple[str, str]] = FileCache()


def load_page_text(path: str | Path, root: str | Path) -> tuple[str, str]:
    """Return the text of a file and why it cannot be used as a chapter ("" when it can)."""
    name = str(path)
    if (unchecked := _texts.get_unchecked(name)) is not None:
        return unchecked
    status = _lstat_without_links(name, str(root)) if os.name == "posix" else None
    loaded = _texts.get(name, status) if status else None
    if loaded is None:
        loaded = _read(Path(name), Path(root))
        if status and len(loaded[0]) <= MAX_CACHED_CHARS:
            _texts.put(name, status, loaded)
    return loaded


def _read(path: Path, root: Path) -> tuple[str, str]:
    try:
        if not is_file_inside(path, root):
            return "", "it is a link to a file outside the book"
        size = path.stat().st_size
        limit = MAX_NOTEBOOK_BYTES if path.suffix == ".ipynb" else MAX_MARKDOWN_BYTES
        if size > limit:
            return "", f"it is larger than {limit // 1_000_000} MB; split it into several chapters"
        raw = path.read_bytes()
    except OSError as error:
        return "", f"it cannot be opened ({error.strerror})"
    return _decode(raw, path)


def is_file_inside(path: Path, root: Path) -> bool:
    """Say whether a file is below a folder after all symbolic links are resolved."""
    if os.name == "posix" and _lstat_without_links(str(path), str(root)):
        return True
    real_path, real_root = os.path.realpath(path), os.path.realpath(root)
    return real_path == real_root or real_path.startswith(real_root.rstrip(os.sep) + os.sep)


def _lstat_without_links(path: str, root: str) -> os.stat_result | None:
    """Return the `lstat` of a path below `root`; None if a part is a link or missing.

    A cheap proof that the path is inside `root`: the folders above `root` need not be resolved.
    """
    if not path.startswith(root + os.sep):
        return None
    current, status = root, None
    try:
        for part in path[len(root) + 1 :].split("/"):
            current += os.sep + part
            status = os.lstat(current)
            if part == ".." or stat.S_ISLNK(status.st_mode):
                return None
    except (OSError, ValueError):
        return None
    return status


def _decode(raw: bytes, path: Path) -> tuple[str, str]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", f"it is not UTF-8 (line {line})"
    if "\x00" in text:
        return (
            "",
            f"it contains a NUL character (line {text[: text.index(chr(0))].count(chr(10)) + 1}), so it is not text",
        )
    text = compose_letters(text.replace("\r\n", "\n").replace("\r", "\n"))
    if path.suffix == ".ipynb":
        return text, _notebook_problem(text)
    return text, "" if text.strip() else "it is empty"


def _notebook_problem(text: str) -> str:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not a notebook (its JSON cannot be read)"
    valid = isinstance(data, dict) and isinstance(data.get("cells", data.get("worksheets")), list)
    return "" if valid else "it is not a notebook (it has no cells)"


def load_chapter_markdown(root: Path, chapter: Chapter, book_language: str = "") -> str:
    """Return a page with empty lines for its front matter, so that line numbers stay.

    The title of the front matter becomes a heading if the text has none of its own.

    For a chapter that cannot be read, return a notice to the reader instead.
    """
    text, problem = load_page_text(f"{root}/{chapter.path}", root)
    problem = chapter.problem or problem
    if problem:
        return unreadable_chapter_notice(chapter.title, problem, chapter.language or book_language)
    return replace_front_matter(text, chapter)


def replace_front_matter(text: str, chapter: Chapter) -> str:
    """Return a chapter's text with empty lines, or a heading with its title, in place of its front matter."""
    lines = [""] * (chapter.body_line - 1) + text.split("\n")[chapter.body_line - 1 :]
    if chapter.title_line:
        lines[chapter.title_line - 1] = f"# {' '.join(chapter.title.split())}"
    return "\n".join(lines)


def unreadable_chapter_notice(title: str, reason: str, language: str) -> str:
    """Return the page shown in place of a chapter that cannot be read."""
    heading = translate(language, "This chapter is missing from this edition")
    message = translate(
        language, "The file of this chapter could not be read: {reason}. The rest of the book is complete."
    )
    safe = re.sub(r"[^\w\s.,;:()/'-]", "", reason)
    return (
        f"# {re.sub(r'[`{}<>*_$]', '', title)}\n\n"
        f":::{{admonition}} {heading}\n:class: warning\n{message.format(reason=safe)}\n:::\n"
    )
