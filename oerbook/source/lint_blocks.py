"""What only the bare text shows: fences that swallow what follows, and headings that skip a level.

CommonMark: the info line of a backtick fence may hold no backtick, so such a line opens nothing, and the line
meant to close it opens a code block that swallows the sections below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.lint_lines import Slips

# A fence may stand in lists, quotes and definitions.
FENCE = re.compile(r"^((?:[ \t]*(?:>|(?:[-*+:]|\d{1,9}[.)])[ \t]))*+[ \t]*)(`{3,}|~{3,}|:{3,})(.*)$")
DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}")
BOXES = frozenset(["note", "tip", "important", "warning", "caution", "hint", "attention", "danger", "admonition", "seealso",
                   "figure", "exercise", "solution", "epigraph", "dropdown", "glossary"])  # fmt: skip
HTML = re.compile(r"[ \t>]*<(!--|(?:pre|script|style|textarea)\b)", re.I)  # what begins so is HTML to its end
CODE = frozenset(  # directives whose text is not MyST
    ["code", "code-block", "code-cell", "sourcecode", "literalinclude", "parsed-literal", "raw", "math", "mermaid", "dot",
     "graphviz", "csv-table", "eval-rst", "doctest", "testcode", "plot", "highlight"]
)  # fmt: skip
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
NO_BLANK = re.compile(
    r"^ {0,3}(#{2,6}(?=[^\W\d_])|#{1,6}[ \t]*[\u00a0\u202f\u2000-\u200a\u3000])"
)  # a letter follows, or a blank of another kind
ITEM = re.compile(r"^ *(?:(?:[-*+:~]|\d{1,9}[.)])(?: {1,4}(?=\S)| *$))+")
NOTE = re.compile(r"^ {0,3}\[\^[^\]]+\]:")  # its text stands four blanks in
MOST_BACK = 200  # lines in which a list item is looked for
TARGET = re.compile(r"\{#[\w-]+\}\s*$")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence that is open: its sign and how often, where it begins, what it says, whether it holds code.

    `inside` is how far in the list item begins that it stands in, 0 where it stands in none.
    """

    sign: str
    length: int
    line: int
    info: str
    code: bool
    inside: int = 0


def lint(path: str, text: str, cuts: Collection[int] = ()) -> Iterator[Finding]:
    """Yield the findings in the bare text of a page; at the lines in `cuts` whatever is open ends, as a notebook's cell does."""
    level, top = 0, 0
    for met in _met(path, text, cuts):
        if isinstance(met, Finding):
            yield met
        elif isinstance(met, Fence):
            yield _unclosed(path, met, cuts)
        else:
            number, depth = met
            if level and depth > level + 1:
                yield _skip(path, number, level, depth)
            if depth == 1 and top:
                yield _second(path, number, top)
            top = top or (number if depth == 1 else 0)
            level = depth


def left_open(text: str) -> str:
    """Return the line that would close what a text leaves open, "" when it leaves nothing open.

    >>> left_open("````python\\nprint()")
    '````'
    """
    return next((met.sign * met.length for met in _met("", text, ()) if isinstance(met, Fence)), "")


