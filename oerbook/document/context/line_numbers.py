"""Set the source line of every docutils node; MyST sets it for paragraphs only."""

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
from sphinx import addnodes
from sphinx.domains.std import Glossary

RenderRule = Callable[[SyntaxTreeNode], None]
_positions: list[tuple[int, str]] = []  # line and file of the tokens being rendered, outermost first


class _LineState(StateInline):
    """Inline parser state whose tokens carry their line offset within the paragraph."""

    def push(self, ttype: str, tag: str, nesting: Any) -> Token:
        return self._with_offset(super().push(ttype, tag, nesting))

    def pushPending(self) -> Token:
        return self._with_offset(super().pushPending())

    def _with_offset(self, token: Token) -> Token:
        offset = self.src.count("\n", 0, self.pos)
        token.map = [offset, offset + 1]
        return token


class _LineParser(ParserInline):
    """Inline parser whose tokens carry line offsets."""

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _LineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def install(parser: MarkdownIt) -> None:
    """Make a parser record the lines of inline tokens."""
    inline_parser = _LineParser()
    inline_parser.__dict__.update(parser.inline.__dict__)
    parser.inline = inline_parser


def shift_lines(tokens: Iterable[Token]) -> None:
    """Make token lines count from 1, and those of inline children absolute."""
    for token in tokens:
        if token.map:
            first, last = token.map[0] + 1, token.map[1] + 1
            token.map = [first, last]
            for child in token.children or ():
                line = first + (child.map[0] if child.map else 0)
                child.map = [line, max(line + 1, last)]


def with_line_numbers(renderer: Any, rule: RenderRule) -> RenderRule:
    """Return a render rule that sets the line and file of the nodes it creates."""

    @functools.wraps(rule)
    def located_rule(token: SyntaxTreeNode) -> None:
        parent = renderer.current_node
        child_count = len(parent.children)
        source = renderer.document["source"]  # inside an include: the included file
        _positions.append((token.map[0] if token.map else 0, source))
        page_source = _positions[0][1]
        try:
            rule(token)
        finally:
            _positions.pop()
        if token.map:
            for node in parent.children[child_count:]:
                if not node.line or (isinstance(parent, nodes.TextElement) and token.type != "inline"):
                    node.line = token.map[0]
                if not node.source or node.source == page_source or isinstance(node, nodes.Text):
                    node.source = source
                if isinstance(node, nodes.image):  # Sphinx removes the line of an image without rawsource
                    node.rawsource = node.rawsource or node.get("uri", "")

    return located_rule


def current_position() -> tuple[int, str]:
    """Return line and file of the innermost token being rendered, or 0 and ""."""
    return next(((line, source) for line, source in reversed(_positions) if line), (0, ""))


def page_line() -> int:
    """Return the line of the page, not of an included file, being rendered, or 0."""
    return next((line for line, _source in _positions if line), 0)


def line_and_source(node: nodes.Node) -> tuple[int, str]:
    """Return the line of a node and its file, 0 and "" if unknown.

    A node without a line has that of its first descendant or nearest ancestor with one.
    """
    descendants = () if node.line else node.findall()
    located = next((other for other in (node, *descendants, *ancestors(node)) if other.line), node)
    source = next((other.source for other in (located, *ancestors(located)) if other.source), "")
    return int(located.line or 0), str(source)


def ancestors(node: Any) -> list[Any]:
    """Return the ancestors of a node, innermost first."""
    parents = []
    while node.parent is not None:
        node = node.parent
        parents.append(node)
    return parents


class GlossaryWithLines(Glossary):
    """Glossary directive with correct lines of its terms.

    MyST counts the lines of a directive's content from 1.
    """

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the glossary."""
        state: Any = self.state
        if isinstance(state, RSTState):
            return super().run()
        if any(line.startswith(": ") for line in self.content):
            return self._definition_lists()
        first_line = self.lineno + self.content_offset + 1
        self.content.items = [(source, first_line + n) for n, (source, _line) in enumerate(self.content.items)]
        nested_parse = state.nested_parse

        def parse_definition(text: Any, line: int, *args: Any, **kwargs: Any) -> None:
            nested_parse(text, line - self.lineno - 1, *args, **kwargs)

        state.nested_parse = parse_definition
        return super().run()

    def _definition_lists(self) -> list[nodes.Node]:
        """Return terms written as in mystmd: a line, and below it a line that begins with a colon."""
        box = addnodes.glossary(sorted="sorted" in self.options)
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]
