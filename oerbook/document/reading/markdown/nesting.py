"""Keep the text of lists and quotations that are nested deeper than markdown-it reads.

markdown-it leaves out what lies deeper than its option `maxNesting`, without a word.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

MAX_NESTING = 60  # levels; an item of a list is two
TOO_DEEP_LINES = "oerbook_too_deep_lines"  # key of the environment: lines that are shown as they are written, from 0


def limit_nesting(parser: MarkdownIt) -> None:
    """Let a parser read `MAX_NESTING` levels, and show the lines of deeper ones as they are written."""
    parser.options["maxNesting"] = MAX_NESTING + 2  # its own limit is never reached
    tokenize = parser.block.tokenize

    def tokenize_or_keep(state: StateBlock, start: int, end: int) -> None:
        if state.level < MAX_NESTING:
            tokenize(state, start, end)
        else:
            _keep_lines(state, start, end)

    parser.block.tokenize = tokenize_or_keep  # type: ignore[method-assign, assignment]


def _keep_lines(state: StateBlock, start: int, end: int) -> None:
    """Add the lines of a block as code."""
    is_outside = (n for n in range(start, end) if not state.isEmpty(n) and state.sCount[n] < state.blkIndent)
    end = next(is_outside, end)
    state.env.setdefault(TOO_DEEP_LINES, []).append(start)
    token = state.push("code_block", "code", 0)
    token.content = state.getLines(start, end, state.blkIndent, keepLastLF=False)
    token.map = [start, end]
    state.line = end
