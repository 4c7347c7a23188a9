"""Citations as mystmd and pandoc write them: `[@key]` in brackets, `@key` in the sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from oerbook.document.context.build_context import desk
from oerbook.document.reading.generated_pages import bibliography_files

ENTRY = re.compile(r"^[ \t]*@\w+\s*\{\s*([^,\s]+)\s*,", re.M)
KEY = r"@([\w][\w:./+-]*\w|\w)"
BRACKETED = re.compile(rf"\[{KEY}(?:\s*;\s*{KEY})*\]")
BARE = re.compile(KEY)


@lru_cache(maxsize=4)
def _keys(files: tuple[tuple[str, int], ...]) -> frozenset[str]:
    texts = (Path(name).read_text(encoding="utf-8", errors="replace") for name, _moment in files)
    return frozenset(key for text in texts for key in ENTRY.findall(text))


def keys() -> frozenset[str]:
    """Return the keys of the book's bibliography files."""
    book = desk().book
    paths = [book.root / "chapters" / name for name in bibliography_files(book)]
    return _keys(tuple((str(path), path.stat().st_mtime_ns) for path in paths))


def cited(state: StateInline, silent: bool) -> bool:
    """Read a citation at the cursor; a bare `@` that begins no known key is left alone, as in an address."""
    sign = state.src[state.pos]
    if sign not in "[@" or (sign == "@" and state.pos and state.src[state.pos - 1].isalnum()):
        return False
    match = (BRACKETED if sign == "[" else BARE).match(state.src, state.pos)
    if not match:
        return False
    named, known = BARE.findall(match[0]), keys()
    meant = sign == "[" and known and state.src[match.end() : match.end() + 1] not in ("(", "[", ":")
    if not meant and not set(named) <= known:
        return False
    if not silent:
        token = state.push("myst_role", "", 0)
        token.meta = {"name": "cite:p" if sign == "[" else "cite:t"}
        token.content = ",".join(named)
    state.pos = match.end()
    return True


def install(parser: MarkdownIt) -> None:
    """Teach a parser the two forms."""
    parser.inline.ruler.before("link", "at_citation", cited)
    parser.inline.add_terminator_char("@")
