"""Find the files that a page of MyST names, and write their new paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

from oerbook.text.myst_scan import closes_fence, is_code_block

FENCE = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}|~{3,}|:{3,})\s*(?:\{(?P<name>[\w:+.-]+)\})?\s*"
    r"(?P<argument>[^`]*?)\s*$"
)
FILE_DIRECTIVES = frozenset(
    ["figure", "image", "include", "literalinclude", "video", "audio", "download", "iframe", "csv-table", "raw", "card"]
)
OPTION_WITH_FILE = re.compile(r"^(?P<before>\s*:(?:file|link|target|poster):\s+)(?P<path>\S+)(?P<after>\s*)$")
LINK = re.compile(r"(?P<before>\]\(\s*)(?:<(?P<angle>[^<>\n]+)>|(?P<plain>(?:[^\s()<>]|\([^\s()<>]*\))+))")
DEFINITION = re.compile(r"^(?P<before>\s{0,3}\[[^\]\n]+\]:\s*)<?(?P<plain>[^\s<>]+)>?(?P<after>.*)$")
ATTRIBUTE = re.compile(r"(?P<before>\b(?:src|href|poster|data)\s*=\s*)(?P<quote>[\"'])(?P<plain>[^\"'\n]*)(?P=quote)")
ROLE = re.compile(r"(?P<before>\{download\}`(?:[^`<>]*<)?)(?P<plain>[^`<>]+)(?P<after>>?`)")
NOT_A_PATH = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|$", re.I)


def rewrite_paths(text: str, new_path: Callable[[str], str]) -> str:
    """Return a page with every path in it replaced by what a function returns for it.

    Paths in code are left alone.
    """
    lines = []
    open_marks: list[tuple[str, bool]] = []  # of the fences that a line is in, and whether they hold code
    for line in text.split("\n"):
        fence = FENCE.match(line)
        mark, holds_code = open_marks[-1] if open_marks else ("", False)
        if mark and closes_fence(line, mark):
            open_marks.pop()
        elif holds_code:
            if option := OPTION_WITH_FILE.match(line):
                line = f"{option['before']}{_written(option['path'], new_path)}{option['after']}"
        elif fence and (fence["name"] or fence["argument"] or fence["mark"][0] != ":"):
            name = (fence["name"] or "").lower()
            if name in FILE_DIRECTIVES and fence["argument"]:
                line = f"{line[: fence.start('argument')]}{_written(fence['argument'], new_path)}"
            open_marks.append((fence["mark"], is_code_block(name, fence["mark"])))
        else:
            line = _rewrite_line(line, new_path)
        lines.append(line)
    return "\n".join(lines)


def _rewrite_line(line: str, new_path: Callable[[str], str]) -> str:
    if option := OPTION_WITH_FILE.match(line):
        return f"{option['before']}{_written(option['path'], new_path)}{option['after']}"

    def replace(match: re.Match[str]) -> str:
        groups = match.groupdict()
        path = groups.get("angle") or groups["plain"]
        written = _written(path, new_path)
        return match[0] if written == path else match[0].replace(path, written, 1)

    if definition := DEFINITION.match(line):
        return replace(definition)
    for pattern in (LINK, ATTRIBUTE, ROLE):
        line = pattern.sub(replace, line)
    return line


def _written(path: str, new_path: Callable[[str], str]) -> str:
    return path if NOT_A_PATH.match(path) else new_path(path)


def find_paths(text: str) -> Iterator[str]:
    """Yield the paths that a page names."""
    found: list[str] = []

    def collect(path: str) -> str:
        found.append(path)
        return path

    rewrite_paths(text, collect)
    yield from found


def resolve_path(path: str, page: str, base: str = "") -> str:
    """Return the file that a path on a page leads to, all from the root of the repository.

    A path that begins with a slash counts from `base`, the folder of the pages.

    >>> resolve_path("../img/a%20b.png#x", "docs/one/p.md"), resolve_path("/img/a.png", "docs/p.md", "docs")
    ('docs/img/a b.png', 'docs/img/a.png')
    """
    bare = unquote(re.split(r"[?#]", path, maxsplit=1)[0])
    folder = base if bare.startswith("/") else posixpath.dirname(page)
    joined = posixpath.join(folder, bare.lstrip("/"))
    return posixpath.normpath(joined)


def relink(text: str, pages: tuple[str, str], new_names: Mapping[str, str], base: str = "") -> str:
    """Return a page that moves, with the paths to files that move corrected; `new_names` are by old name.

    `pages` are the old and the new path of the page, `base` is the folder that paths with a slash count from. A link to
    the HTML page of a chapter leads to the chapter.
    """
    old_page, new_page = pages
    folder = posixpath.dirname(new_page) or "."

    def new_path(path: str) -> str:
        target = resolve_path(path, old_page, base)
        new = new_names.get(target)
        if new is None:
            return path
        fragment = path[path.index("#") :] if "#" in path else ""
        relative = posixpath.relpath(new, folder)
        return f"{relative.replace(' ', '%20') if '%20' in path else relative}{fragment}"

    return rewrite_paths(text, new_path)
