"""Find nodes with one loop instead of a generator for each node; the nodes and their order are those of docutils.

Written for docutils 0.22, where every node that is found is passed up through a generator of each of its ancestors:
https://github.com/docutils/docutils/blob/docutils-0.22/docutils/docutils/nodes.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes

from oerbook.document.context.build_context import BuildContext

DOCUTILS_FINDALL = nodes.Node.findall


def install(_context: BuildContext) -> None:
    """Replace `findall` of nodes."""
    node: Any = nodes.Node
    node.findall = findall


def findall(
    self: Any,
    condition: type | Callable[[Any], bool] | None = None,
    include_self: bool = True,
    descend: bool = True,
    *args: bool,
    **siblings_or_ascend: bool,
) -> Iterator[Any]:
    """Yield a node and those below it that are of a class or fulfil a condition, as docutils does.

    A caller may change the children of a node that was yielded, and sees the change.
    """
    if not include_self or not descend or args or siblings_or_ascend:
        return DOCUTILS_FINDALL(self, condition, include_self, descend, *args, **siblings_or_ascend)
    if condition is None or isinstance(condition, type):
        return _of_class(self, condition or object)
    return _matching(self, condition)


def _of_class(root: Any, cls: type) -> Iterator[Any]:
    if isinstance(root, cls):
        yield root
    levels = [iter(root.children)]
    while levels:
        for node in levels[-1]:
            if isinstance(node, cls):
                yield node
            if node.children:
                levels.append(iter(node.children))
                break
        else:
            levels.pop()


def _matching(root: Any, condition: Callable[[Any], bool]) -> Iterator[Any]:
    if condition(root):
        yield root
    levels = [iter(root.children)]
    while levels:
        for node in levels[-1]:
            if condition(node):
                yield node
            if node.children:
                levels.append(iter(node.children))
                break
        else:
            levels.pop()
