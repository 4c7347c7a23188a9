"""Passages for one format alone, `{only}`: kept until a page is set, so that each format decides for itself."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import OnlyNodeTransform
from sphinx.util.nodes import process_only_nodes


def keep(app: Sphinx) -> None:
    """Leave such passages standing when pages are resolved; Sphinx would decide for the web, once for all formats."""
    if app.builder.name == "oerbook":
        kept = [transform for transform in app.registry.post_transforms if transform is not OnlyNodeTransform]
        app.registry.post_transforms[:] = kept


def for_web(tree: Any, tags: Any) -> None:
    """Take out of a resolved page what is not for the web."""
    process_only_nodes(tree, tags)
