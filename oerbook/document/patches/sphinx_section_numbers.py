"""Number the chapters through the book, across its parts.

Written for Sphinx 9.0, which restarts at each toctree: https://github.com/sphinx-doc/sphinx/issues/3357
"""

from __future__ import annotations

from typing import Any

from sphinx.environment.collectors.toctree import TocTreeCollector

from oerbook.document.context.build_context import BuildContext
from oerbook.document.resolving import section_numbers


def install(context: BuildContext) -> None:
    """Replace the numbering of sections."""
    collector: Any = TocTreeCollector
    collector.assign_section_numbers = lambda _self, env: section_numbers.assign_section_numbers(context.book, env)
