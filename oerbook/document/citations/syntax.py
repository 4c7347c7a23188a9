"""Citations in the text: `[see @key, p. 5; -@other]` and `@key [p. 5]` as pandoc writes them, and those of roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from oerbook.document.citations.library import Library
from oerbook.document.citations.processor import Cited

MAX_CHARS = 2000  # of a citation in brackets
KEY = r"@(?:(?P<key>\w[\w:./+#&?~-]*\w|\w)|\{(?P<braced>[^{}\s]+)\})"
IN_BRACKETS = re.compile(r"\[(?P<body>[^\[\]]*?(?:\[[^\[\]]*\][^\[\]]*?)*)\]")
CITATION_PART = re.compile(rf"(?P<before>(?:[^@]|(?<=\w)@)*?)(?P<minus>-?)(?<!\w){KEY}(?P<behind>.*)", re.S)
BARE_KEY = re.compile(KEY)
LOCATOR = re.compile(r" ?\[(?P<behind>[^\[\]@^][^\[\]@]*)\](?![(\[{:])")
DOI_LINK = re.compile(
    r"\[\]\(<?(?P<doi>(?:https?://(?:dx\.)?doi\.org/|doi:)10\.[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\)"
)
TARGET = re.compile(
    r"\s*(?:\{(?P<before>[^{}]*)\})?\s*(?P<minus>-?)(?P<key>[^{}\s,]+)\s*(?:\{(?P<behind>[^{}]*)\})?\s*(?:,|$)"
)


def parse_targets(text: str) -> tuple[Cited, ...]:
    """Return the works that a role names: keys with commas between them, words around each in braces.

    Raises ValueError when it is written otherwise.

    >>> parse_targets("{see}lee2020{p. 5},roe")
    (Cited(key='lee2020', before='see', behind='p. 5', mode='p'), Cited(key='roe', before='', behind='', mode='p'))
    """
    found: list[Cited] = []
    at = 0
    while at < len(text) or not found:
        match = TARGET.match(text, at)
        if not match or match.end() == at:
            raise ValueError(text[at:].strip() or text)
        before, behind = (" ".join((match[name] or "").split()) for name in ("before", "behind"))
        found.append(Cited(match["key"], before, behind, "year" if match["minus"] else "p"))
        at = match.end()
    return tuple(found)


def target(works: Iterable[Cited]) -> str:
    """Return works as a role names them.

    >>> target([Cited("lee", "see", "p. 5"), Cited("roe", mode="year")])
    '{see}lee{p. 5},-roe'
    """
    return ",".join(
        f"{_braced(one.before)}{'-' if one.mode == 'year' else ''}{one.key}{_braced(one.behind)}" for one in works
    )


def _braced(text: str) -> str:
    plain = " ".join(text.replace("{", "(").replace("}", ")").split())
    return f"{{{plain}}}" if plain else ""


def in_brackets(body: str) -> tuple[Cited, ...]:
    """Return the works of a citation in brackets, none when it is not one.

    >>> [(one.before, one.key, one.behind, one.mode) for one in in_brackets("see @lee, p. 5; -@roe")]
    [('see', 'lee', ', p. 5', 'p'), ('', 'roe', '', 'year')]
    >>> in_brackets("ann@lee.org")
    ()
    """
    works: list[Cited] = []
    for part in body.split(";"):
        match = CITATION_PART.fullmatch(part)
        if match:
            key = match["key"] or match["braced"]
            mode = "year" if match["minus"] else "p"
            works.append(Cited(key, _plain(match["before"]), _plain(match["behind"]), mode))
        elif works:  # a semicolon within the words behind a work
            works[-1] = replace(works[-1], behind=f"{works[-1].behind}; {_plain(part)}")
        else:
            return ()
    return tuple(works)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"(?<!\\)[*`]", "", text).split())


def citation_rule(library: Callable[[], Library]) -> Callable[[StateInline, bool], bool]:
    """Return the rule that reads a citation at the cursor; what names no known key is left as it is."""

    def rule(state: StateInline, silent: bool) -> bool:
        char, before = state.src[state.pos], state.src[state.pos - 1 : state.pos]
        if char not in "[@" or (char == "@" and before.isalnum()):
            return False
        known = library()
        if not known.records:
            return False
        found = (_bracketed if char == "[" else _narrative)(state, known)
        if found is None:
            return False
        name, works, end = found
        if not silent:
            if name == "cite:yearpar" and char == "@":
                state.pending = state.pending.removesuffix("-")
            token = state.push("myst_role", "", 0)
            token.meta = {"name": name}
            token.content = target(works)
        state.pos = end
        return True

    return rule


def _bracketed(state: StateInline, library: Library) -> tuple[str, tuple[Cited, ...], int] | None:
    link = DOI_LINK.match(state.src, state.pos)
    if link:
        key = library.key(link["doi"])
        return ("cite:t", (Cited(key),), link.end()) if key else None
    match = IN_BRACKETS.match(state.src, state.pos, state.pos + MAX_CHARS)
    if not match or "@" not in match["body"] or state.src[match.end() : match.end() + 1] in ("(", "[", ":", "{"):
        return None
    works = in_brackets(match["body"])
    meant = works and all(not one.before and not one.behind for one in works)
    if not works or not (meant or any(library.key(one.key) for one in works)):
        return None
    return "cite:p", works, match.end()


def _narrative(state: StateInline, library: Library) -> tuple[str, tuple[Cited, ...], int] | None:
    match = BARE_KEY.match(state.src, state.pos)
    key = (match["key"] or match["braced"]) if match else ""
    if not match or not library.key(key):
        return None
    before = state.src[max(0, state.pos - 2) : state.pos]
    mode = "cite:yearpar" if before.endswith("-") and not before[:-1].strip(" \n([") else "cite:t"
    locator = LOCATOR.match(state.src, match.end())
    behind = _plain(locator["behind"]) if locator else ""
    return mode, (Cited(key, "", behind),), locator.end() if locator else match.end()


def install(parser: MarkdownIt, library: Callable[[], Library]) -> None:
    """Teach a parser to read citations."""
    parser.inline.ruler.before("link", "at_citation", citation_rule(library))
    parser.inline.add_terminator_char("@")