def _met(path: str, text: str, cuts: Collection[int]) -> Iterator[Finding | Fence | tuple[int, int]]:
    """Yield findings about fences, fences that are left open, and the line and level of each heading outside of them."""
    fences: list[Fence] = []
    slips = Slips(path)
    awaited, since = "", 0  # what ends the HTML that is open, and where it began
    page = text.split("\n")
    for number, line in enumerate(page, start=1):
        if number in cuts:
            yield from (fence for fence in fences[:1] if fence.line)
            fences, awaited = [], ""
            slips.stop()
        if fences and fences[-1].code and fences[-1].inside and line.strip() and _far(line) < fences[-1].inside:
            yield _left_of(path, fences[-1], number)
            fences[-1] = replace(fences[-1], line=0, inside=0)
        if not awaited and "<" in line and not (fences and fences[-1].code) and (html := HTML.match(line)):
            awaited, since = "-->" if html[1] == "!--" else f"</{html[1].lower()}>", number
        if awaited:
            awaited = "" if awaited in line.lower() else awaited
            slips.stop()
            continue
        match = FENCE.match(line) if "```" in line or ":::" in line or "~~~" in line else None
        if match:
            far = _far(match[1] + "x") if not match[1].strip() else 0
            inside = _inside(page, number, match[1])
            if far - inside < 4 or (fences and fences[-1].line):
                yield from _fence(path, fences, number, match[2], match[3].strip(), far)
            if fences and fences[-1].line == number:
                fences[-1] = replace(fences[-1], inside=inside)
            slips.stop()
            continue
        if not (fences and fences[-1].code) and not line.startswith(("    ", "\t")):
            yield from slips.look(number, line)
        heading = HEADING.match(line) if not fences else None
        if heading and heading[2]:
            yield number, len(heading[1])
        elif not fences and line.lstrip(" ").startswith("#") and (found := NO_BLANK.match(line)):
            yield _no_blank(path, number, found[1].strip())
    yield from (fence for fence in fences[:1] if fence.line)
    if awaited == "-->":
        message = "the remark that begins here is never closed, so nothing that follows is shown"
        yield Finding("raw-html", message, Place(path, since), Severity.WARNING, "End it with -->")


def _far(line: str) -> int:
    """Return how far in the text of a line begins."""
    wide = line.expandtabs(4)
    return len(wide) - len(wide.lstrip(" "))


def _inside(page: list[str], number: int, before: str) -> int:
    """Return how far in the list item begins that a fence stands in, with something before its signs; 0 for none."""
    if ">" in before:
        return 0
    if before.strip():
        return len(before.expandtabs(4))
    far = _far(before + "x")
    for line in reversed(page[max(0, number - MOST_BACK) : number - 1]) if far > 1 else ():
        if line.strip() and _far(line) < far:
            item = ITEM.match(line.expandtabs(4))
            begins = (
                len(item[0].rstrip()) + 1 if item and item[0] == line.expandtabs(4) else len(item[0]) if item else 0
            )
            begins = begins or 4 * bool(NOTE.match(line))
            if begins or not _far(line):
                return begins if begins <= far else 0
            far = _far(line)
    return 0


def _left_of(path: str, fence: Fence, number: int) -> Finding:
    what = "code" if fence.code else "box"
    words = f"the {what} that begins here ends before line {number}, which stands further left than its list item"
    hint = f"Begin every line of it, the last too, with {fence.inside} blanks."
    return Finding("fence-unclosed", words, Place(path, fence.line), Severity.WARNING, hint)


def _fence(path: str, fences: list[Fence], number: int, signs: str, info: str, far: int = 0) -> Iterator[Finding]:
    """Open a fence or close those that a line of signs closes: the outermost that it can, with all inside.

    A line that begins `far` in closes no fence that stands more than three signs further left.
    """
    sign, length = signs[0], len(signs)
    near = (n for n, f in enumerate(fences) if f.sign == sign and f.length <= length and far - f.inside <= 3)
    closed = None if info else next(near, None)
    if closed is not None:
        inner = [fence for fence in fences[closed + 1 :] if fence.sign == sign and fence.line]
        if inner and fences[closed].line:
            yield _nested(path, fences[closed], inner[0], number)
        del fences[closed:]
    elif fences and fences[-1].code:
        return
    elif sign == "`" and "`" in info:
        if info.startswith("{"):
            yield _backticks(path, number, info)
            fences.append(Fence(sign, length, 0, info, code=False))  # its end is not the beginning of anything
    elif info or sign != ":":
        yield from _unmade(path, number, sign * length, info)
        name = DIRECTIVE.match(info)
        code = name[1].lower() in CODE if name else sign != ":"
        fences.append(Fence(sign, length, number, info, code))


