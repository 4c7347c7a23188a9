"""Parse citations as mystmd and pandoc write them: `[@key]` and `@key`."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from oerbook.document.reading.generated_pages import bibliography_files
from oerbook.model.book import Book

BIBTEX_ENTRY = re.compile(r"^[ \t]*@\w+\s*\{\s*([^,\s]+)\s*,", re.M)
CITATION_KEY = r"@([\w][\w:./+-]*\w|\w)"
BRACKETED_CITATION = re.compile(rf"\[{CITATION_KEY}(?:\s*;\s*{CITATION_KEY})*\]")
BARE_CITATION = re.compile(CITATION_KEY)


@lru_cache(maxsize=4)
def _read_keys(files: tuple[tuple[str, int], ...]) -> frozenset[str]:
    """Return the keys of files given as (path, modification time)."""
    texts = (Path(path).read_text(encoding="utf-8", errors="replace") for path, _mtime in files)
    return frozenset(key for text in texts for key in BIBTEX_ENTRY.findall(text))


def citation_keys(book: Book) -> frozenset[str]:
    """Return the keys of the book's bibliography files."""
    paths = [book.root / "chapters" / name for name in bibliography_files(book)]
    return _read_keys(tuple((str(path), path.stat().st_mtime_ns) for path in paths))


def citation_rule(book: Book, state: StateInline, silent: bool) -> bool:
    """Parse a citation at the cursor.

    A bare `@` without a key of the bibliography is not a citation: it may be part of an e-mail address.
    """
    char = state.src[state.pos]
    if char not in "[@" or (char == "@" and state.pos and state.src[state.pos - 1].isalnum()):
        return False
    match = (BRACKETED_CITATION if char == "[" else BARE_CITATION).match(state.src, state.pos)
    if not match:
        return False
    cited_keys, bibliography_keys = BARE_CITATION.findall(match[0]), citation_keys(book)
    # [@a] followed by ( [ or : is a Markdown link, not a citation.
    explicit = char == "[" and bibliography_keys and state.src[match.end() : match.end() + 1] not in ("(", "[", ":")
    if not explicit and not set(cited_keys) <= bibliography_keys:
        return False
    if not silent:
        token = state.push("myst_role", "", 0)
        token.meta = {"name": "cite:p" if char == "[" else "cite:t"}
        token.content = ",".join(cited_keys)
    state.pos = match.end()
    return True


def add_citation_rule(parser: MarkdownIt, book: Book) -> None:
    """Add the citation rule to a parser."""
    parser.inline.ruler.before("link", "at_citation", partial(citation_rule, book))
    parser.inline.add_terminator_char("@")
