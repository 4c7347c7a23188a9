"""What is for the web alone: passages (`{only}` is decided by each format for itself), and how wide a picture beside text is."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import OnlyNodeTransform
from sphinx.util.nodes import process_only_nodes


def keep(app: Sphinx) -> None:
    """Leave such passages standing when pages are resolved; Sphinx would decide for the web, once for all formats."""
    if app.builder.name == "oerbook":
        kept = [transform for transform in app.registry.post_transforms if transform is not OnlyNodeTransform]
        app.registry.post_transforms[:] = kept


def for_web(tree: Any, tags: Any) -> None:
    """Take out of a resolved page what is not for the web, and let pictures beside the text be as wide as was asked."""
    process_only_nodes(tree, tags)
    for figure in tree.findall(nodes.figure):
        _widen(figure)


def _widen(figure: nodes.figure) -> None:
    """Give a figure that text flows round the width of its picture: a share of a box that shrinks to fit is nothing."""
    picture = next(figure.findall(nodes.image), None)
    share = str(picture.get("width", "")) if picture is not None else ""
    if figure.get("align") in ("left", "right") and share.endswith("%") and "width" not in figure:
        figure["width"] = share
