"""Blank everything in MyST Markdown that is not prose.

Front matter, code, formulas and the names and options of directives are blanked; titles, captions and alternative
texts stay. Pages are processed block by block (blocks end at blank lines), so that each distinct block is parsed once,
however many revisions contain it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from oerbook.attribution.inline_markup import ASCII_WORD_PATTERN, WORD_PATTERN, blank_everything, blank_inline_markup
from oerbook.attribution.word_codes import common_prefix_length, common_suffix_length
from oerbook.text.myst_scan import DIRECTIVE_NAME, FENCE_LINE, closes_fence

DIRECTIVES_WITHOUT_PROSE = frozenset(
    [
        "code",
        "code-block",
        "sourcecode",
        "code-cell",
        "math",
        "raw",
        "mermaid",
        "graphviz",
        "plot",
        "bibliography",
        "toctree",
        "tableofcontents",
        "image",
        "literalinclude",
        "include",
        "embed",
        "download",
        "contents",
        "glue",
        "glue:figure",
        "notebook",
        "jupyter-execute",
    ]
)  # directives whose content is not prose
UNTITLED_DIRECTIVES = DIRECTIVES_WITHOUT_PROSE | frozenset(
    [
        "figure",
        "figure-md",
        "list-of",
        "index",
        "video",
        "audio",
        "solution",
        "solution-start",
        "exercise-start",
        "exercise-end",
        "solution-end",
        "youtube",
        "vimeo",
        "iframe",
        "only",
        "ifconfig",
        "tabularcolumns",
        "role",
        "default-role",
        "epigraph",
    ]
)  # directives whose argument is not a title
PROSE_OPTIONS = frozenset(("alt", "caption", "title", "subtitle", "header", "footer"))  # options whose values are prose

MAX_NESTING = 40  # levels of nested directives

COLON_OPTION = re.compile(r"^([ \t>]*:)([\w-]+)(:(?=\s|$))(.*)$")
YAML_OPTION = re.compile(r"^([ \t>]*)([\w-]+)(:(?=\s|$))(.*)$")
MULTI_BLOCK_MARKUP = re.compile(r"```|~~~|:::|\$\$|<!--|\\begin\{")
BLOCK_END = re.compile(r"[^\n]\n\n")
CLOSING_MARK_BY_OPENING = {"<!--": "-->"}  # closing marks that differ from the opening ones


class OpenMarkup(NamedTuple):
    """Markup that continues after its block, such as a fence or a comment.

    `kind` is its mark ("```", "$$", "<!--", "front", r"\\end{...}"), `literal` whether its content is no prose,
    `options` whether options of a directive may follow ("options", or "yaml" inside a block of them).
    """

    kind: str
    literal: bool
    options: str = ""

    @property
    def is_prose(self) -> bool:
        """Whether the content is ordinary text up to the closing fence."""
        return not self.literal and not self.options

    @property
    def may_end_within_line(self) -> bool:
        """Whether this is a formula or a comment, which may end within a line."""
        return self.kind in ("$$", "<!--") or self.kind.startswith("\\end")

    @property
    def closing_mark(self) -> str:
        """The mark that closes it."""
        return CLOSING_MARK_BY_OPENING.get(self.kind, self.kind)


MarkupState = tuple[OpenMarkup, ...]
START_STATE: MarkupState = (OpenMarkup("start", True),)


@dataclass(frozen=True, slots=True)
class ProseWord:
    """A word of prose as written, with its 1-based line and 0-based column."""

    text: str
    line: int
    column: int


def split_blocks(text: str) -> list[str]:
    """Return the blocks of a page, split at blank lines."""
    return text.split("\n\n")


def common_blocks(text: str, other: str) -> tuple[int, int, int, int]:
    """Return the whole blocks that two pages share at their start and end.

    The result is (start, end) of the part of `text` between them, and the number of shared blocks before and after.

    >>> common_blocks("a\\n\\nb\\n\\n\\nc.\\n\\nd", "a\\n\\nx.\\n\\nd")
    (3, 9, 1, 1)
    """
    limit = min(len(text), len(other))
    head = text.rfind("\n\n", 0, common_prefix_length(text, 0, other, 0, limit))
    while head > 0 and text[head - 1] == "\n":  # blocks are split at the start of a run of newlines
        head -= 1
    begin = head + 2 if head > 0 else 0
    match = BLOCK_END.search(text, len(text) - common_suffix_length(text, other, limit - begin))
    end = match.start() + 1 if match else len(text)
    return begin, end, text.count("\n\n", 0, begin), text.count("\n\n", end)


def blank_markup(block: str, state: MarkupState) -> tuple[str, MarkupState]:
    """Return a block with everything but prose blanked, and the open markup after it.

    >>> blank_markup("```{note} Mind\\n:class: x\\nthe soil", ())[0].split()
    ['Mind', 'the', 'soil']
    """
    if (not state or state[-1].is_prose) and not MULTI_BLOCK_MARKUP.search(block):
        return blank_inline_markup(block), state
    if state and _is_inside(block, state[-1]):
        return "", state
    lines: list[str] = []
    passages: list[str] = []

    def flush() -> None:
        if lines:
            passages.append(blank_inline_markup("\n".join(lines)))
            lines.clear()

    for line in block.split("\n"):
        blanked, after = _read_line(line, state)
        if after != state:  # inline markup does not extend beyond a fence
            flush()
        state = after
        lines.append(blanked)
    flush()
    return "\n".join(passages), state


def _is_inside(block: str, top: OpenMarkup) -> bool:
    """Return whether a block is wholly inside markup without prose.

    This quick test holds for most code.
    """
    if top.kind == "front":
        return "---" not in block and "..." not in block
    if top.may_end_within_line:
        return top.closing_mark not in block
    return top.literal and not top.options and top.kind != "start" and top.kind not in block


def _read_line(line: str, state: MarkupState) -> tuple[str, MarkupState]:
    """Return a line with everything but prose blanked, and the open markup after it."""
    top = state[-1] if state else None
    if top is not None:
        if top.kind in ("start", "front"):
            return _read_front_matter(line, state)
        if top.may_end_within_line:
            return _read_to_end(line, state)
        if closes_fence(line, top.kind):
            return blank_everything(line), state[:-1]
        if top.options:
            blanked, head = _read_option(line, top.options)
            state = (*state[:-1], OpenMarkup(top.kind, top.literal, head))
            if blanked is not None:
                return blanked, state
        if top.literal:
            return blank_everything(line), state
    fence = FENCE_LINE.match(line)
    if fence and not (fence[2][0] == "`" and "`" in fence[3]):
        return _read_fence(line, fence, state)
    return _read_text(line, state)


def _read_front_matter(line: str, state: MarkupState) -> tuple[str, MarkupState]:
    """Read a line at the start of a page, which may be front matter."""
    stripped = line.rstrip()
    if state[-1].kind == "start":
        return (blank_everything(line), (OpenMarkup("front", True),)) if stripped == "---" else _read_line(line, ())
    return blank_everything(line), () if stripped in ("---", "...") else state


def _read_to_end(line: str, state: MarkupState) -> tuple[str, MarkupState]:
    """Read up to the end of a formula or comment, and the rest of that line."""
    end = state[-1].closing_mark
    at = line.find(end)
    if at < 0:
        return blank_everything(line), state
    rest, after = _read_line(line[at + len(end) :], state[:-1])
    return blank_everything(line[: at + len(end)]) + rest, after


def _read_fence(line: str, fence: re.Match[str], state: MarkupState) -> tuple[str, MarkupState]:
    """Read an opening fence: the title of a directive is prose."""
    mark, rest = fence[2], fence[3]
    if (mark[0] == ":" and not rest.strip()) or len(state) > MAX_NESTING:
        return blank_everything(line), state
    directive = DIRECTIVE_NAME.match(rest)
    if not directive:
        return blank_everything(line), (*state, OpenMarkup(mark, mark[0] != ":"))
    name = directive[1].lower()
    argument = rest[directive.end() :]
    is_title = name not in UNTITLED_DIRECTIVES and (" " in argument.strip() or "/" not in argument)
    head = blank_everything(line[: fence.start(3)] + rest[: directive.end()])
    title = argument if is_title else blank_everything(argument)
    return head + title, (*state, OpenMarkup(mark, name in DIRECTIVES_WITHOUT_PROSE, "options"))


def _read_option(line: str, head: str) -> tuple[str | None, str]:
    """Read a line below a directive's first: an option, or None for content."""
    stripped = line.strip(" \t>")
    if head == "yaml" or stripped == "---":
        after = "" if head == "yaml" and stripped == "---" else "yaml"
        match = YAML_OPTION.match(line)
        return (_blank_option(match) if match and head == "yaml" else blank_everything(line)), after
    match = COLON_OPTION.match(line)
    if match:
        return _blank_option(match), "options"
    return None, ""


