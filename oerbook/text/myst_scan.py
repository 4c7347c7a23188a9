"""Find fenced blocks in the source of a page, and split the options of a directive from its content.

For looking at a page before MyST parses it. As in CommonMark, a block ends at the first line that can close it,
whatever opens inside it; blocks are searched inside of boxes, and not inside of code.
https://spec.commonmark.org/0.31.2/#fenced-code-blocks
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A fence, also inside lists, quotations and definitions: what precedes it, its characters, its info string.
FENCE_LINE = re.compile(r"^((?:[ \t]*(?:>|(?:[-*+:]|\d{1,9}[.)])[ \t]))*+[ \t]*)(`{3,}|~{3,}|:{3,})(.*)$")
DIRECTIVE_NAME = re.compile(r"\s*\{([\w:.+-]+)\}")
OPTION_LINE = re.compile(r"\s*:([\w-]+):(?!`)\s*(.*)$")
CODE_DIRECTIVES = frozenset(  # directives whose content is not MyST
    ["code", "code-block", "code-cell", "sourcecode", "literalinclude", "parsed-literal", "raw", "math", "mermaid",
    "dot", "graphviz", "csv-table", "eval-rst", "doctest", "testcode", "plot", "highlight", "prompt"]
)  # fmt: skip
MAX_NESTING = 40  # blocks inside each other; deeper ones are not searched


@dataclass(frozen=True, slots=True)
class FencedBlock:
    """A fenced block with its first and its last line, counted from 0.

    `name` is that of its directive in lower case, "" for other code and boxes; `indent` is what precedes the fence.
    A block that is never closed ends with what contains it, and `is_closed` is False.
    """

    name: str
    indent: str
    first: int
    last: int
    is_closed: bool
    content: tuple[str, ...]


def is_code_block(name: str, mark: str) -> bool:
    """Say whether a fence with these characters, for a directive of this name or "", holds no MyST."""
    return name in CODE_DIRECTIVES if name else mark[0] != ":"


def closes_fence(line: str, mark: str) -> bool:
    """Say whether a line can close the fence with these characters.

    >>> closes_fence("> ````", "```"), closes_fence("``` python", "```")
    (True, False)
    """
    stripped = line.strip(" \t\r>")
    return len(stripped) >= len(mark) and stripped == mark[0] * len(stripped)


def find_fenced_blocks(text: str) -> Iterator[FencedBlock]:
    """Yield the fenced blocks of a page in their order, boxes before the blocks inside them."""
    lines = text.split("\n")
    yield from _find(lines, 0, len(lines), 0)


def _find(lines: Sequence[str], start: int, end: int, depth: int) -> Iterator[FencedBlock]:
    number = start
    while number < end:
        line = lines[number]
        match = FENCE_LINE.match(line.rstrip("\r")) if "```" in line or ":::" in line or "~~~" in line else None
        if match is None or (match[2][0] == "`" and "`" in match[3]) or (match[2][0] == ":" and not match[3].strip()):
            number += 1
            continue
        directive = DIRECTIVE_NAME.match(match[3])
        name = directive[1].lower() if directive else ""
        close = next((other for other in range(number + 1, end) if closes_fence(lines[other], match[2])), end)
        content = tuple(_without_indent(inner, match[1]) for inner in lines[number + 1 : close])
        yield FencedBlock(name, match[1], number, min(close, end - 1), close < end, content)
        if not is_code_block(name, match[2]) and depth < MAX_NESTING:
            yield from _find(lines, number + 1, close, depth + 1)
        number = close + 1


def _without_indent(line: str, indent: str) -> str:
    """Return a line of a block without the indentation of its fence."""
    return line[len(indent) :] if not line[: len(indent)].strip() else line


def lines_outside_fences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page that are in no fenced block, with their numbers from 0."""
    fenced = {number for block in find_fenced_blocks(text) for number in range(block.first, block.last + 1)}
    yield from ((number, line) for number, line in enumerate(text.split("\n")) if number not in fenced)


def split_options(content: str) -> tuple[str, int]:
    """Return the options of a directive, in either of MyST's forms, as YAML; and how many lines they take.

    >>> split_options(":name: x\\n:flag:\\ntext"), split_options("---\\nname: x\\n---\\ntext")
    (('name: x\\nflag: ', 2), ('name: x', 3))
    """
    lines = content.split("\n")
    if lines[0].strip() == "---":
        end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---"), 0)
        return ("\n".join(lines[1:end]), end + 1) if end else ("", 0)
    options: list[str] = []
    for line in lines:
        match = OPTION_LINE.match(line)
        if not match:
            break
        options.append(f"{match[1]}: {match[2].strip()}")
    return "\n".join(options), len(options)


def parse_options(content: str) -> dict[str, str]:
    """Return the options of a directive as text.

    >>> parse_options(":name: x\\n:flag:\\ntext"), parse_options("---\\nname: 'x'\\n---\\ntext")
    ({'name': 'x', 'flag': ''}, {'name': 'x'})
    """
    pairs = (line.partition(":") for line in split_options(content)[0].split("\n"))
    return {key.strip(): value.strip().strip("'\"") for key, colon, value in pairs if colon}


def blank_options(content: str) -> str:
    """Return the content of a directive with its options blanked, so that line numbers stay."""
    count = split_options(content)[1]
    return "\n".join([""] * count + content.split("\n")[count:])
