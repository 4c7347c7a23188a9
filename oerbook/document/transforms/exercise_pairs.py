"""Report exercises and solutions whose start or end directive is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import (
    exercise_end_node,
    exercise_enumerable_node,
    exercise_node,
    solution_end_node,
    solution_node,
    solution_start_node,
)

from oerbook.document.context.build_context import BuildContext
from oerbook.model.findings import Finding, Severity

UNPAIRED_MESSAGE = re.compile(r"(exercise|solution)-(start|end) at line")
OTHER_HALF = {"start": "end", "end": "start"}
PairedDirective = tuple[str, str, Any]  # kind ("exercise", "solution"), half ("start", "end"), node


def find_unpaired(directives: Sequence[PairedDirective]) -> Iterator[PairedDirective]:
    """Yield the directives of a page whose other half is missing, in their order.

    >>> list(find_unpaired([("exercise", "start", 3), ("exercise", "start", 9), ("exercise", "end", 12)]))
    [('exercise', 'start', 3)]
    """
    open_start: PairedDirective | None = None
    for gate in directives:
        kind, half, _node = gate
        if half == "end" and open_start and open_start[0] == kind:
            open_start = None
            continue
        if open_start:
            yield open_start
        open_start = gate if half == "start" else None
        if half == "end":
            yield gate
    if open_start:
        yield open_start


def report_unpaired(context: BuildContext, transform: Any, registry: dict[str, Any]) -> None:
    """Report the unpaired directives of the page that `transform` is applied to.

    The page's entry is removed from the registry, so that a page read again starts without old entries.
    """
    docname = transform.env.docname
    messages = registry.pop(docname, {"msg": ()})["msg"]
    if not list(find_unpaired([(m[1], m[2], None) for text in messages if (m := UNPAIRED_MESSAGE.match(text))])):
        return
    for kind, half, node in find_unpaired(list(_gates(transform.document))):
        missing = f"{{{kind}-{OTHER_HALF[half]}}}"
        message = f"this {{{kind}-{half}}} has no {missing}"
        hint = f"Add {missing}, or put the whole {kind} into :::{{{kind}}} … :::"
        context.add_finding(
            docname, Finding("directive-unpaired", message, context.place_of(node, docname), Severity.WARNING, hint)
        )


def _gates(document: nodes.document) -> Iterator[PairedDirective]:
    for node in document.findall(nodes.Element):
        if isinstance(node, exercise_node | exercise_enumerable_node) and getattr(node, "gated", False):
            yield "exercise", "start", node
        elif isinstance(node, exercise_end_node):
            yield "exercise", "end", node
        elif isinstance(node, solution_start_node):
            yield "solution", "start", node
        elif isinstance(node, solution_end_node):
            yield "solution", "end", node


def repair_unpaired(_app: Sphinx, doctree: nodes.document) -> None:
    """Turn unclosed solutions into ordinary ones, and remove unopened ends."""
    for start in list(doctree.findall(solution_start_node)):
        solution = solution_node("", *start.children, **{**start.attributes, "type": "solution"})
        solution["classes"] = [name.replace("-start", "") for name in start["classes"]]
        start.replace_self(solution)
    for end in list(doctree.findall(lambda n: isinstance(n, exercise_end_node | solution_end_node))):
        end.parent.remove(end)
