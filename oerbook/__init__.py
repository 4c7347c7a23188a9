"""oerbook: peer-produced open textbooks from MyST Markdown and git."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, object]:
    """Make a Sphinx project an oerbook book; imported lazily so that the command line starts at once."""
    from oerbook.document.extension import setup as extend

    return extend(app)
