"""Restrict the files that a page can read to those of the book."""

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
from oerbook.document.context.build_context import BuildContext
from oerbook.model.findings import Finding, Place, Severity
from oerbook.sandbox.audit_hook import restrict_file_access
from oerbook.text.slugs import compose_letters, find_nfc_equal

FILE_OPTIONS_BY_DIRECTIVE = {"csv-table": ("file", "url"), "raw": ("file", "url"), "literalinclude": ("diff",)}
PRIVATE_NAMES = frozenset(
    {".git", ".ssh", ".aws", ".netrc", ".npmrc", ".pypirc", ".git-credentials", ".venv", "_build"}
)
# Hidden files that textbooks on software print as examples; all other hidden files are considered private.
PUBLIC_DOTFILES = frozenset(
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
INCLUDE_DIRECTIVES = frozenset({"include", "literalinclude", "csv-table", "raw"})
MAX_INCLUDED_FILES = 200  # per page
MAX_INCLUDED_BYTES = 5_000_000
DIRECTIVES_WITH_FILE_ARGUMENT = frozenset({"include", "literalinclude", "image", "figure", "figure-md", "download"})


def english_directive_name(name: str, language: Any) -> str:
    """Return the English name of a directive that reads files.

    Other names are returned unchanged. In a German book docutils accepts `einfügen` for `include`. `language` is the
    language module of docutils.
    """
    english = str(language.directives.get(name.lower(), name))
    return english if english in DIRECTIVES_WITH_FILE_ARGUMENT or english in FILE_OPTIONS_BY_DIRECTIVE else name


def is_remote(uri: str) -> bool:
    """Return whether a URI has a scheme that does not name a file of the book.

    >>> is_remote("https://example.org/a.png"), is_remote("a.png"), is_remote("file:///etc/passwd")
    (True, False, True)
    """
    scheme, colon, rest = uri.partition(":")
    return bool(colon) and (rest.startswith("//") or scheme.lower() in {"file", "data", "javascript", "ftp"})


def resolve_path(context: BuildContext, docname: str, uri: str) -> Path | None:
    """Return the path of a file of the book, None if it is private or outside.

    A path that starts with "/" is relative to `chapters/`, any other to the folder of the page. Hidden files are
    private, except for some well-known ones in `chapters/`. Records that the page depends on the file, which need not
    exist.
    """
    root = context.book.root.resolve()
    base = root / "chapters" if uri.startswith("/") else context.absolute_path(docname).parent
    try:
        path = find_nfc_equal((base / uri.lstrip("/")).resolve(), root).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    if not _is_public(root, path):
        return None
    context.referenced_files.setdefault(docname, set()).add(path)
    return path


def _is_public(root: Path, path: Path) -> bool:
    """Return whether a file is in the book's folder and neither hidden nor private."""
    if not path.is_relative_to(root):
        return False
    top, *parts = path.relative_to(root).parts or ("",)
    allowed = PUBLIC_DOTFILES if top == "chapters" else frozenset[str]()
    return not any(part in PRIVATE_NAMES or (part.startswith(".") and part not in allowed) for part in (top, *parts))


@contextmanager
def restrict_file_access_to_book(context: BuildContext, docname: str) -> Iterator[None]:
    """Restrict file access in the block to the book and its cache directory.

    Each refused access adds a finding to the page.
    """
    root, cache_dir = context.book.root.resolve(), context.cache_dir.resolve()

    def report_refusal(name: str) -> None:
        message = f"this page reads {name}, which is not a file of this book"
        hint = "Copy the file into chapters/ and use its path relative to this page."
        place = Place(context.relative_path(docname), line_numbers.page_line())
        context.add_finding(docname, Finding("file-outside-book", message, place, Severity.ERROR, hint))

    with restrict_file_access(
        root, lambda path: path.is_relative_to(cache_dir) or _is_public(root, path), report_refusal
    ):
        yield


def depend_on_missing_file(env: Any, context: BuildContext, docname: str, uri: str) -> None:
    """Make a page depend on a missing file: it is read again if the file appears."""
    for name in {uri, unquote(uri)} if uri and not is_remote(uri) else ():
        path = resolve_path(context, docname, name)
        if path is not None and not path.is_file():
            env.note_dependency(str(path), docname=docname)


def depend_on_missing_include(
    env: Any, context: BuildContext, name: str, argument: str, options: dict[str, str]
) -> None:
    """Make the page that is read depend on the missing files that a directive would include."""
    uris = [argument.strip().split("\n")[0], options.get("file", "")] if name in INCLUDE_DIRECTIVES else []
    for uri in uris:
        depend_on_missing_file(env, context, env.docname, uri)


def name_on_disk(context: BuildContext, docname: str, argument: str) -> str:
    """Return a file name as on disk if only its Unicode normalization differs."""
    path = None if argument.isascii() or is_remote(argument) else resolve_path(context, docname, argument)
    if path is None or not path.is_file() or compose_letters(path.name) == path.name:
        return argument
    return Path(os.path.relpath(path, context.absolute_path(docname).parent.resolve())).as_posix()


def suggest_file(context: BuildContext, docname: str, path: Path) -> str:
    """Return a "Did you mean" hint for a missing file, "" if none is similar."""
    names = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
    same_letters = next((name for name in names if name.casefold() == path.name.casefold()), "")
    if same_letters:
        return f"Did you mean {same_letters}? Upper and lower case matter."
    folder = context.absolute_path(docname).parent.resolve()
    chapters = context.book.root.resolve() / "chapters"
    same_name = (
        file
        for file in sorted(chapters.rglob(glob.escape(path.name)))
        if resolve_path(context, "index", str(file)[len(str(chapters)) :])
    )
    elsewhere = next((Path(os.path.relpath(file, folder)).as_posix() for file in same_name), "")
    candidate = elsewhere or next(iter(difflib.get_close_matches(path.name, names, 1, 0.8)), "")
    return f"Did you mean {candidate}?" if candidate else ""


def path_outside_book(context: BuildContext, docname: str, name: str, argument: str, options: dict[str, str]) -> str:
    """Return the first path outside the book that a directive reads, or ""."""
    paths = [options[key] for key in FILE_OPTIONS_BY_DIRECTIVE.get(name, ()) if options.get(key)]
    if name in DIRECTIVES_WITH_FILE_ARGUMENT and argument.strip() and name not in {"image", "figure", "figure-md"}:
        paths.append(argument.strip().split("\n")[0])
    for path in paths:
        if is_remote(path) or resolve_path(context, docname, path) is None:
            return path
    return ""


def count_include(context: BuildContext, docname: str, name: str, argument: str, options: dict[str, str]) -> str:
    """Count an included file; return a message if the page includes too much.

    Files that include others several times each would otherwise grow exponentially.
    """
    if name not in INCLUDE_DIRECTIVES:
        return ""
    uri = argument.strip().split("\n")[0] if name in DIRECTIVES_WITH_FILE_ARGUMENT else options.get("file", "")
    path = resolve_path(context, docname, uri) if uri and not is_remote(uri) else None
    if path is None or not path.is_file():
        return ""
    count, size = context.included_counts.get(docname, (0, 0))
    context.included_counts[docname] = count, size = count + 1, size + path.stat().st_size
    if count > MAX_INCLUDED_FILES:
        return f"this page includes more than {MAX_INCLUDED_FILES} files"
    return f"this page includes more than {MAX_INCLUDED_BYTES // 1_000_000} MB" if size > MAX_INCLUDED_BYTES else ""
