"""Labels in a row give their names to the element below, as in docutils, without copies for each label."""

from __future__ import annotations

import random
import time
from typing import Any

from docutils import nodes
from docutils.transforms.references import PropagateTargets
from docutils.utils import new_document

from oerbook.document.patches.docutils_stacked_labels import propagate_labels

DOCUTILS_APPLY = PropagateTargets.apply
KINDS = (nodes.target, nodes.target, nodes.target, nodes.paragraph, nodes.comment, nodes.system_message, nodes.footnote)


def tree(dice: random.Random, count: int) -> nodes.document:
    document = new_document("a.md")
    parent: Any = document
    for number in range(count):
        kind = dice.choice(KINDS)
        node: Any = kind(ids=[f"i{number}"], names=[f"n{number}"]) if kind is nodes.target else kind()
        if kind is nodes.target and dice.random() < 0.1:
            node["refuri"] = "https://example.org"
        if kind is nodes.target:
            document.ids[f"i{number}"] = node
        parent += node
        if dice.random() < 0.1:
            parent = document
            section = nodes.section()
            document += section
            parent = section
    return document


def described(document: nodes.document) -> list[object]:
    """Return what the transform changes: names, references between nodes, and which node has an id."""
    order = {id(node): number for number, node in enumerate(document.findall())}
    found: list[object] = [document.pformat(), {key: order[id(node)] for key, node in document.ids.items()}]
    for node in document.findall():
        if not isinstance(node, nodes.target):  # a label that gave its names away answers for nothing
            for name in ("expect_referenced_by_name", "expect_referenced_by_id"):
                found.append({key: order[id(value)] for key, value in getattr(node, name, {}).items()})
    return found


def test_the_result_is_that_of_docutils() -> None:
    for seed in range(200):
        theirs, ours = tree(random.Random(seed), 30), tree(random.Random(seed), 30)
        DOCUTILS_APPLY(PropagateTargets(theirs))
        propagate_labels(PropagateTargets(ours))
        assert described(ours) == described(theirs)


def test_ten_thousand_labels_in_a_row_take_no_minutes() -> None:
    document = new_document("a.md")
    document += [nodes.target(ids=[f"i{n}"], names=[f"n{n}"]) for n in range(10_000)]
    document += nodes.paragraph()
    before = time.process_time()
    propagate_labels(PropagateTargets(document))
    assert time.process_time() - before < 10
