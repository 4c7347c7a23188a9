"""MyST Markdown projected to its prose: what a person wrote to be read, and nothing of what makes it work.

Front matter, code, formulas, the names and options of directives are out; titles, captions and descriptions of pictures
are in. The projection is made block by block (blocks end at blank lines), so that a block is looked at once however many
revisions hold it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from oerbook.attribution.inline_markup import ASCII_WORD, WORD, blank, prose
from oerbook.attribution.word_codes import common, common_end

LITERAL = frozenset(
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
        "iframe",
        "download",
        "contents",
        "glue",
        "glue:figure",
        "notebook",
        "jupyter-execute",
    ]
)  # directives whose content is no prose
NO_TITLE = LITERAL | frozenset(
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
        "only",
        "ifconfig",
        "tabularcolumns",
        "role",
        "default-role",
        "epigraph",
    ]
)  # directives whose first line names a file or a label
SPOKEN = frozenset(("alt", "caption", "title", "subtitle", "header", "footer"))  # options that readers read

MOST = 2_000_000  # bytes of Markdown that count as a chapter, as in `source.text`
DEEPEST = 40  # boxes within boxes that are followed

FENCE = re.compile(r"^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,}|:{3,})(.*)$")
DIRECTIVE = re.compile(r"^\s*\{([\w:.+-]+)\}")
OPTION = re.compile(r"^([ \t>]*:)([\w-]+)(:(?=\s|$))(.*)$")
YAML_OPTION = re.compile(r"^([ \t>]*)([\w-]+)(:(?=\s|$))(.*)$")
SPECIAL = re.compile(r"```|~~~|:::|\$\$|<!--|\\begin\{")
RUN = re.compile(r"[^\n]\n\n")


class Open(NamedTuple):
    """Something that reaches beyond its block: a fence, a formula, a remark, the front matter.

    `kind` is its sign ("```", "$$", "<!--", "front", r"\\end{...}"), `literal` says that no prose is in it, `head` that
    the options of a directive may follow ("options"; "yaml" inside a block of them).
    """

    kind: str
    literal: bool
    head: str = ""

    @property
    def plain(self) -> bool:
        """Say whether what is inside is text as any other, up to the fence that closes it."""
        return not self.literal and not self.head


State = tuple[Open, ...]
START: State = (Open("start", True),)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of prose as it is written, with its 1-based line and 0-based column."""

    text: str
    line: int
    column: int


def blocks(text: str) -> list[str]:
    """Return the blocks of a page: cut at blank lines, every character kept by the blanks between them."""
    return text.split("\n\n")


def shared(text: str, other: str) -> tuple[int, int, int, int]:
    """Return what two pages begin and end with, in whole blocks.

    That is: where in `text` the rest begins and ends, and how many blocks of both stand before it and behind it.

    >>> shared("a\\n\\nb\\n\\n\\nc.\\n\\nd", "a\\n\\nx.\\n\\nd")
    (3, 9, 1, 1)
    """
    most = min(len(text), len(other))
    head = text.rfind("\n\n", 0, common(text, 0, other, 0, most))
    while head > 0 and text[head - 1] == "\n":  # blocks are cut where a run of newlines begins
        head -= 1
    begin = head + 2 if head > 0 else 0
    found = RUN.search(text, len(text) - common_end(text, other, most - begin))
    end = found.start() + 1 if found else len(text)
    return begin, end, text.count("\n\n", 0, begin), text.count("\n\n", end)


def project(block: str, state: State) -> tuple[str, State]:
    """Return a block with all that is no prose blanked, and what is still open after it.

    >>> project("```{note} Mind\\n:class: x\\nthe soil", ())[0].split()
    ['Mind', 'the', 'soil']
    """
    if (not state or state[-1].plain) and not SPECIAL.search(block):
        return prose(block), state
    if state and _goes_on(block, state[-1]):
        return "", state
    lines: list[str] = []
    passages: list[str] = []

    def flush() -> None:
        if lines:
            passages.append(prose("\n".join(lines)))
            lines.clear()

    for line in block.split("\n"):
        kept, after = _line(line, state)
        if after != state:  # inline markup does not reach over a fence
            flush()
        state = after
        lines.append(kept)
    flush()
    return "\n".join(passages), state


def _goes_on(block: str, top: Open) -> bool:
    """Say whether a block lies wholly within something without prose, which is quickly said of most code."""
    if top.kind == "front":
        return "---" not in block and "..." not in block
    if top.kind in ("$$", "<!--") or top.kind.startswith("\\end"):
        return {"<!--": "-->"}.get(top.kind, top.kind) not in block
    return top.literal and not top.head and top.kind != "start" and top.kind not in block


