"""The parts of a directive: name, argument, options and content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from oerbook.importers.rst_pages.explicit import DIRECTIVE
from oerbook.importers.rst_pages.source_lines import dedent

OPTION = re.compile(r"^:(?P<name>[\w-]+):(?:\s+(?P<value>.*))?$")
# Directives whose first lines belong to the content, if they have no options.
CONTENT_FIRST = frozenset(
    ["note", "warning", "tip", "hint", "important", "caution", "attention", "danger", "error", "seealso", "todo",
     "math", "epigraph", "highlights", "pull-quote", "centered", "glossary", "container", "compound", "versionadded",
     "versionchanged", "deprecated", "only", "tabs", "parsed-literal"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive: `line` is that of its first line, `content_line` that of its content."""

    name: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)
    content: tuple[str, ...] = ()
    line: int = 0
    content_line: int = 0


def read_directive(lines: Sequence[str], number: int) -> Directive | None:
    """Return the directive in these lines, None if they hold none."""
    match = DIRECTIVE.match(lines[0])
    if match is None:
        return None
    name = match["name"].lower().removeprefix("std:")
    body = dedent(lines[1:])
    argument, position = [(match["argument"] or "").strip()], 0
    while position < len(body) and body[position].strip() and not OPTION.match(body[position]):
        if not argument[0] or name in CONTENT_FIRST:
            break
        argument.append(body[position].strip())
        position += 1
    options, position = _read_options(body, position)
    content = body[position:]
    skipped = 0
    while skipped < len(content) and not content[skipped].strip():
        skipped += 1
    return Directive(
        name,
        "\n".join(part for part in argument if part),
        options,
        tuple(content[skipped:]),
        number,
        number + 1 + position + skipped,
    )


def _read_options(body: Sequence[str], position: int) -> tuple[dict[str, str], int]:
    options: dict[str, str] = {}
    last = ""
    while position < len(body) and body[position].strip():
        if match := OPTION.match(body[position]):
            last = match["name"]
            options[last] = (match["value"] or "").strip()
        elif last and body[position].startswith(" "):
            options[last] = f"{options[last]} {body[position].strip()}".strip()
        else:
            break
        position += 1
    return options, position
