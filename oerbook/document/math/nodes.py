"""Collect formulas, convert them in one batch, and write them as MathML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.page_state import PageState, page_state
from oerbook.document.math.equation_numbers import labels_referenced_in, number_of_label, replace_number_placeholders
from oerbook.document.math.macros import macros_of
from oerbook.document.math.titles import tex_of
from oerbook.formulas.convert import Formula, convert_formulas
from oerbook.formulas.from_tex import FormulaKey
from oerbook.formulas.tex_macros import expand_earlier_definitions
from oerbook.model.findings import Finding, Pairs, Severity

ANNOTATION_ELEMENT = re.compile(r"<annotation [^>]*>[^<]*</annotation>")
WORD_JOINER = "\u2060"
OPENING_PUNCTUATION, CLOSING_PUNCTUATION = frozenset("([{“‘„«¿¡-–/"), frozenset(".,;:!?)]}”’»…%'-–/")
HTML_TAG = re.compile(r"<[^<>]*>")
LONG_FORMULA_CHARS = 40  # an inline formula with more characters may be wider than the page and gets a scroll bar
TEX_COMMAND_WITH_ARGUMENT = re.compile(
    r"\\(?:[a-zA-Z]{0,20}(?:text|math|operator|ref|label|mbox|cite|ce|si|qty|unit)[a-zA-Z]{0,20}\*?\s*\{[^{}]*\}|[a-zA-Z]+)",
    re.I,
)
WORD_PATTERN, LONG_WORD_PATTERN = r"[^\W\d_]{2,}", r"[^\W\d_]{3,}"
GAP_BETWEEN_WORDS_PATTERN = r"(?:\s+[^\W\d_])?\s+"
PROSE_IN_MATH = re.compile(
    rf"(?<![^\s\d.,;:()])(?:{WORD_PATTERN}{GAP_BETWEEN_WORDS_PATTERN}{LONG_WORD_PATTERN}|{LONG_WORD_PATTERN}{GAP_BETWEEN_WORDS_PATTERN}{WORD_PATTERN})(?![^\s.,;:()])|^\s*\d[\d.,]*\s+{WORD_PATTERN}\s+$"
)

FormulaSettings = tuple[Pairs, str]  # macros and language of a page


def formula_key(node: nodes.Node) -> FormulaKey:
    """Return the TeX of a formula node, and whether it is displayed."""
    return tex_of(node), isinstance(node, nodes.math_block)


class FormulaStore:
    """The converted formulas of the book, by macros, language and key."""

    def __init__(self, context: BuildContext) -> None:
        self.context = context
        self.converted: dict[FormulaSettings, dict[FormulaKey, Formula]] = {}
        self.env: Any = None
        self.states: dict[str, PageState] = {}
        self.new_pages: list[str] = []  # pages read in this run

    def convert_new(self, env: Any) -> None:
        """Convert the formulas of all new pages, one batch for each set of macros and language."""
        self.env = env
        self.states = env.oerbook
        by_settings: dict[FormulaSettings, set[FormulaKey]] = {}
        for docname in self.new_pages:
            by_settings.setdefault(self._settings(docname), set()).update(self._keys(docname))
        for settings, keys in by_settings.items():
            self._convert_missing(settings, keys)

    def get(self, docname: str, key: FormulaKey) -> Formula:
        """Return a formula; convert all of its page first if it is missing."""
        settings = self._settings(docname)
        if key not in self.converted.get(settings, {}):
            self._convert_missing(settings, {key, *self._keys(docname)})
        return replace_number_placeholders(self.env, self.converted[settings][key])

    def _settings(self, docname: str) -> FormulaSettings:
        page = self.context.pages.get(docname)
        return macros_of(self.context, docname), (page.language if page else "") or self.context.book.language

    def _keys(self, docname: str) -> list[FormulaKey]:
        return self.states[docname].formulas if docname in self.states else []

    def _convert_missing(self, settings: FormulaSettings, keys: set[FormulaKey]) -> None:
        macros, language = settings
        formulas = self.converted.setdefault(settings, {})
        if missing := sorted(keys - formulas.keys()):
            formulas.update(convert_formulas(missing, dict(macros), self.context.cache_dir, language))


def collect_formulas(app: Any, doctree: nodes.document) -> None:
    """Record the formulas of a page, with definitions of earlier ones expanded."""
    context, docname = context_of(app), app.env.current_document.docname
    math_nodes = list(_math_nodes(doctree))
    for node, tex in zip(math_nodes, list(expand_earlier_definitions(map(tex_of, math_nodes))), strict=True):
        if tex != tex_of(node):
            _replace_tex(node, tex)
    page_state(app.env, docname).formulas = sorted({formula_key(node) for node in _math_nodes(doctree)})
    app.oerbook_formula_store.new_pages.append(docname)
    for node in filter(_is_prose, doctree.findall(nodes.math)):
        _report_prose(context, docname, node)


def _math_nodes(doctree: nodes.document) -> Iterator[Any]:
    return doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))


def _replace_tex(node: Any, tex: str) -> None:
    """Replace the TeX of a formula node, or remove the node if it is empty."""
    if tex and "tex" in node:
        node["tex"] = tex
        return
    if tex:
        node.children = []
        node += nodes.Text(tex)
        return
    parent = node.parent
    parent.remove(node)
    if isinstance(parent, nodes.paragraph) and not parent.astext().strip():
        parent.parent.remove(parent)


def _is_prose(node: nodes.Node) -> bool:
    """Return whether a formula looks like prose, as between two dollar amounts."""
    return isinstance(node, nodes.math) and bool(
        PROSE_IN_MATH.search(TEX_COMMAND_WITH_ARGUMENT.sub(" \\\\ ", tex_of(node).rstrip("\\")))
    )


def _report_prose(context: BuildContext, docname: str, node: nodes.math) -> None:
    """Add a finding for an inline formula that looks like prose."""
    message = f"text between two dollar signs is shown as a formula: {node.astext().strip()[:60]}"
    hint = r"Write \$ for a dollar sign; put text that belongs to a formula into \text{…}."
    if node.astext().endswith("\\"):
        hint = r"Write \$ for a dollar sign, with one backslash: two of them are shown as a backslash."
    context.add_finding(
        docname, Finding("math-is-text", message, context.place_of(node, docname), Severity.WARNING, hint)
    )


def report_formula_problems(app: Any, doctree: nodes.document, docname: str) -> None:
    """Add findings for the formulas of a resolved page that could not be converted."""
    context = context_of(app)
    hint = "The formula is shown as TeX. Use only commands listed in the handbook's chapter on mathematics."
    for node in _math_nodes(doctree):
        formula = app.oerbook_formula_store.get(docname, formula_key(node))
        if formula.problem and not _is_prose(node):
            place = context.place_of(node, docname)
            context.add_finding(docname, Finding("math", formula.problem, place, Severity.WARNING, hint))
        for label in labels_referenced_in(tex_of(node)):
            if not number_of_label(app.env, label):
                message = f"no equation is labelled {label}"
                place = context.place_of(node, docname)
                context.add_finding(docname, Finding("reference-missing", message, place, Severity.WARNING))


def visit_math(self: Any, node: nodes.math) -> None:
    """Write an inline formula."""
    formula = self.builder.app.oerbook_formula_store.get(_docname(self, node), formula_key(node))
    markup = without_annotation(_markup(formula)) if node.get("tex") else _markup(formula)
    classes = "math long" if len(HTML_TAG.sub("", markup.partition("<annotation")[0])) > LONG_FORMULA_CHARS else "math"
    self.body.append(f'<span class="{classes}">{markup.join(word_joiners_beside(node))}</span>')
    raise nodes.SkipNode


def visit_math_block(self: Any, node: nodes.math_block) -> None:
    """Write a displayed formula with its number and a permalink."""
    formula = self.builder.app.oerbook_formula_store.get(_docname(self, node), formula_key(node))
    self.body.append(self.starttag(node, "div", CLASS="math displaymath", tabindex="0", role="group"))
    if node.get("number") and not node.get("unnumbered"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({html.escape(str(number))})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(_markup(formula))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def word_joiners_beside(node: nodes.math) -> tuple[str, str]:
    """Return the word joiners that keep a bracket before a formula and punctuation after it on one line with it.

    Browsers may break a line on both sides of a formula, whatever stands there, but not inside the formula's span, nor
    between the word joiner in it and punctuation.
    """
    siblings = node.parent.children if node.parent is not None else []
    index = next((n for n, sibling in enumerate(siblings) if sibling is node), 0)
    previous = siblings[index - 1].astext()[-1:] if index else ""
    following = siblings[index + 1].astext()[:1] if index + 1 < len(siblings) else ""
    return (
        WORD_JOINER if previous in OPENING_PUNCTUATION else "",
        WORD_JOINER if following in CLOSING_PUNCTUATION else "",
    )


def without_annotation(mathml: str) -> str:
    """Return MathML without its TeX, for titles, whose text is copied to places that hold letters only."""
    return ANNOTATION_ELEMENT.sub("", mathml)


def _docname(visitor: Any, node: nodes.Element) -> str:
    return str(getattr(visitor.builder, "current_docname", "") or node.get("docname", ""))


def _markup(formula: Formula) -> str:
    """Return the MathML of a formula, or its TeX as code if there is none."""
    if formula.mathml:
        return formula.mathml
    return f'<code class="tex">{html.escape(formula.tex)}</code>'