def _line(line: str, state: State) -> tuple[str, State]:
    """Return what is prose of a line, and what is open after it."""
    top = state[-1] if state else None
    if top is not None:
        if top.kind in ("start", "front"):
            return _front(line, state)
        if top.kind in ("$$", "<!--") or top.kind.startswith("\\end"):
            return _until(line, state)
        if _closes(line, top):
            return blank(line), state[:-1]
        if top.head:
            kept, head = _option(line, top.head)
            state = (*state[:-1], Open(top.kind, top.literal, head))
            if kept is not None:
                return kept, state
        if top.literal:
            return blank(line), state
    fence = FENCE.match(line)
    if fence and not (fence[2][0] == "`" and "`" in fence[3]):
        return _opens(line, fence, state)
    return _spans(line, state)


def _front(line: str, state: State) -> tuple[str, State]:
    """Read the first lines of a page: its front matter, if it has any."""
    rule = line.rstrip()
    if state[-1].kind == "start":
        return (blank(line), (Open("front", True),)) if rule == "---" else _line(line, ())
    return blank(line), () if rule in ("---", "...") else state


def _until(line: str, state: State) -> tuple[str, State]:
    """Read on to the end of a formula or a remark."""
    end = {"$$": "$$", "<!--": "-->"}.get(state[-1].kind, state[-1].kind)
    at = line.find(end)
    if at < 0:
        return blank(line), state
    rest, after = _line(line[at + len(end) :], state[:-1])
    return blank(line[: at + len(end)]) + rest, after


def _closes(line: str, top: Open) -> bool:
    bare = line.strip(" \t>")
    return len(bare) >= len(top.kind) and bare == top.kind[0] * len(bare)


def _opens(line: str, fence: re.Match[str], state: State) -> tuple[str, State]:
    """Read the first line of a fence: the title of a directive is prose."""
    sign, rest = fence[2], fence[3]
    if (sign[0] == ":" and not rest.strip()) or len(state) > DEEPEST:
        return blank(line), state
    directive = DIRECTIVE.match(rest)
    if not directive:
        return blank(line), (*state, Open(sign, sign[0] != ":"))
    name = directive[1].lower()
    title = rest[directive.end() :]
    words = blank(title) if name in NO_TITLE or (" " not in title.strip() and "/" in title) else title
    head = blank(line[: fence.start(3)] + rest[: directive.end()])
    return head + words, (*state, Open(sign, name in LITERAL, "options"))


def _option(line: str, head: str) -> tuple[str | None, str]:
    """Read a line below a directive's first: an option's words, or None where the text has begun."""
    bare = line.strip(" \t>")
    if head == "yaml" or bare == "---":
        after = "" if head == "yaml" and bare == "---" else "yaml"
        match = YAML_OPTION.match(line)
        return (_spoken(match) if match and head == "yaml" else blank(line)), after
    match = OPTION.match(line)
    if match:
        return _spoken(match), "options"
    return None, ""


def _spoken(match: re.Match[str]) -> str:
    head = blank(match[1] + match[2] + match[3])
    return head + (match[4] if match[2].lower() in SPOKEN else blank(match[4]))


def _spans(line: str, state: State) -> tuple[str, State]:
    """Read a line of text: a formula or a remark in it may reach beyond it."""
    at = line.find("<!--")
    if at >= 0:
        kept, after = _until(line[at + 4 :], (*state, Open("<!--", True)))
        return line[:at] + "    " + kept, after
    if line.count("$$") % 2:
        at = line.rfind("$$")
        return line[:at] + blank(line[at:]), (*state, Open("$$", True))
    begin = re.match(r"[ \t]*\\begin\{([A-Za-z]+\*?)\}", line)
    if begin and f"\\end{{{begin[1]}}}" not in line:
        return blank(line), (*state, Open(f"\\end{{{begin[1]}}}", True))
    return (blank(line) if begin else line), state


def words(text: str) -> Iterator[Word]:
    """Yield the words of a page of MyST Markdown in order, each with its place.

    >>> [word.text for word in words("---\\ntitle: T\\n---\\n# Soil\\n\\nIt is *alive*.")]
    ['Soil', 'It', 'is', 'alive']
    """
    state, line = START, 1
    for block in blocks(text):
        projected, state = project(block, state)
        pattern = ASCII_WORD if projected.isascii() else WORD
        for number, row in enumerate(projected.split("\n"), start=line):
            for match in pattern.finditer(row):
                yield Word(readable(match[0]), number, match.start())
        line += block.count("\n") + 2


def readable(word: str) -> str:
    """Return a word as readers see it: without the marks of emphasis inside it."""
    return word.replace("\0", "").replace("\u00ad", "")


def text_of(data: bytes, path: str) -> str:
    """Return a revision's text: Markdown as it is, a notebook's Markdown cells one below the other; "" for a giant."""
    if len(data) > MOST and not path.endswith(".ipynb"):
        return ""
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return notebook_text(text) if path.endswith(".ipynb") else text


def notebook_text(text: str) -> str:
    """Return the Markdown cells of a notebook; "" when it cannot be read as one."""
    try:
        data = json.loads(text)
        cells = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
        sources = [cell.get("source", "") for cell in cells if cell.get("cell_type") in ("markdown", "heading")]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return ""
    return "\n\n".join("".join(source) if isinstance(source, list) else str(source) for source in sources)
