"""Keep the text of footnotes that a directive has dropped with the rest of its content.

Written for MyST-Parser 5.2, which moves all footnotes to the end of a page and fails on one that is not in it:
https://github.com/executablebooks/MyST-Parser/blob/v5.2.0/myst_parser/mdit_to_docutils/transforms.py
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from myst_parser.mdit_to_docutils.transforms import CollectFootnotes

from oerbook.document.context.build_context import BuildContext

_collect = CollectFootnotes.apply


def _attach_and_collect(transform: CollectFootnotes, **kwargs: Any) -> None:
    document = transform.document
    for footnote in (*document.symbol_footnotes, *document.footnotes, *document.autofootnotes):
        if footnote.parent is None or footnote not in footnote.parent.children:
            nodes.container("", footnote)  # a parent to take it from
    _collect(transform, **kwargs)


def install(_context: BuildContext) -> None:
    """Replace the transform."""
    CollectFootnotes.apply = _attach_and_collect  # type: ignore[method-assign, assignment]
