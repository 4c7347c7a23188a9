"""Show the values that code stored with `glue` (https://myst-nb.readthedocs.io/en/latest/render/glue.html).

They lie in the outputs of the page's notebook, or of the run if the book runs its code.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.domains import Domain
from sphinx.util.docutils import SphinxDirective, SphinxRole

from oerbook.document.context.build_context import current_context
from oerbook.document.reading.notebook_cells import render_outputs
from oerbook.model.findings import Severity
from oerbook.source import notebook
from oerbook.text.translations import translate

CODE_NOT_RUN_NOTE = "output of code that was not run for this edition"
GLUE_MEDIA_TYPE_PREFIX = "application/papermill.record/"  # of the media types of values that are not displayed at once


def glued_values(renderer: Any) -> dict[str, dict[str, Any]]:
    """Return the values stored on the page that is being read: media types with data, by name."""
    known: dict[str, dict[str, Any]] | None = renderer.md_env.get("oerbook_glued")
    if known is None:
        known = renderer.md_env["oerbook_glued"] = dict(_stored_values(renderer.md_env))
    return known


def _stored_values(env: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    runs = env.get("oerbook_run")
    stored = env.get("oerbook_notebook")
    if runs is None and stored is not None:
        runs = [notebook.cell_outputs(stored, index) for index in range(len(notebook.notebook_cells(stored)))]
    for output in (output for outputs in runs or [] for output in outputs):
        metadata, data = output.get("metadata"), output.get("data")
        record = metadata.get("scrapbook") if isinstance(metadata, dict) else None
        if isinstance(record, dict) and record.get("name") and isinstance(data, dict):
            yield str(record["name"]), {key.removeprefix(GLUE_MEDIA_TYPE_PREFIX): value for key, value in data.items()}


def _report_missing_value(docname: str, key: str, line: int) -> None:
    current_context().report_problem(
        docname,
        "glue-value-missing",
        f"no value is stored for the glue output {key or '(unnamed)'}",
        line,
        severity=Severity.INFO,
        hint="Write the value into the text, or install oerbook[notebooks] and set execute: true.",
    )


def _format_value(value: dict[str, Any], pattern: str) -> str:
    """Return a value as text, a number in Python's format if there is one.

    >>> _format_value({"text/plain": "3.14159"}, ".2f"), _format_value({"text/plain": "'loam'"}, "")
    ('3.14', 'loam')
    """
    text = notebook.join_source(value.get("text/plain")).strip()
    if pattern:
        try:
            return format(float(text), pattern)
        except ValueError:
            return text
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text


class GlueRole(SphinxRole):
    """`{glue:text}`: a value computed by code; a placeholder stands in for one that is not stored."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the value as text, formatted as in `{glue:text}`mean:.2f``."""
        key, _colon, pattern = self.text.partition(":")
        line = self.lineno or 0
        renderer = getattr(self.inliner, "_renderer", None)
        value = glued_values(renderer).get(key) if renderer is not None else None
        text = _format_value(value, pattern) if value else ""
        if text:
            return [nodes.inline(text, text)], []
        _report_missing_value(self.env.docname, key, line)
        label = f"[{key or 'value'}]"
        return [nodes.inline(label, label, classes=["glue-missing"])], []


class GlueDirective(SphinxDirective):
    """`{glue:figure}`, `{glue}`, `{glue:math}`: a value that code stored, as a figure if there is a caption."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {
        "name": directives.unchanged,
        "label": directives.unchanged,
        "figwidth": directives.unchanged,
        "figclass": directives.class_option,
        "align": directives.unchanged,
        "alt": directives.unchanged,
        "width": directives.unchanged,
        "height": directives.unchanged,
        "scale": directives.unchanged,
        "class": directives.class_option,
        "doc": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the value, or a note in its place, with the full caption."""
        key = self.arguments[0].strip()
        shown = self._stored(key)
        if not shown:
            _report_missing_value(self.env.docname, key, self.lineno)
            note = translate(current_context().book.language, CODE_NOT_RUN_NOTE)
            text = f"[{key}: {note}]"
            shown = [nodes.paragraph(text, text, classes=["placeholder"])]
            classes = ["not-run"]
        else:
            classes = []
        if not self.content:
            return shown
        figure = nodes.figure("", *shown, classes=classes, align="default")
        parsed = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        first, *rest = parsed.children or [nodes.paragraph("", key)]
        figure += nodes.caption("", "", *first.children)
        if rest:
            figure += nodes.legend("", *rest)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]

    def _stored(self, key: str) -> list[nodes.Node]:
        renderer = getattr(self.state, "_renderer", None)
        value = glued_values(renderer).get(key) if renderer is not None else None
        if not value:
            return []
        output = {"output_type": "display_data", "metadata": {}, "data": value}
        shown = list(render_outputs(renderer, [output], self.lineno))
        for image in (node for node in shown if isinstance(node, nodes.image)):
            image.attributes.update({k: self.options[k] for k in ("alt", "width", "height") if self.options.get(k)})
        return shown


class GlueDomain(Domain):
    """The `glue:` roles and directives of notebooks, for values computed by code."""

    name = "glue"
    label = "glue"
    roles = {kind: GlueRole() for kind in ("", "any", "text", "md")}
    directives = dict.fromkeys(("any", "figure", "math", "md"), GlueDirective)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: the domain stores no data."""

    def resolve_any_xref(self, *_arguments: Any, **_options: Any) -> list[Any]:
        """Return no candidates: the domain has no targets."""
        return []
