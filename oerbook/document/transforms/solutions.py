"""Place solutions after their exercises or at the end of a chapter, or hide them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

from oerbook.document.context.build_context import context_of
from oerbook.text.translations import translate


def move_solutions(app: Sphinx, doctree: nodes.document) -> None:
    """Move, fold or remove the solutions of a page, as the page or else the book sets it."""
    context = context_of(app)
    page = context.pages.get(app.env.current_document.docname)
    mode = (page.solutions if page else "") or context.book.settings.solutions
    solutions: list[Any] = list(doctree.findall(solution_node))
    if not solutions:
        return
    if mode == "end":
        _move_to_end(doctree, solutions, translate(context.book.language, "Solutions"))
    elif mode == "hidden":
        for solution in solutions:
            solution.parent.remove(solution)
    else:
        _move_after_exercises(doctree, solutions)
        for solution in solutions if mode == "fold" else ():
            solution["classes"].append("dropdown")


def _move_after_exercises(doctree: nodes.document, solutions: list[Any]) -> None:
    """Move each solution after its exercise on this page; several keep their order."""
    all_exercises: list[Any] = list(doctree.findall(lambda n: isinstance(n, exercise_node | exercise_enumerable_node)))
    exercises: dict[str, Any] = {node["label"]: node for node in all_exercises if node.get("label")}
    last_moved: dict[str, Any] = {}  # by label of the exercise
    for solution in solutions:
        label = solution.get("target_label", "")
        predecessor = last_moved.get(label, exercises.get(label))
        if predecessor is None or _is_inside(predecessor, solution):
            continue
        solution.parent.remove(solution)
        predecessor.parent.insert(predecessor.parent.index(predecessor) + 1, solution)
        last_moved[label] = solution


def _is_inside(node: Any, ancestor: Any) -> bool:
    while node is not None:
        if node is ancestor:
            return True
        node = node.parent
    return False


def _move_to_end(doctree: nodes.document, solutions: list[Any], title: str) -> None:
    """Move all solutions to a section at the end of the chapter."""
    chapter: Any = next(doctree.findall(nodes.section), doctree)
    section = nodes.section("", nodes.title(title, title), names=["chapter solutions"], ids=["chapter-solutions"])
    for solution in solutions:
        solution.parent.remove(solution)
        section += solution
    chapter += section
