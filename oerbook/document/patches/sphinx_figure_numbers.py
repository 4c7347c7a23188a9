"""Number figures from a cached outline of each page; the numbers are those of Sphinx.

Written for Sphinx 9.0, which loads every page of the book and walks all its nodes:
https://github.com/sphinx-doc/sphinx/blob/v9.0.4/sphinx/environment/collectors/toctree.py
"""

from __future__ import annotations

from typing import Any

from sphinx.environment.collectors.toctree import TocTreeCollector

from oerbook.document.context.build_context import BuildContext
from oerbook.document.resolving import figure_numbers


def install(_context: BuildContext) -> None:
    """Replace the numbering of figures."""
    collector: Any = TocTreeCollector
    collector.assign_figure_numbers = figure_numbers.assign_figure_numbers
