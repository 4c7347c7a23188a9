"""Apply `{only}` to HTML pages, and size figures that text flows around."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import OnlyNodeTransform
from sphinx.util.nodes import process_only_nodes


def keep_only_directives(app: Sphinx) -> None:
    """Keep `{only}` nodes when pages are resolved, for each format to evaluate.

    Sphinx would evaluate them for HTML, once for all formats.
    """
    if app.builder.name == "oerbook":
        transforms = [transform for transform in app.registry.post_transforms if transform is not OnlyNodeTransform]
        app.registry.post_transforms[:] = transforms


def remove_nodes_of_other_formats(tree: Any, tags: Any) -> None:
    """Remove non-HTML content from a page, and set the width of floating figures."""
    process_only_nodes(tree, tags)
    for figure in tree.findall(nodes.figure):
        _set_width(figure)


def _set_width(figure: nodes.figure) -> None:
    """Give a floating figure the relative width of its image.

    The box shrinks to fit its content, so a percentage of its width has no effect on the image.
    """
    image = next(figure.findall(nodes.image), None)
    width = str(image.get("width", "")) if image is not None else ""
    if figure.get("align") in ("left", "right") and width.endswith("%") and "width" not in figure:
        figure["width"] = width
