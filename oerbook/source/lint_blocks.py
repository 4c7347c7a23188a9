"""Lint the source text of a page: malformed fences and headings.

CommonMark: the info string of a backtick fence must not contain a backtick. Such a line opens nothing, so the line
meant to close it opens a code block that swallows the sections below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.lint_lines import LineLinter
from oerbook.text.myst_scan import DIRECTIVE_NAME, FENCE_LINE, is_code_block

BARE_DIRECTIVES = frozenset(["note", "tip", "important", "warning", "caution", "hint", "attention", "danger",
                             "admonition", "seealso",
                   "figure", "exercise", "solution", "epigraph", "dropdown", "glossary"])  # fmt: skip
DIRECTIVES_READ_WITHOUT_BRACES = frozenset(
    ["note", "tip", "important", "warning", "caution", "hint", "attention", "danger", "error", "seealso"]
)
# HTML whose content up to the closing tag is no Markdown.
VERBATIM_HTML_START = re.compile(r"[ \t>]*<(!--|(?:pre|script|style|textarea)\b)", re.I)
HEADING_LINE = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
MALFORMED_HEADING = re.compile(
    r"^ {0,3}(#{2,6}(?=[^\W\d_])|#{1,6}[ \t]*[\u00a0\u202f\u2000-\u200a\u3000])"
)  # followed by a letter, or by a space that is not U+0020
LIST_ITEM_START = re.compile(r"^ *(?:(?:[-*+:~]|\d{1,9}[.)])(?: {1,4}(?=\S)| *$))+")
FOOTNOTE_START = re.compile(r"^ {0,3}\[\^[^\]]+\]:")  # its text is indented by four spaces
MAX_LOOKBACK_LINES = 200  # lines searched backwards for the list item around a fence


@dataclass(frozen=True, slots=True)
class Fence:
    """An open fence."""

    char: str
    length: int
    line: int  # 1-based, 0 once the fence was reported
    info: str  # the text after the fence
    is_code: bool  # the content is not MyST
    item_indent: int = 0  # indentation of the list item around it


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int
    level: int


def lint_page(path: str, text: str, cell_starts: Collection[int] = ()) -> Iterator[Finding]:
    """Yield the findings in the source text of a page.

    Whatever is open ends where a cell of a notebook starts.
    """
    level, title_line = 0, 0
    for item in _Scanner(path, text.split("\n")).scan(cell_starts):
        if isinstance(item, Finding):
            yield item
        elif isinstance(item, Fence):
            yield _unclosed(path, item, in_notebook=bool(cell_starts))
        else:
            if level and item.level > level + 1:
                yield _skipped_level(path, item, level)
            if item.level == 1 and title_line:
                yield _second_title(path, item.line, title_line)
            title_line = title_line or (item.line if item.level == 1 else 0)
            level = item.level


def find_closing_fence(text: str) -> str:
    """Return the fence that closes what a text leaves open, "" when nothing is open.

    >>> find_closing_fence("````python\\nprint()")
    '````'
    """
    items = _Scanner("", text.split("\n")).scan(())
    return next((item.char * item.length for item in items if isinstance(item, Fence)), "")


@dataclass(slots=True)
class _Scanner:
    """Scan the lines of a page, keeping track of open fences and open HTML."""

    path: str
    lines: list[str]
    fences: list[Fence] = field(default_factory=list)
    html_end: str = ""  # closes the HTML that is open
    html_line: int = 0
    line_linter: LineLinter = field(init=False)

    def __post_init__(self) -> None:
        self.line_linter = LineLinter(self.path)

    def scan(self, cell_starts: Collection[int]) -> Iterator[Finding | Fence | _Heading]:
        """Yield findings, fences that are never closed, and headings outside of fences."""
        for number, line in enumerate(self.lines, start=1):
            if number in cell_starts:
                yield from self._unclosed_fence()
                self.fences, self.html_end = [], ""
                self.line_linter.reset()
            if self._ends_list_item(line):
                yield _ended_by_indentation(self.path, self.fences[-1], number)
                self.fences[-1] = replace(self.fences[-1], line=0, item_indent=0)
            if self._is_html(number, line):
                self.line_linter.reset()
            elif match := FENCE_LINE.match(line) if "```" in line or ":::" in line or "~~~" in line else None:
                yield from self._scan_fence(number, match)
                self.line_linter.reset()
            else:
                yield from self._scan_text(number, line)
        yield from self._unclosed_fence()
        if self.html_end == "-->":
            message = "the comment that starts here is never closed, so nothing after it is shown"
            yield Finding("raw-html", message, Place(self.path, self.html_line), Severity.WARNING, "End it with -->")

    def _unclosed_fence(self) -> Iterator[Fence]:
        """Yield the outermost open fence, unless it was reported before."""
        yield from (fence for fence in self.fences[:1] if fence.line)

    def _in_code(self) -> bool:
        return bool(self.fences) and self.fences[-1].is_code

    def _ends_list_item(self, line: str) -> bool:
        """Say whether a line is indented less than the list item around the open code."""
        if not self._in_code() or not self.fences[-1].item_indent:
            return False
        return bool(line.strip()) and _indentation(line) < self.fences[-1].item_indent

    def _is_html(self, number: int, line: str) -> bool:
        """Say whether a line belongs to raw HTML; keep track of where it starts and ends."""
        if not self.html_end and "<" in line and not self._in_code() and (html := VERBATIM_HTML_START.match(line)):
            self.html_end, self.html_line = "-->" if html[1] == "!--" else f"</{html[1].lower()}>", number
        if not self.html_end:
            return False
        if self.html_end in line.lower():
            self.html_end = ""
        return True

    def _scan_fence(self, number: int, match: re.Match[str]) -> Iterator[Finding]:
        before, chars, info = match[1], match[2], match[3].strip()
        indentation = _indentation(before + "x") if not before.strip() else 0
        item_indentation = _item_indentation(self.lines, number, before)
        if indentation - item_indentation < 4 or (self.fences and self.fences[-1].line):
            yield from self._open_or_close(number, chars, info, indentation)
        if self.fences and self.fences[-1].line == number:
            self.fences[-1] = replace(self.fences[-1], item_indent=item_indentation)

    def _open_or_close(self, number: int, chars: str, info: str, indentation: int) -> Iterator[Finding]:
        """Open a fence, or close the outermost fence that this line can close.

        A line closes no fence that starts more than three columns further left.
        """
        char, length = chars[0], len(chars)
        closable = (
            n
            for n, fence in enumerate(self.fences)
            if fence.char == char and fence.length <= length and indentation - fence.item_indent <= 3
        )
        closed = None if info else next(closable, None)
        if closed is not None:
            inner = [fence for fence in self.fences[closed + 1 :] if fence.char == char and fence.line]
            if inner and self.fences[closed].line:
                yield _nested(self.path, self.fences[closed], inner[0], number)
            del self.fences[closed:]
        elif self._in_code():
            return
        elif char == "`" and "`" in info:
            if info.startswith("{"):
                yield _backticks_in_info(self.path, number, info)
                self.fences.append(Fence(char, length, 0, info, is_code=False))  # so that its end opens nothing
        elif info or char != ":":
            yield from _malformed_opening(self.path, number, chars, info)
            name = DIRECTIVE_NAME.match(info)
            code = is_code_block(name[1].lower() if name else "", char)
            self.fences.append(Fence(char, length, number, info, code))

    def _scan_text(self, number: int, line: str) -> Iterator[Finding | _Heading]:
        if not self._in_code() and not line.startswith(("    ", "\t")):
            yield from self.line_linter.check_line(number, line)
        if self.fences:
            return
        heading = HEADING_LINE.match(line)
        if heading and heading[2]:
            yield _Heading(number, len(heading[1]))
        elif line.lstrip(" ").startswith("#") and (malformed := MALFORMED_HEADING.match(line)):
            yield _malformed_heading(self.path, number, malformed[1].strip())


def _indentation(line: str) -> int:
    """Return the column at which the text of a line starts, with tab stops of four."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def _item_indentation(lines: list[str], number: int, before: str) -> int:
    """Return the indentation of the list item around a fence, 0 outside of lists.

    `before` is what precedes the fence on its line.
    """
    if ">" in before:
        return 0
    if before.strip():
        return len(before.expandtabs(4))
    indentation = _indentation(before + "x")
    for line in reversed(lines[max(0, number - MAX_LOOKBACK_LINES) : number - 1]) if indentation > 1 else ():
        if line.strip() and _indentation(line) < indentation:
            content = _content_column(line)
            if content or not _indentation(line):
                return content if content <= indentation else 0
            indentation = _indentation(line)
    return 0


