"""Find and remove the navigation directives of a page."""

from __future__ import annotations

import re

FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?:\{(?P<name>[^}]*)\})?(?P<rest>.*)$")
NAVIGATION_DIRECTIVES = ("toctree", "tableofcontents")
VERBATIM_DIRECTIVES = frozenset(
    ["sourcecode", "literalinclude", "raw", "math", "mermaid", "parsed-literal", "prompt", "eval-rst"]
)


def find_toctrees(text: str) -> list[tuple[str, int, int]]:
    """Return the navigation directives of a page: name, first and last line.

    Lines are counted from 0.

    Those shown as an example in a code block are left out.
    """
    found: list[tuple[str, int, int]] = []
    open_fences: list[str] = []
    block_fence, name, start = "", "", 0  # the toctree or literal block that is open, if any
    for number, line in enumerate(text.split("\n")):
        match = FENCE.match(line.rstrip())
        if block_fence:
            if match and _closes(match, block_fence):
                found += [(name, start, number)] if name in NAVIGATION_DIRECTIVES else []
                block_fence = ""
            continue
        if not match or (match["fence"][0] == "`" and "`" in match["rest"]):
            continue
        closed = [index for index, fence in enumerate(open_fences) if _closes(match, fence)]
        name = (match["name"] or "").strip().lower()
        if closed:
            open_fences = open_fences[: closed[-1]]
        elif name in NAVIGATION_DIRECTIVES or _is_literal(match, name):
            block_fence, start = match["fence"], number
        elif name:
            open_fences.append(match["fence"])
    return found


def _closes(match: re.Match[str], fence: str) -> bool:
    return not match["name"] and not match["rest"].strip() and match["fence"].startswith(fence)


def _is_literal(match: re.Match[str], name: str) -> bool:
    return name in VERBATIM_DIRECTIVES or name.startswith("code") or (not name and match["fence"][0] != ":")


def remove_toctrees(text: str) -> str:
    """Return a page without its navigation directives.

    `toc:` sets the order, and the theme shows it.
    """
    lines = text.split("\n")
    for _name, first, last in reversed(find_toctrees(text)):
        blank = last + 1 < len(lines) and not lines[last + 1].strip() and (not first or not lines[first - 1].strip())
        del lines[first : last + (2 if blank else 1)]
    return "\n".join(lines)
