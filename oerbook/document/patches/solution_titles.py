"""Set the titles of solutions one by one; a solution without its exercise costs only its title.

Written for sphinx-exercise 1.2, where one missing exercise leaves the titles of all later solutions unset, is reported
without a line, and stops the page if there is a reference to the solution:
https://github.com/executablebooks/sphinx-exercise/blob/main/sphinx_exercise/post_transforms.py
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx_exercise.nodes import solution_node
from sphinx_exercise.post_transforms import (
    ResolveLinkTextToSolutions,
    ResolveTitlesInSolutions,
    resolve_solution_title,
)

from oerbook.document.context.build_context import BuildContext
from oerbook.model.findings import Finding, Severity


def install(context: BuildContext) -> None:
    """Replace the two transforms."""
    titles: Any = ResolveTitlesInSolutions
    titles.run = lambda self: _set_titles(context, self)
    links: Any = ResolveLinkTextToSolutions
    links.run = _set_link_texts


def _set_titles(context: BuildContext, transform: Any) -> None:
    registry = getattr(transform.env, "sphinx_exercise_registry", {})
    for node in list(transform.document.findall(solution_node)):
        entry = registry.get(node.get("target_label"))
        if entry is None:
            _set_plain_title(node)
            _report(context, transform.env.docname, node)
        else:
            resolve_solution_title(transform.app, node, entry["node"])
        if node.get("label") in registry:
            registry[node["label"]]["node"] = node


def _set_plain_title(node: Any) -> None:
    word = str(node.get("title") or "Solution").split()[0]
    node.children[0] = nodes.title(word, word)
    node.children[0].parent = node
    node["title"] = word
    node.resolved_title = True


def _report(context: BuildContext, docname: str, node: Any) -> None:
    label = node.get("target_label")
    hint = "Write the label of the exercise after {solution}."
    message = f"this solution refers to the exercise {label}, which the book does not have"
    place = context.place_of(node, docname)
    context.add_finding(docname, Finding("reference-missing", message, place, Severity.WARNING, hint))


def _set_link_texts(transform: Any) -> None:
    registry = getattr(transform.env, "sphinx_exercise_registry", {})
    for link in list(transform.document.findall(nodes.reference)):
        solution = registry.get(link.get("refid"), {}).get("node")
        if not isinstance(solution, solution_node) or not link.children:
            continue
        entry = registry.get(solution.get("target_label"))
        if not getattr(solution, "resolved_title", False):
            if entry is None:
                _set_plain_title(solution)
            else:
                resolve_solution_title(transform.app, solution, entry["node"])
        content: Any = link.children[0]
        text = solution.children[0].astext()
        content.children = []
        content += nodes.Text(text)
