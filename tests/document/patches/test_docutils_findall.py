"""The replacement of docutils' `findall` yields the nodes that docutils yields, also while a tree is changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from docutils import nodes

from oerbook.document.patches.docutils_findall import DOCUTILS_FINDALL, findall

CONDITIONS: dict[str, Any] = {
    "no condition": None,
    "a class": nodes.emphasis,
    "a base class": nodes.Element,
    "a function": lambda node: isinstance(node, nodes.Text) or node.get("mark"),
}
Findall = Callable[..., Any]


def tree(seed: int) -> nodes.Element:
    dice = random.Random(seed)
    root = nodes.section()
    parents: list[Any] = [root]
    for number in range(60):
        parent = dice.choice(parents)
        node: Any = nodes.Text(str(number)) if dice.random() < 0.3 else dice.choice([nodes.paragraph, nodes.emphasis])()
        if isinstance(node, nodes.Element):
            node["mark"] = number % 3 == 0
            parents.append(node)
        parent += node
    return root


def changed_while_read(root: nodes.Element, find: Findall, condition: Any) -> str:
    """Replace, remove and add nodes during the search; return what was found and what is left."""
    found = []
    for number, node in enumerate(find(root, condition)):
        found.append(repr(node))
        if number > 200:
            break
        if isinstance(node, nodes.Element) and number % 4 == 0:
            node += nodes.emphasis("", "added")
        elif node.parent is not None and number % 4 == 1:
            node.parent.replace(node, [nodes.strong("", "replaced"), nodes.emphasis("", "too")])
        elif node.parent is not None and number % 4 == 2:
            node.parent.remove(node)
    return "\n".join([*found, root.pformat()])


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS.keys())
def test_the_same_nodes_are_found_in_the_same_order(condition: Any) -> None:
    for seed in range(20):
        root = tree(seed)
        assert list(findall(root, condition)) == list(DOCUTILS_FINDALL(root, condition))
        branch = root.children[0]
        assert list(findall(branch, condition, siblings=True)) == list(
            DOCUTILS_FINDALL(branch, condition, siblings=True)
        )
        assert list(findall(root, condition, False)) == list(DOCUTILS_FINDALL(root, condition, False))


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS.keys())
def test_findall_yields_the_nodes_of_docutils_while_the_tree_changes(condition: Any) -> None:
    for seed in range(20):
        ours = changed_while_read(tree(seed), findall, condition)
        assert ours == changed_while_read(tree(seed), DOCUTILS_FINDALL, condition)
