"""Where solutions stand: after their exercise, at the end of the chapter, or not in this edition at all."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

from oerbook.document.context.build_context import desk

TITLES = {"en": "Solutions", "de": "Lösungen", "fr": "Solutions", "es": "Soluciones", "nl": "Oplossingen"}


def place(app: Sphinx, doctree: nodes.document) -> None:
    """Move the solutions of a page to where the page, or else the book, wants them."""
    here = desk()
    docname = app.env.current_document.docname
    page = here.pages.get(docname)
    wish = (page.solutions if page else "") or here.book.settings.solutions
    solutions: list[Any] = list(doctree.findall(solution_node))
    if not solutions:
        return
    if wish == "end":
        _at_end(doctree, solutions, TITLES.get(here.book.language.split("-")[0], TITLES["en"]))
    elif wish == "hidden":
        for solution in solutions:
            solution.parent.remove(solution)
    else:
        _after_exercises(doctree, solutions)


def _after_exercises(doctree: nodes.document, solutions: list[Any]) -> None:
    """Put each solution behind its exercise, if that is on the same page; several keep their order."""
    marked: list[Any] = list(doctree.findall(lambda n: isinstance(n, exercise_node | exercise_enumerable_node)))
    exercises: dict[str, Any] = {node["label"]: node for node in marked if node.get("label")}
    last: dict[str, Any] = {}
    for solution in solutions:
        label = solution.get("target_label", "")
        exercise = last.get(label, exercises.get(label))
        if exercise is None or _inside(exercise, solution):
            continue
        solution.parent.remove(solution)
        exercise.parent.insert(exercise.parent.index(exercise) + 1, solution)
        last[label] = solution


def _inside(node: Any, ancestor: Any) -> bool:
    while node is not None:
        if node is ancestor:
            return True
        node = node.parent
    return False


def _at_end(doctree: nodes.document, solutions: list[Any], title: str) -> None:
    chapter: Any = next(doctree.findall(nodes.section), doctree)
    section = nodes.section("", nodes.title(title, title), names=["chapter solutions"], ids=["chapter-solutions"])
    for solution in solutions:
        solution.parent.remove(solution)
        section += solution
    chapter += section