def _blank_option(match: re.Match[str]) -> str:
    head = blank_everything(match[1] + match[2] + match[3])
    is_prose = match[2].lower() in PROSE_OPTIONS or (match[2] == "transcript" and " " in match[4].strip())
    return head + (match[4] if is_prose else blank_everything(match[4]))


def _read_text(line: str, state: MarkupState) -> tuple[str, MarkupState]:
    """Read a line of text, in which a formula or comment may begin."""
    at = line.find("<!--")
    if at >= 0:
        rest, after = _read_to_end(line[at + 4 :], (*state, OpenMarkup("<!--", True)))
        return line[:at] + "    " + rest, after
    if line.count("$$") % 2:
        at = line.rfind("$$")
        return line[:at] + blank_everything(line[at:]), (*state, OpenMarkup("$$", True))
    begin = re.match(r"[ \t]*\\begin\{([A-Za-z]+\*?)\}", line)
    if begin and f"\\end{{{begin[1]}}}" not in line:
        return blank_everything(line), (*state, OpenMarkup(f"\\end{{{begin[1]}}}", True))
    return (blank_everything(line) if begin else line), state


def iter_prose_words(text: str) -> Iterator[ProseWord]:
    """Yield the words of a page of MyST Markdown in order.

    >>> [word.text for word in iter_prose_words("---\\ntitle: T\\n---\\n# Soil\\n\\nIt is *alive*.")]
    ['Soil', 'It', 'is', 'alive']
    """
    state, first_line = START_STATE, 1
    for block in split_blocks(text):
        blanked, state = blank_markup(block, state)
        pattern = ASCII_WORD_PATTERN if blanked.isascii() else WORD_PATTERN
        for line, row in enumerate(blanked.split("\n"), start=first_line):
            for match in pattern.finditer(row):
                yield ProseWord(strip_emphasis_marks(match[0]), line, match.start())
        first_line += block.count("\n") + 2


def strip_emphasis_marks(word: str) -> str:
    """Return a word without emphasis marks and soft hyphens inside it."""
    return word.replace("\0", "").replace("\u00ad", "")