def _content_column(line: str) -> int:
    """Return the column of the content of a list item or footnote, 0 for other lines."""
    expanded = line.expandtabs(4)
    item = LIST_ITEM_START.match(expanded)
    if item:
        return len(item[0].rstrip()) + 1 if item[0] == expanded else len(item[0])
    return 4 if FOOTNOTE_START.match(line) else 0


def _ended_by_indentation(path: str, fence: Fence, number: int) -> Finding:
    what = "code" if fence.is_code else "box"
    message = f"the {what} that starts here ends before line {number}, which is indented less than its list item"
    hint = f"Indent every line of it, the last one too, by {fence.item_indent} spaces."
    return Finding("fence-unclosed", message, Place(path, fence.line), Severity.WARNING, hint)


def _malformed_opening(path: str, line: int, chars: str, info: str) -> Iterator[Finding]:
    """Report a fence that was meant as a box, formula or diagram and is shown as code."""
    name, _space, rest = info.partition(" ")
    if name.lower() in BARE_DIRECTIVES and not (chars.startswith(":") and name in DIRECTIVES_READ_WITHOUT_BRACES):
        message = f"{chars}{info} makes no box: the name of a box must be in braces"
        hint = f"Write {chars}{{{name.lower()}}} {rest}".rstrip()
    elif info.startswith("{") and "}" not in info:
        message = f"{chars}{info} makes no box: its name has no closing brace"
        hint = f"Write {chars}{name}}}"
    elif info.lower() == "math":
        message = f"{chars}math shows the formula as code"
        hint = f"Write {chars}{{math}}, or put it between lines of $$."
    elif info.lower() == "mermaid":
        message = "this mermaid diagram is shown as its source"
        hint = "Save the diagram as SVG and include it with {figure}, with a description."
        yield Finding("mermaid-source", message, Place(path, line), Severity.WARNING, hint)
        return
    else:
        return
    yield Finding("fence-braces", message, Place(path, line), Severity.WARNING, hint)


