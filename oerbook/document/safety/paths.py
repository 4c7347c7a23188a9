"""What a chapter may reach: files of the book, and nothing else on the machine."""

from __future__ import annotations

import difflib
import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from oerbook.document.context import line_numbers
from oerbook.document.context.build_context import Desk
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.audit_hook import wall
from oerbook.text.slugs import composed, twin

FILE_OPTIONS = {"csv-table": ("file", "url"), "raw": ("file", "url"), "literalinclude": ("diff",)}
PRIVATE = frozenset({".git", ".ssh", ".aws", ".netrc", ".npmrc", ".pypirc", ".git-credentials", ".venv", "_build"})
# Hidden files that textbooks on software print as examples; any other hidden file is taken for somebody's own.
SHOWN = frozenset(
    {
        ".all-contributorsrc",
        ".circleci",
        ".codespellrc",
        ".coveragerc",
        ".devcontainer",
        ".dockerignore",
        ".editorconfig",
        ".flake8",
        ".gitattributes",
        ".github",
        ".gitignore",
        ".gitlab-ci.yml",
        ".mailmap",
        ".markdownlint.json",
        ".pre-commit-config.yaml",
        ".prettierrc",
        ".readthedocs.yaml",
        ".readthedocs.yml",
        ".travis.yml",
        ".vscode",
        ".zenodo.json",
    }
)
TAKES_IN = frozenset({"include", "literalinclude", "csv-table", "raw"})
MOST_TAKEN_IN = 200  # files
MOST_BYTES_IN = 5_000_000
FILE_ARGUMENTS = frozenset({"include", "literalinclude", "image", "figure", "figure-md", "download"})


def canonical(name: str, language: Any) -> str:
    """Return the English name of a directive that reads files, when a page calls it by its name in the book's language.

    docutils knows `einfügen` for `include` in a German book; `language` is its module.
    """
    meant = str(language.directives.get(name.lower(), name))
    return meant if meant in FILE_ARGUMENTS or meant in FILE_OPTIONS else name


def is_remote(uri: str) -> bool:
    """Say whether a link or picture lies on another machine.

    >>> is_remote("https://example.org/a.png"), is_remote("a.png"), is_remote("file:///etc/passwd")
    (True, False, True)
    """
    scheme, colon, rest = uri.partition(":")
    return bool(colon) and (rest.startswith("//") or scheme.lower() in {"file", "data", "javascript", "ftp"})


def reach(here: Desk, docname: str, uri: str) -> Path | None:
    """Return the file of the book that `uri` names, or None when it lies outside the book or is hidden.

    A path that begins with "/" is relative to `chapters/`, any other to the page that names it. Hidden files are
    private, but for the well-known ones of `SHOWN` that lie in chapters/. The page is known to depend on it from now on.
    """
    root = here.book.root.resolve()
    base = root / "chapters" if uri.startswith("/") else here.file(docname).parent
    try:
        path = twin((base / uri.lstrip("/")).resolve(), root).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    if not _is_open(root, path):
        return None
    here.asked.setdefault(docname, set()).add(path)
    return path


def _is_open(root: Path, path: Path) -> bool:
    """Say whether a file lies in the book's folder and is neither hidden nor private."""
    if not path.is_relative_to(root):
        return False
    room, *parts = path.relative_to(root).parts or ("",)
    shown = SHOWN if room == "chapters" else frozenset[str]()
    return not any(part in PRIVATE or (part.startswith(".") and part not in shown) for part in (room, *parts))


@contextmanager
def walled(here: Desk, docname: str) -> Iterator[None]:
    """Let what reads a page open the book's files and what is kept beside them, and no other file of the machine."""
    root, work = here.book.root.resolve(), here.work.resolve()

    def tell(name: str) -> None:
        words = f"this page asks for {name}, which is not a file of this book"
        hint = "Copy the file into chapters/ and name it relative to this page."
        place = Place(here.path(docname), line_numbers.beginning())
        here.report(docname, Finding("outside-book", words, place, Severity.ERROR, hint))

    with wall(root, lambda path: path.is_relative_to(work) or _is_open(root, path), tell):
        yield


def await_file(env: Any, here: Desk, docname: str, uri: str) -> None:
    """Let a page be read anew when a file that it asks for in vain comes."""
    for name in {uri, unquote(uri)} if uri and not is_remote(uri) else ():
        path = reach(here, docname, name)
        if path is not None and not path.is_file():
            env.note_dependency(str(path), docname=docname)


def await_taken(env: Any, here: Desk, docname: str, name: str, argument: str, options: dict[str, str]) -> None:
    """Let a page be read anew when a file comes that a directive of it would take in."""
    asked = [argument.strip().split("\n")[0], options.get("file", "")] if name in TAKES_IN else []
    for uri in asked:
        await_file(env, here, docname, uri)


def named(here: Desk, docname: str, argument: str) -> str:
    """Return the name of a file as its folder has it, where only the composition of its letters differs."""
    path = None if argument.isascii() or is_remote(argument) else reach(here, docname, argument)
    if path is None or not path.is_file() or composed(path.name) == path.name:
        return argument
    return Path(os.path.relpath(path, here.file(docname).parent.resolve())).as_posix()


def alike(here: Desk, docname: str, path: Path) -> str:
    """Return a hint at a file that may be meant by the name of one that is not there, "" when there is none."""
    names = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
    found = next((name for name in names if name.casefold() == path.name.casefold()), "")
    if found:
        return f"Did you mean {found}? Capitals count."
    folder = here.file(docname).parent.resolve()
    chapters = here.book.root.resolve() / "chapters"
    elsewhere = (
        file
        for file in sorted(chapters.rglob(glob.escape(path.name)))
        if reach(here, "index", str(file)[len(str(chapters)) :])
    )
    place = next((Path(os.path.relpath(file, folder)).as_posix() for file in elsewhere), "")
    meant = place or next(iter(difflib.get_close_matches(path.name, names, 1, 0.8)), "")
    return f"Did you mean {meant}?" if meant else ""


def trespass(here: Desk, docname: str, name: str, argument: str, options: dict[str, str]) -> str:
    """Return the file outside the book that a directive asks for, or "" when it asks for none."""
    wanted = [options[key] for key in FILE_OPTIONS.get(name, ()) if options.get(key)]
    if name in FILE_ARGUMENTS and argument.strip() and name not in {"image", "figure", "figure-md"}:
        wanted.append(argument.strip().split("\n")[0])
    for path in wanted:
        if is_remote(path) or reach(here, docname, path) is None:
            return path
    return ""


def too_much(here: Desk, docname: str, name: str, argument: str, options: dict[str, str]) -> str:
    """Say what is too much about the files that a page has taken in with this directive, "" when nothing is.

    Files that take in others, each several times, would otherwise grow without end.
    """
    if name not in TAKES_IN:
        return ""
    wanted = argument.strip().split("\n")[0] if name in FILE_ARGUMENTS else options.get("file", "")
    path = reach(here, docname, wanted) if wanted and not is_remote(wanted) else None
    if path is None or not path.is_file():
        return ""
    count, weight = here.taken_in.get(docname, (0, 0))
    here.taken_in[docname] = count, weight = count + 1, weight + path.stat().st_size
    if count > MOST_TAKEN_IN:
        return f"this page takes in more than {MOST_TAKEN_IN} files"
    return f"this page takes in more than {MOST_BYTES_IN // 1_000_000} million bytes" if weight > MOST_BYTES_IN else ""
