"""Convert fenced code: included files, options of code of mdBook, hidden lines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from oerbook.importers.line_conversion.myst_blocks import fence_length
from oerbook.importers.markdown_pages.context import MarkdownContext

INCLUDE = re.compile(
    r"^\s*\{\{#(?:include|rustdoc_include|playground|playpen)\s+(?P<file>[^:}\s]+)(?::(?P<part>[^}\s]*))?[^}]*\}\}\s*$"
)
ANCHOR = re.compile(r"\bANCHOR(?:_END)?:\s*[\w-]+")
HIDDEN_LINE = re.compile(r"^\s*#(?:\s|$)")
SNIPPET = re.compile(r"^\s*-{1,}8<-{1,}\s+[\"'](?P<file>[^\"':]+)(?::(?P<part>[^\"']*))?[\"']\s*$")
RUST_WORDS = frozenset(
    ["ignore", "no_run", "noplayground", "noplaypen", "should_panic", "compile_fail", "editable", "mdbook-runnable",
     "does_not_compile", "panics", "not_desired_behavior", "hidelines", "no_run", "edition2015", "edition2018",
     "edition2021", "edition2024"]
)  # fmt: skip
MAX_EXPANDED_LINES = 4000


def convert_fence(mark: str, info: str, content: Sequence[str], context: MarkdownContext, line: int) -> list[str]:
    """Return the lines of a code block."""
    language = convert_info(info)
    if context.tool == "mdbook":
        content = _expand(content, context, line)
        if language.split(" ")[0] == "rust":
            content = _without_hidden_lines(content)
    if context.tool == "mkdocs":
        content = _expand(content, context, line)
    length = max(len(mark), fence_length(content, mark[0]))
    return [f"{mark[0] * length}{language}", *content, mark[0] * length]


def convert_info(info: str) -> str:
    """Return the first line of a code block without what only mdBook reads.

    >>> convert_info("rust,ignore,does_not_compile"), convert_info("{.python}"), convert_info('py title="a.py"')
    ('rust', 'python', 'py title="a.py"')
    """
    info = info.strip()
    if braced := re.fullmatch(r"\{\s*\.([\w+-]+)\s*\}", info):
        return braced[1]
    first, _comma, rest = info.partition(",")
    words = {word.strip().partition("=")[0] for word in rest.split(",")}
    return first.strip() if rest and (words <= RUST_WORDS or not re.search(r"\s", info)) else info


def _expand(content: Sequence[str], context: MarkdownContext, line: int) -> list[str]:
    """Return code with the files that it includes."""
    lines: list[str] = []
    for number, text in enumerate(content):
        match = INCLUDE.match(text) or (SNIPPET.match(text) if context.tool == "mkdocs" else None)
        if match is None:
            lines.append(text)
            continue
        folder = posixpath.dirname(context.page.path)
        places = [posixpath.join(folder, match["file"]), posixpath.join(context.base, match["file"]), match["file"]]
        files = (context.read_file(posixpath.normpath(place)) for place in places)
        source = next((found for found in files if found is not None), None)
        if source is None:
            message = f"the included file {match['file']} is missing"
            context.report("import-page-missing", message, line + number + 1, warning=True)
            lines.append(text)
        else:
            lines += select_lines(source, match["part"] or "")[:MAX_EXPANDED_LINES]
    return lines


def select_lines(source: str, part: str) -> list[str]:
    """Return the lines of a file that a part names, an anchor or `first:last`, without the lines of anchors.

    >>> select_lines("a\\n// ANCHOR: x\\nb\\n// ANCHOR_END: x\\nc\\n", "x"), select_lines("a\\nb\\nc\\n", "2:3")
    (['b'], ['b', 'c'])
    """
    lines = source.rstrip("\n").split("\n")
    if re.fullmatch(r"\d*(?::\d*)?", part) and part:
        first, colon, last = part.partition(":")
        start = int(first or 1) - 1
        return lines[start : int(last) if last else len(lines) if colon else start + 1]
    if part:
        start = next(
            (
                n
                for n, text in enumerate(lines)
                if re.search(rf"(?:ANCHOR:|--8<-- \[start:)\s*{re.escape(part)}\b", text)
            ),
            -1,
        )
        end = next(
            (
                n
                for n, text in enumerate(lines)
                if re.search(rf"(?:ANCHOR_END:|--8<-- \[end:)\s*{re.escape(part)}\b", text)
            ),
            len(lines),
        )
        lines = lines[start + 1 : end]
    return [text for text in lines if not ANCHOR.search(text) and "--8<-- [" not in text]


def _without_hidden_lines(content: Sequence[str]) -> list[str]:
    """Return code without the lines that mdBook hides: those that begin with `# `."""
    return [re.sub(r"^(\s*)##", r"\1#", text) for text in content if not HIDDEN_LINE.match(text)]
