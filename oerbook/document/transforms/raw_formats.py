"""Report raw blocks of formats that are not HTML: no format of the book shows them."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.transforms.author_html import is_raw_html
from oerbook.model.findings import Finding, Severity

# What only moves text about the page, in LaTeX and in Typst.
LAYOUT_COMMANDS = re.compile(
    r"(?:\\(?:newpage|clearpage|cleardoublepage|pagebreak|linebreak|[vh]space\*?|(?:small|med|big)skip|noindent"
    r"|FloatBarrier|(?:front|main|back)matter|appendix)(?:\[[^\]]*\])?(?:\{[^}]*\})?|#(?:pagebreak|colbreak|[vh])\([^)]*\)"
    r"|\s)+"
)
WRITE_IN_MYST_HINT = "Write it in MyST, a formula as a {math} block; then every format shows it."


def report_raw_formats(app: Sphinx, doctree: nodes.document) -> None:
    """Report `{raw} latex` and the like; blocks that only break pages are notes."""
    context, docname = context_of(app), app.env.current_document.docname
    for node in doctree.findall(nodes.raw):
        text = node.astext()
        if is_raw_html(node) or not text.strip(" \n\\"):  # \\\\ is MyST's own, for the end of a line
            continue
        severity = Severity.INFO if LAYOUT_COMMANDS.fullmatch(text) else Severity.WARNING
        message = f"this block is raw {node.get('format', '')}, which the book's formats do not show; it is left out"
        context.add_finding(
            docname, Finding("raw-format", message, context.place_of(node, docname), severity, WRITE_IN_MYST_HINT)
        )
