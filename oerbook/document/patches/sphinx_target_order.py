"""Sort a run of labels and index entries once, not once more for each label in it.

Written for Sphinx 9.0, whose transform sorts the rest of the run for every label, so that 10,000 labels in a row take
minutes: https://github.com/sphinx-doc/sphinx/blob/v9.0.4/sphinx/transforms/__init__.py
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes, transforms

from oerbook.document.context.build_context import BuildContext

SPHINX_SORT = transforms._reorder_index_target_nodes


def install(_context: BuildContext) -> None:
    """Replace the `apply` of the transform."""
    transform: Any = transforms.ReorderConsecutiveTargetAndIndexNodes
    transform.apply = apply_once


def apply_once(self: Any, **_options: Any) -> None:
    """Sort each run of labels and index entries from its first label."""
    first_of_runs = []
    for parent in {id(target.parent): target.parent for target in self.document.findall(nodes.target)}.values():
        is_in_run = False
        for child in parent.children:
            is_sorted = isinstance(child, (nodes.target, addnodes.index))
            if isinstance(child, nodes.target) and not is_in_run:
                first_of_runs.append(child)
                is_in_run = True
            is_in_run = is_in_run and is_sorted
    for target in first_of_runs:
        SPHINX_SORT(target)
