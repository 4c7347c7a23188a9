"""Translate the docutils nodes of one page to pandoc by two tables of rules.

A rule is a function of the translator and the node. Rules translate their children through the translator
(`page.blocks`, `page.inlines`), so the modules of rules need not import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes

from oerbook.document.pandoc.text_direction import wrap_direction
from oerbook.document.pandoc.translation_context import TranslationContext
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.anchors import book_anchor
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.model.findings import Finding, Severity
from oerbook.model.formats import target_title

BlockRule = Callable[["PageTranslator", Any], list[Block]]
InlineRule = Callable[["PageTranslator", Any], list[Inline]]


@dataclass(slots=True)
class PageTranslator:
    """One translation in progress; the tables of rules are keyed by node class name."""

    context: TranslationContext
    block_rules: Mapping[str, BlockRule]
    inline_rules: Mapping[str, InlineRule]
    footnotes: Mapping[str, nodes.footnote] = field(default_factory=dict)
    note_references: Mapping[str, list[str]] = field(default_factory=dict)  # ids of the references, by footnote
    printed_note_ids: set[str] = field(default_factory=set)  # ids of the footnotes that are printed already
    inner_notes: list[Any] | None = None  # notes that the note being translated refers to; None outside of notes
    untitled_section: nodes.section | None = None  # it held only footnotes, which are printed elsewhere
    findings: list[Finding] = field(default_factory=list)
    level: int = 0  # depth of the current section; 1 is the page

    @property
    def target(self) -> str:
        """Return the target: epub, docx or typst."""
        return self.context.target

    @property
    def is_typst(self) -> bool:
        """Return whether the target is Typst."""
        return self.context.target == "typst"

    def anchor(self, identifier: str) -> str:
        """Return the book-wide form of an id of this page."""
        return book_anchor(self.context.docname, identifier)

    def blocks(self, children: Iterable[nodes.Node]) -> list[Block]:
        """Translate nodes to blocks; each run of inline nodes becomes a paragraph."""
        result: list[Block] = []
        run: list[nodes.Node] = []
        for node in children:
            if self._is_inline(node):
                run.append(node)
                continue
            result += self._paragraph(run)
            run = []
            result += self._block(node)
        return result + self._paragraph(run)

    def inlines(self, children: Iterable[nodes.Node]) -> list[Inline]:
        """Translate nodes to inlines; MyST writes strikethrough as raw HTML around them."""
        pending = list(children)
        result: list[Inline] = []
        while pending:
            node = pending.pop(0)
            if _raw_html(node) == "<s>":
                inside = []
                while pending and _raw_html(pending[0]) != "</s>":
                    inside.append(pending.pop(0))
                pending = pending[1:]
                result.append(pandoc_ast.inline("Strikeout", self.inlines(inside)))
                continue
            result += self._inline(node)
        return result

    def with_ids(self, node: Any, content: list[Block]) -> list[Block]:
        """Return blocks that carry the ids of a node, as link targets."""
        ids = [self.anchor(identifier) for identifier in node.get("ids", ())]
        if self.is_typst:
            return [
                *(pandoc_ast.raw_block("typst", pandoc_ast.typst_label(identifier)) for identifier in ids),
                *content,
            ]
        for identifier in ids:
            content = [pandoc_ast.div(content, identifier)]
        return content

    def with_inline_ids(self, node: Any, content: list[Inline]) -> list[Inline]:
        """Return inlines that carry the ids of a node, as link targets."""
        ids = [self.anchor(identifier) for identifier in node.get("ids", ())]
        if self.is_typst:
            return [
                *(pandoc_ast.raw_inline("typst", pandoc_ast.typst_label(identifier)) for identifier in ids),
                *content,
            ]
        for identifier in ids:
            content = [pandoc_ast.span(content, identifier)]
        return content

    def is_block_only(self, node: nodes.Node) -> bool:
        """Return whether a node can be translated to blocks, but not to inlines."""
        name = type(node).__name__
        return name in self.block_rules and name not in self.inline_rules

    def _is_inline(self, node: nodes.Node) -> bool:
        name = type(node).__name__
        if name in self.block_rules:
            return False
        return name in self.inline_rules or isinstance(node, nodes.Inline | nodes.Text)

    def _paragraph(self, run: list[nodes.Node]) -> list[Block]:
        content = self.inlines(run)
        return (
            [pandoc_ast.para(content)] if any(inline["t"] not in ("Space", "SoftBreak") for inline in content) else []
        )

    def _block(self, node: Any) -> list[Block]:
        rule = self.block_rules.get(type(node).__name__)
        if rule is not None:
            return wrap_direction(node, rule(self, node), typst=self.is_typst)
        self._report_unsupported(node)
        return (
            self.blocks(node.children) if node.children else [pandoc_ast.para(pandoc_ast.text_inlines(node.astext()))]
        )

    def _inline(self, node: Any) -> list[Inline]:
        rule = self.inline_rules.get(type(node).__name__)
        if rule is not None:
            return rule(self, node)
        if isinstance(node, nodes.Inline | nodes.TextElement) or not node.children:
            return self._unsupported_inline(node)
        return self._flattened(node)

    def _unsupported_inline(self, node: Any) -> list[Inline]:
        if not node.children and not node.astext().strip():
            return []
        self._report_unsupported(node)
        return self.inlines(node.children) if node.children else pandoc_ast.text_inlines(node.astext())

    def _flattened(self, node: Any) -> list[Inline]:
        """Return the inlines of a block that is used where only inlines are allowed."""
        result: list[Inline] = []
        for child in node.children:
            result += [{"t": "Space"}] if result else []
            result += self._inline(child)
        return result

    def _report_unsupported(self, node: nodes.Node) -> None:
        finding = _unsupported_node(self.context, node)
        if finding not in self.findings:
            self.findings.append(finding)


def _raw_html(node: Any) -> str:
    return node.astext().strip() if isinstance(node, nodes.raw) and "html" in node.get("format", "") else ""


def _unsupported_node(context: TranslationContext, node: nodes.Node) -> Finding:
    """Return the finding for a node that the target does not support."""
    name = type(node).__name__
    target = target_title(context.target)
    message = f"“{name}” is not supported in {target}: its text is kept without formatting"
    hint = f"Check this passage in the {target} output. The handbook lists what every format supports."
    return Finding("node-unsupported", message, context.place_of(node), Severity.WARNING, hint)
