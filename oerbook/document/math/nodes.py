"""Formulas on the page: collected while reading, converted in one batch, set as MathML."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.math import get_node_equation_number

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import place_of
from oerbook.document.math.convert import Formula, convert
from oerbook.document.math.tex_macros import handed_on
from oerbook.model.findings import Finding, Pairs, Severity

Key = tuple[str, bool]
TAGS = re.compile(r"<[^<>]*>")
LONG = 40  # signs of a formula in a line that may be wider than a page between phone and desk
COMMAND = re.compile(
    r"\\(?:[a-zA-Z]{0,20}(?:text|math|operator|ref|label|mbox|cite|ce|si|qty|unit)[a-zA-Z]{0,20}\*?\s*\{[^{}]*\}|[a-zA-Z]+)",
    re.I,
)
WORD, LONGER = r"[^\W\d_]{2,}", r"[^\W\d_]{3,}"
BETWEEN = r"(?:\s+[^\W\d_])?\s+"
WORDS = re.compile(
    rf"(?<![^\s\d.,;:()])(?:{WORD}{BETWEEN}{LONGER}|{LONGER}{BETWEEN}{WORD})(?![^\s.,;:()])|^\s*\d[\d.,]*\s+{WORD}\s+$"
)


def macros_of(docname: str) -> Pairs:
    """Return the TeX macros of a page: the book's, then its own."""
    here = desk()
    page = here.pages.get(docname)
    merged = {**dict(here.book.math), **(dict(page.math) if page else {})}
    return tuple(sorted(merged.items()))


def tex_of(node: nodes.Node) -> Key:
    """Return the TeX of a formula node and whether it is displayed."""
    return node.astext(), isinstance(node, nodes.math_block)


class Formulary:
    """Every formula of the book, converted once; ask it by TeX, display and page."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.known: dict[Pairs, dict[Key, Formula]] = {}
        self.pages: dict[str, list[Key]] = {}
        self.fresh: list[str] = []  # pages that were read in this run

    def learn(self, env: Any) -> None:
        """Convert every formula of pages that were just read, in one batch for each set of macros."""
        self.pages = env.oerbook_formulas
        wanted: dict[Pairs, set[Key]] = {}
        for docname in self.fresh:
            wanted.setdefault(macros_of(docname), set()).update(self.pages.get(docname, ()))
        for macros, keys in wanted.items():
            self._convert(macros, keys)

    def ask(self, docname: str, key: Key) -> Formula:
        """Return one formula; the others of its page, which are asked for next, are fetched with it."""
        macros = macros_of(docname)
        if key not in self.known.get(macros, {}):
            self._convert(macros, {key, *self.pages.get(docname, ())})
        return self.known[macros][key]

    def _convert(self, macros: Pairs, keys: set[Key]) -> None:
        known = self.known.setdefault(macros, {})
        if fresh := sorted(keys - known.keys()):
            known.update(convert(fresh, dict(macros), self.cache, self.cache))


def collect(app: Any, doctree: nodes.document) -> None:
    """Note the formulas of a page that was just read."""
    env: Any = app.env
    if not hasattr(env, "oerbook_formulas"):
        env.oerbook_formulas = {}
    written = list(doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)))
    for node, tex in zip(written, list(handed_on(node.astext() for node in written)), strict=True):
        if tex != node.astext():
            _put(node, tex)
    found = {tex_of(node) for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block))}
    env.oerbook_formulas[env.current_document.docname] = sorted(found)
    app.oerbook_formulary.fresh.append(env.current_document.docname)
    for node in filter(_is_words, doctree.findall(nodes.math)):
        _tell(env.current_document.docname, node)


def _put(node: Any, tex: str) -> None:
    """Set a formula in which the definitions of others are written out; one that did nothing but define is not shown."""
    if tex:
        node.children = []
        node += nodes.Text(tex)
        return
    inside = node.parent
    inside.remove(node)
    if isinstance(inside, nodes.paragraph) and not inside.astext().strip():
        inside.parent.remove(inside)


def _is_words(node: nodes.Node) -> bool:
    """Say whether a formula is words, as it is between the signs of two sums of money."""
    return isinstance(node, nodes.math) and bool(WORDS.search(COMMAND.sub(" \\\\ ", node.astext().rstrip("\\"))))


def _tell(docname: str, node: nodes.math) -> None:
    """Say that words were taken for a formula."""
    words = f"words between two dollar signs are set as a formula: {node.astext().strip()[:60]}"
    hint = r"Write \$ for the sign of a currency; words that belong to a formula go into \text{…}."
    if node.astext().endswith("\\"):
        hint = r"Write \$ for the sign of a currency, with one back-slash: two of them are a back-slash that is shown."
    desk().report(docname, Finding("formula-words", words, place_of(node, docname), Severity.WARNING, hint))


def report(app: Any, doctree: nodes.document, docname: str) -> None:
    """Say which formulas of a resolved page could not be converted."""
    for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
        formula = app.oerbook_formulary.ask(docname, tex_of(node))
        if formula.problem and not _is_words(node):
            desk().report(
                docname,
                Finding(
                    "math",
                    formula.problem,
                    place_of(node, docname),
                    Severity.WARNING,
                    "The formula is shown as TeX. Write it with commands listed in the handbook's chapter on mathematics.",
                ),
            )


def visit_math(self: Any, node: nodes.math) -> None:
    """Set an inline formula."""
    formula = self.builder.app.oerbook_formulary.ask(_docname(self, node), tex_of(node))
    shown = _shown(formula)
    kind = "math long" if len(TAGS.sub("", shown.partition("<annotation")[0])) > LONG else "math"
    self.body.append(f'<span class="{kind}">{shown}</span>')
    raise nodes.SkipNode


def visit_math_block(self: Any, node: nodes.math_block) -> None:
    """Set a displayed formula with its number and a link to it."""
    formula = self.builder.app.oerbook_formulary.ask(_docname(self, node), tex_of(node))
    self.body.append(self.starttag(node, "div", CLASS="math displaymath", tabindex="0", role="group"))
    if node.get("number"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({html.escape(str(number))})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(_shown(formula))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _docname(visitor: Any, node: nodes.Element) -> str:
    return str(getattr(visitor.builder, "current_docname", "") or node.get("docname", ""))


def _shown(formula: Formula) -> str:
    if formula.mathml:
        return formula.mathml
    return f'<code class="tex">{html.escape(formula.tex)}</code>'
