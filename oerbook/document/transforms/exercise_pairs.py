"""Exercises and solutions that begin with one directive and end with another: those that lack one half are reported."""

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
from sphinx_exercise.transforms import CheckGatedDirectives

from oerbook.document.context.build_context import desk
from oerbook.document.context.log_handler import place_of
from oerbook.model.findings import Finding, Severity

GATE = re.compile(r"(exercise|solution)-(start|end) at line")
HALVES = {"start": "end", "end": "start"}
Gate = tuple[str, str, Any]  # of what, which half, and what stands there


def alone(gates: Sequence[Gate]) -> Iterator[Gate]:
    """Yield the gates of a page that have no other half.

    >>> list(alone([("exercise", "start", 3), ("exercise", "start", 9), ("exercise", "end", 12)]))
    [('exercise', 'start', 3)]
    """
    open_gate: Gate | None = None
    for gate in gates:
        kind, half, _node = gate
        if half == "end" and open_gate and open_gate[0] == kind:
            open_gate = None
            continue
        if open_gate:
            yield open_gate
        open_gate = gate if half == "start" else None
        if half == "end":
            yield gate
    if open_gate:
        yield open_gate


def _look(transform: Any, registry: dict[str, Any]) -> None:
    """Report what lacks a half, where the extension would end the whole run; a page is read again without its past."""
    docname = transform.env.docname
    told = registry.pop(docname, {"msg": ()})["msg"]
    if not list(alone([(m[1], m[2], None) for text in told if (m := GATE.match(text))])):
        return
    for kind, half, node in alone(list(_gates(transform.document))):
        other = f"{{{kind}-{HALVES[half]}}}"
        words = f"this {{{kind}-{half}}} has no {other}"
        hint = f"Write {other}, or put the whole {kind} into :::{{{kind}}} … :::"
        desk().report(docname, Finding("gate-alone", words, place_of(node, docname), Severity.WARNING, hint))


def _gates(document: nodes.document) -> Iterator[Gate]:
    for node in document.findall(nodes.Element):
        if isinstance(node, exercise_node | exercise_enumerable_node) and getattr(node, "gated", False):
            yield "exercise", "start", node
        elif isinstance(node, exercise_end_node):
            yield "exercise", "end", node
        elif isinstance(node, solution_start_node):
            yield "solution", "start", node
        elif isinstance(node, solution_end_node):
            yield "solution", "end", node


def install() -> None:
    """Look at gates in a way that leaves the rest of the book alone."""
    CheckGatedDirectives.check_structure = _look


def take_down(app: Sphinx, doctree: nodes.document) -> None:
    """Make a plain solution of one without an end, and leave no trace of an end without a beginning."""
    for start in list(doctree.findall(solution_start_node)):
        box = solution_node("", *start.children, **{**start.attributes, "type": "solution"})
        box["classes"] = [name.replace("-start", "") for name in start["classes"]]
        start.replace_self(box)
    for end in list(doctree.findall(lambda n: isinstance(n, exercise_end_node | solution_end_node))):
        end.parent.remove(end)
