"""The directive `{back-matter} NAME`: place the text of a generated page on a page of the author's own."""

from __future__ import annotations

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from oerbook.document.context.build_context import current_context
from oerbook.model.findings import Severity

TITLE_LINE = re.compile(r"\A# .*\n+")
HEADING_LINE = re.compile(r"^##+ (.*)$", re.M)


class BackMatterDirective(SphinxDirective):
    """`{back-matter} citation`: how to cite the book, its licenses, its accessibility or its contributors."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the generated text; the author's page then replaces the generated one."""
        context, name = current_context(), self.arguments[0].strip()
        path = context.back_matter_texts.get(name)
        if path is None:
            known = ", ".join(context.back_matter_texts)
            message = f"there is no back matter called {name[:30]}"
            context.report_problem(
                self.env.docname,
                "directive-option",
                message,
                self.lineno,
                severity=Severity.ERROR,
                hint=f"Write one of {known}.",
            )
            return []
        self.env.note_dependency(str(path))
        box = nodes.container(classes=["back-matter"])
        lines = as_page_content(path.read_text(encoding="utf-8")).split("\n")
        self.state.nested_parse(StringList(lines, source=str(path)), 0, box)
        return box.children


def as_page_content(text: str) -> str:
    """Return the text of a generated page without its title; headings inside a directive are rubrics.

    >>> as_page_content("# Cite\\n\\nSo.\\n\\n## Chapters\\n")
    'So.\\n\\n:::{rubric} Chapters\\n:::\\n'
    """
    return HEADING_LINE.sub(r":::{rubric} \1\n:::", TITLE_LINE.sub("", text))