def _unmade(path: str, line: int, signs: str, info: str) -> Iterator[Finding]:
    """Yield why the first line of a fence makes no box, formula or drawing, though it is meant to."""
    if info.split(" ")[0].lower() in BOXES:
        yield _braces(path, line, signs, info)
    elif info.startswith("{") and "}" not in info:
        words, hint = (
            f"{signs}{info} makes no box: its name has no closing brace",
            f"Write {signs}{info.split(' ')[0]}}}",
        )
        yield Finding("fence-braces", words, Place(path, line), Severity.WARNING, hint)
    elif info.lower() == "math":
        words, hint = f"{signs}math shows the formula as code", f"Write {signs}{{math}}, or put it between lines of $$."
        yield Finding("fence-braces", words, Place(path, line), Severity.WARNING, hint)
    elif info.lower() == "mermaid":
        hint = "Save the drawing as SVG and include it with {figure}, with a description."
        words = "this mermaid drawing is shown as its source"
        yield Finding("drawing-in-words", words, Place(path, line), Severity.WARNING, hint)


def _braces(path: str, line: int, signs: str, info: str) -> Finding:
    message = f"{signs}{info} makes no box: the name of a box stands in braces"
    name, _blank, rest = info.partition(" ")
    hint = f"Write {signs}{{{name.lower()}}} {rest}".rstrip()
    return Finding("fence-braces", message, Place(path, line), Severity.WARNING, hint)


def _nested(path: str, outer: Fence, inner: Fence, line: int) -> Finding:
    what = f"{inner.sign * inner.length}{inner.info}"
    message = (
        f"{what} stands inside a fence of line {outer.line} that has no more signs, which therefore ends in line {line}"
    )
    hint = f"Begin and end the outer one with more signs: {outer.sign * (inner.length + 1)}{outer.info}"
    return Finding("fence-nested", message, Place(path, inner.line), Severity.WARNING, hint)


def _backticks(path: str, line: int, rest: str) -> Finding:
    name = rest.split("}")[0] + "}"
    message = f"back-quotes in the first line of {name} keep it from opening, and what follows is swallowed as code"
    return Finding("fence-backticks", message, Place(path, line), Severity.ERROR, f"Write :::{name} … ::: instead.")


def _skip(path: str, line: int, level: int, depth: int) -> Finding:
    message = f"this heading goes from level {level} to level {depth}"
    hint = f"Write it with {level + 1} number signs."
    return Finding("heading-skip", message, Place(path, line), Severity.WARNING, hint)


def _no_blank(path: str, line: int, signs: str) -> Finding:
    message = "this line begins like a heading, and is none: a plain blank is to stand behind the number signs"
    return Finding("heading-blank", message, Place(path, line), Severity.WARNING, f"Write {signs} and a blank.")


def _second(path: str, line: int, first: int) -> Finding:
    message = f"a chapter has one title (line {first}); this second one is set as a section"
    return Finding("heading-second", message, Place(path, line), Severity.INFO, "Write it with two number signs.")


def _unclosed(path: str, fence: Fence, cuts: Collection[int]) -> Finding:
    what = "code" if fence.code else "box" if fence.info else "part"
    rest = "cell" if cuts else "page"
    message = f"the {what} that begins here is never closed, so the rest of the {rest} is part of it"
    hint = f"End it with a line of {fence.sign * fence.length}"
    return Finding("fence-unclosed", message, Place(path, fence.line), Severity.WARNING, hint)


def first_heading(text: str) -> str:
    """Return the first top-level heading of a page, without its markup, or ""."""
    fenced = False
    for line in text.split("\n"):
        if FENCE.match(line):
            fenced = not fenced
        match = HEADING.match(line) if not fenced else None
        if match and len(match[1]) == 1:
            return plain(match[2])
    return ""


def plain(markup: str) -> str:
    """Return a heading's words without its markup.

    >>> plain("The *open* `web` {index}`web`[^1]")
    'The open web web'
    """
    words = re.sub(r"\[\^[^\]]*\]", "", TARGET.sub("", markup))
    words = re.sub(r"\{[\w:-]{1,80}\}`([^`<]{0,400}?)(?:\s*<[^`]{0,400}>)?`", r"\1", words)
    words = re.sub(r"!?\[([^\]]{0,400})\]\([^)]{0,400}\)", r"\1", words)
    return re.sub(r"[*_`]+", "", words).strip()
