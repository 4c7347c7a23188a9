"""Citations in the text: `[see @key, p. 5; -@other]` and `@key [p. 5]` as pandoc writes them, and those of roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from oerbook.citations.citeproc import CitedWork
from oerbook.citations.library import CitationLibrary

MAX_CITATION_CHARS = 2000  # of a citation in brackets
CITATION_KEY = r"@(?:(?P<key>\w[\w:./+#&?~-]*\w|\w)|\{(?P<braced>[^{}\s]+)\})"
BRACKETED_CITATION = re.compile(r"\[(?P<body>[^\[\]]*?(?:\[[^\[\]]*\][^\[\]]*?)*)\]")
CITATION_PART = re.compile(rf"(?P<before>(?:[^@]|(?<=\w)@)*?)(?P<minus>-?)(?<!\w){CITATION_KEY}(?P<behind>.*)", re.S)
CITATION_KEY_PATTERN = re.compile(CITATION_KEY)
BRACKETED_LOCATOR = re.compile(r" ?\[(?P<behind>[^\[\]@^][^\[\]@]*)\](?![(\[{:])")
DOI_LINK = re.compile(
    r"\[\]\(<?(?P<doi>(?:https?://(?:dx\.)?doi\.org/|doi:)10\.[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\)"
)
ROLE_TARGET = re.compile(
    r"\s*(?:\{(?P<before>[^{}]*)\})?\s*(?P<minus>-?)(?P<key>(?:[^{}\s,;]|;(?!\s))+)\s*(?:\{(?P<behind>[^{}]*)\})?\s*(?:,|;\s|$)"
)


def parse_role_content(text: str) -> tuple[CitedWork, ...]:
    """Return the works that a role names: keys with commas or semicolons between them, words around each in braces.

    Raises ValueError when it is written otherwise.

    >>> first, second = parse_role_content("{see}lee2020{p. 5},roe")
    >>> (first.key, first.prefix, first.suffix), second.key
    (('lee2020', 'see', 'p. 5'), 'roe')
    """
    found: list[CitedWork] = []
    at = 0
    while at < len(text) or not found:
        match = ROLE_TARGET.match(text, at)
        if not match or match.end() == at:
            raise ValueError(text[at:].strip() or text)
        before, behind = (" ".join((match[name] or "").split()) for name in ("before", "behind"))
        found.append(CitedWork(match["key"], before, behind, "year" if match["minus"] else "p"))
        at = match.end()
    return tuple(found)


def format_role_content(works: Iterable[CitedWork]) -> str:
    """Return works as a role names them.

    >>> format_role_content([CitedWork("lee", "see", "p. 5"), CitedWork("roe", mode="year")])
    '{see}lee{p. 5},-roe'
    """
    return ",".join(
        f"{_braced(one.prefix)}{'-' if one.mode == 'year' else ''}{one.key}{_braced(one.suffix)}" for one in works
    )


def _braced(text: str) -> str:
    plain = " ".join(text.replace("{", "(").replace("}", ")").split())
    return f"{{{plain}}}" if plain else ""


def parse_bracketed_citation(body: str) -> tuple[CitedWork, ...]:
    """Return the works of a citation in brackets, none when it is not one.

    >>> [(one.prefix, one.key, one.suffix, one.mode) for one in parse_bracketed_citation("see @lee, p. 5; -@roe")]
    [('see', 'lee', ', p. 5', 'p'), ('', 'roe', '', 'year')]
    >>> parse_bracketed_citation("ann@lee.org")
    ()
    """
    works: list[CitedWork] = []
    for part in body.split(";"):
        match = CITATION_PART.fullmatch(part)
        if match:
            key = match["key"] or match["braced"]
            mode = "year" if match["minus"] else "p"
            works.append(CitedWork(key, _plain(match["before"]), _plain(match["behind"]), mode))
        elif works:  # a semicolon within the words behind a work
            works[-1] = replace(works[-1], suffix=f"{works[-1].suffix}; {_plain(part)}")
        else:
            return ()
    return tuple(works)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"(?<!\\)[*`]", "", text).split())


def citation_rule(library: Callable[[], CitationLibrary]) -> Callable[[StateInline, bool], bool]:
    """Return the rule that reads a citation at the cursor; what names no known key is left as it is."""

    def rule(state: StateInline, silent: bool) -> bool:
        char, before = state.src[state.pos], state.src[state.pos - 1 : state.pos]
        if char not in "[@" or (char == "@" and before.isalnum()):
            return False
        known = library()
        found = (_bracketed if char == "[" else _narrative)(state, known) if known.records else None
        if found is None:
            return char == "[" and _push_label_references(state, known, silent)
        name, works, end = found
        if not silent:
            if name == "cite:yearpar" and char == "@":
                state.pending = state.pending.removesuffix("-")
            token = state.push("myst_role", "", 0)
            token.meta = {"name": name}
            token.content = format_role_content(works)
        state.pos = end
        return True

    return rule


def _bracketed(state: StateInline, library: CitationLibrary) -> tuple[str, tuple[CitedWork, ...], int] | None:
    link = DOI_LINK.match(state.src, state.pos)
    if link:
        key = library.find_key(link["doi"])
        return ("cite:t", (CitedWork(key),), link.end()) if key else None
    match = BRACKETED_CITATION.match(state.src, state.pos, state.pos + MAX_CITATION_CHARS)
    if not match or "@" not in match["body"] or state.src[match.end() : match.end() + 1] in ("(", "[", ":", "{"):
        return None
    works = parse_bracketed_citation(match["body"])
    if not any(library.find_key(one.key) for one in works):
        return None
    return "cite:p", works, match.end()


def _push_label_references(state: StateInline, library: CitationLibrary, silent: bool) -> bool:
    """Read `[@fig-worm; @fig-soil]`, whose keys the library does not have, as references to labels of the book."""
    match = BRACKETED_CITATION.match(state.src, state.pos, state.pos + MAX_CITATION_CHARS)
    if not match or "@" not in match["body"] or state.src[match.end() : match.end() + 1] in ("(", "[", ":", "{"):
        return False
    works = parse_bracketed_citation(match["body"])
    if not works or any(one.prefix or one.suffix for one in works):
        return False
    for number, work in enumerate(works if not silent else ()):
        if number:
            state.push("text", "", 0).content = "; "
        token = state.push("at_reference", "", 0)
        token.content, token.markup = work.key, "[" if library.records else "[@"
    state.pos = match.end()
    return True


def _narrative(state: StateInline, library: CitationLibrary) -> tuple[str, tuple[CitedWork, ...], int] | None:
    match = CITATION_KEY_PATTERN.match(state.src, state.pos)
    key = (match["key"] or match["braced"]) if match else ""
    if not match or not library.find_key(key):
        return None
    before = state.src[max(0, state.pos - 2) : state.pos]
    mode = "cite:yearpar" if before.endswith("-") and not before[:-1].strip(" \n([") else "cite:t"
    locator = BRACKETED_LOCATOR.match(state.src, match.end())
    behind = _plain(locator["behind"]) if locator else ""
    return mode, (CitedWork(key, "", behind),), locator.end() if locator else match.end()


def install(parser: MarkdownIt, library: Callable[[], CitationLibrary]) -> None:
    """Teach a parser to read citations."""
    parser.inline.ruler.before("link", "at_citation", citation_rule(library))
    parser.inline.add_terminator_char("@")
