"""Where each piece of a page stands: its own line of the source, which MyST carries for whole paragraphs only."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import RSTState
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from sphinx.domains.std import Glossary

Rule = Callable[[SyntaxTreeNode], None]
_lines: list[tuple[int, str]] = []  # the line and the file of what is being made, outermost first


class _Placed(StateInline):
    """A paragraph that is read, where each token knows how many lines below the first it begins."""

    def push(self, ttype: str, tag: str, nesting: Any) -> Token:
        return self._told(super().push(ttype, tag, nesting))

    def pushPending(self) -> Token:
        return self._told(super().pushPending())

    def _told(self, token: Token) -> Token:
        below = self.src.count("\n", 0, self.pos)
        token.map = [below, below + 1]
        return token


class _Inline(ParserInline):
    """The parser of paragraphs, with places."""

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _Placed(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def install(parser: MarkdownIt) -> None:
    """Let a parser note the line of everything inside a paragraph."""
    placed = _Inline()
    placed.__dict__.update(parser.inline.__dict__)
    parser.inline = placed


def carry(tokens: Iterable[Token]) -> None:
    """Give tokens lines as docutils counts them, from 1, and what they hold its own."""
    for token in tokens:
        if token.map:
            first, last = token.map[0] + 1, token.map[1] + 1
            token.map = [first, last]
            for child in token.children or ():
                line = first + (child.map[0] if child.map else 0)
                child.map = [line, max(line + 1, last)]


def standing(renderer: Any, rule: Rule) -> Rule:
    """Return a rule whose nodes stand in the line of their token; a block may say otherwise."""

    @functools.wraps(rule)
    def placed(token: SyntaxTreeNode) -> None:
        parent = renderer.current_node
        before = len(parent.children)
        source = renderer.document["source"]  # of what is taken in this is another file than that of the page
        _lines.append((token.map[0] if token.map else 0, source))
        main = _lines[0][1]
        try:
            rule(token)
        finally:
            _lines.pop()
        if token.map:
            for node in parent.children[before:]:
                if not node.line or (isinstance(parent, nodes.TextElement) and token.type != "inline"):
                    node.line = token.map[0]
                if not node.source or node.source == main or isinstance(node, nodes.Text):
                    node.source = source
                if isinstance(node, nodes.image):  # of one without source and words Sphinx takes the line away
                    node.rawsource = node.rawsource or node.get("uri", "")

    return placed


def standing_in() -> tuple[int, str]:
    """Return the line and the file of what is being made of a page just now; 0 and "" when nothing is."""
    return next(((line, source) for line, source in reversed(_lines) if line), (0, ""))


def beginning() -> int:
    """Return the line of the page itself in which what is being made just now begins."""
    return next((line for line, _source in _lines if line), 0)


class Terms(Glossary):
    """A glossary whose terms stand in their own lines; MyST counts the lines of a directive's text from its first."""

    def run(self) -> list[nodes.Node]:
        """Return the glossary."""
        state: Any = self.state
        if isinstance(state, RSTState):
            return super().run()
        first = self.lineno + self.content_offset + 1
        self.content.items = [(source, first + n) for n, (source, _line) in enumerate(self.content.items)]
        parse = state.nested_parse

        def explanation(text: Any, line: int, *more: Any, **wishes: Any) -> None:
            parse(text, line - self.lineno - 1, *more, **wishes)

        state.nested_parse = explanation
        return super().run()
