"""Move what docutils notes of a label to the next one; docutils copies it, so that 10,000 labels in a row take minutes.

Written for docutils 0.22: https://docutils.sourceforge.io/docutils/transforms/references.py
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.transforms.references import PropagateTargets

from oerbook.document.context.build_context import BuildContext

LABEL_NOTE_ATTRIBUTES = ("expect_referenced_by_name", "expect_referenced_by_id")  # attributes: labels by name and by id


def install(_context: BuildContext) -> None:
    """Replace the `apply` of the transform."""
    transform: Any = PropagateTargets
    transform.apply = propagate_labels


def propagate_labels(self: Any, **_options: Any) -> None:
    """Give the ids and names of each label that stands alone to the element after it, as docutils does."""
    for target in self.document.findall(nodes.target):
        refers = any(target.hasattr(name) for name in ("refid", "refuri", "refname"))
        following = None if refers or isinstance(target.parent, nodes.TextElement) else _next_element(target)
        if following is None:
            continue
        _move_names(self.document, target, following)
        if isinstance(target.parent, nodes.figure) and isinstance(following, nodes.caption):
            target.parent.remove(target)
            continue
        target["refid"] = target["ids"][0]
        target["ids"], target["names"] = [], []
        self.document.note_refid(target)


def _next_element(target: nodes.target) -> Any:
    """Return the element that a label belongs to, None if there is none that can have names."""
    following: Any = target.next_node(ascend=True)
    while isinstance(following, nodes.system_message):
        following = following.next_node(ascend=True, descend=False)
    takes_no_names = isinstance(following, nodes.Invisible | nodes.Targetable) and not isinstance(
        following, nodes.target
    )
    return None if takes_no_names else following


def _move_names(document: Any, target: Any, following: Any) -> None:
    """Add the names of a label to an element, and let it answer for what was noted at the label."""
    following["ids"].extend(target["ids"])
    following["names"].extend(target["names"])
    document.ids.update(dict.fromkeys(target["ids"], following))
    for attribute, values in zip(LABEL_NOTE_ATTRIBUTES, (target["names"], target["ids"]), strict=True):
        notes = _move_notes(attribute, target, following)
        notes.update({value: target for value in values if value not in notes})  # others came from labels above


def _move_notes(name: str, target: Any, following: Any) -> Any:
    """Move a dictionary from a label to the element after it, and return it."""
    moved, own = target.__dict__.pop(name, {}), following.__dict__.get(name, {})
    if len(own) > len(moved):
        moved, own = own, moved
    moved.update(own)
    setattr(following, name, moved)
    return moved