def _nested(path: str, outer: Fence, inner: Fence, line: int) -> Finding:
    opening = f"{inner.char * inner.length}{inner.info}"
    message = (
        f"{opening} is inside the fence of line {outer.line}, which is no longer and therefore ends in line {line}"
    )
    hint = f"Make the outer fence longer, at its start and its end: {outer.char * (inner.length + 1)}{outer.info}"
    return Finding("fence-nested", message, Place(path, inner.line), Severity.WARNING, hint)


def _backticks_in_info(path: str, line: int, info: str) -> Finding:
    name = info.split("}")[0] + "}"
    message = f"backticks in the first line of {name} keep it from opening; what follows is shown as code"
    return Finding("fence-backticks", message, Place(path, line), Severity.ERROR, f"Write :::{name} … ::: instead.")


def _skipped_level(path: str, heading: _Heading, previous_level: int) -> Finding:
    message = f"this heading goes from level {previous_level} to level {heading.level}"
    hint = f"Write it with {previous_level + 1} number signs."
    return Finding("heading-skip", message, Place(path, heading.line), Severity.WARNING, hint)


def _malformed_heading(path: str, line: int, number_signs: str) -> Finding:
    message = "this line is not a heading: a space is missing after the number signs, or is of a special kind"
    return Finding(
        "heading-space", message, Place(path, line), Severity.WARNING, f"Write {number_signs} and a plain space."
    )


def _second_title(path: str, line: int, first_line: int) -> Finding:
    message = f"a chapter has one title (line {first_line}); this second one is shown as a section"
    return Finding("title-second", message, Place(path, line), Severity.INFO, "Write it with two number signs.")


def _unclosed(path: str, fence: Fence, *, in_notebook: bool) -> Finding:
    what = "code" if fence.is_code else "box" if fence.info else "part"
    rest = "cell" if in_notebook else "page"
    message = f"the {what} that starts here is never closed, so the rest of the {rest} is part of it"
    hint = f"End it with a line of {fence.char * fence.length}"
    return Finding("fence-unclosed", message, Place(path, fence.line), Severity.WARNING, hint)
