"""Write blocks of MyST: directives, figures, targets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

SIZE = re.compile(r"\d+(?:\.\d+)?(?:%|px|em|rem|in|cm|mm|pt)?")
OPTION = re.compile(r":[\w-]+:|---$")  # what is read as an option at the start of a directive's content
LONGEST_MARK = 3


def directive_lines(name: str, argument: str, options: Mapping[str, str], content: Sequence[str]) -> list[str]:
    """Return the lines of a directive between back-quotes, more of them than any line of its content has.

    >>> directive_lines("figure", "a.png", {"name": "fig-a", "alt": ""}, ["Words"])
    ['```{figure} a.png', ':name: fig-a', '', 'Words', '```']
    """
    mark = "`" * fence_length(content, "`")
    written = [f":{key}: {' '.join(value.split())}".rstrip() for key, value in options.items() if value]
    body = trim_blank_lines(content)
    gap = [""] if body and (written or OPTION.match(body[0])) else []
    return [f"{mark}{{{name}}} {argument}".rstrip(), *written, *gap, *body, mark]


def flag_lines(lines: Sequence[str], flag: str) -> list[str]:
    """Return a directive with an option without a value."""
    return [lines[0], f":{flag}:", *lines[1:]]


def colon_lines(name: str, argument: str, options: Mapping[str, str], content: Sequence[str]) -> list[str]:
    """Return the lines of a directive between colons, more of them than any line of its content has."""
    mark = ":" * fence_length(content, ":")
    written = [f":{key}: {' '.join(value.split())}".rstrip() for key, value in options.items() if value]
    body = trim_blank_lines(content)
    gap = [""] if body and (written or OPTION.match(body[0])) else []
    return [f"{mark}{{{name}}} {' '.join(argument.split())}".rstrip(), *written, *gap, *body, mark]


def fence_length(content: Sequence[str], char: str) -> int:
    """Return how many characters a fence around this content needs."""
    runs = (re.match(rf"[ \t>]*({re.escape(char)}{{{LONGEST_MARK},}})", line) for line in content)
    return max((len(run[1]) + 1 for run in runs if run), default=LONGEST_MARK)


def trim_blank_lines(lines: Sequence[str]) -> list[str]:
    """Return lines without blank ones at either end.

    >>> trim_blank_lines(["", "a", "", "b", ""])
    ['a', '', 'b']
    """
    first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    last = next((index for index in range(len(lines), first, -1) if lines[index - 1].strip()), first)
    return list(lines[first:last])


def figure_lines(path: str, options: Mapping[str, str], caption: str) -> list[str]:
    """Return a figure with a caption or label, or else a picture; a size that is no length is left out."""
    used = {key: value for key, value in options.items() if key not in ("width", "height") or SIZE.fullmatch(value)}
    is_figure = bool(caption.strip() or used.get("name"))
    return directive_lines("figure" if is_figure else "image", path, used, caption.split("\n") if caption else [])


def include_lines(path: str) -> list[str]:
    """Return the directive that includes a page whose pictures are named from its own folder."""
    return flag_lines(directive_lines("include", path, {}, []), "relative-images") if path else []


def target_line(label: str) -> str:
    """Return the line that gives what follows a label."""
    return f"({label})="


def safe_label(label: str) -> str:
    """Return a label that can be written in parentheses and between back-quotes.

    >>> safe_label("fig:a (b)`")
    'fig:a-b'
    """
    return re.sub(r"[()`<>\s\"']+", "-", label).strip("-")
