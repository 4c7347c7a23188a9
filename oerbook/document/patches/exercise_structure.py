"""Report unpaired start and end directives of exercises, and build the rest of the book.

Written for sphinx-exercise 1.2, which raises an error that stops the whole build:
https://github.com/executablebooks/sphinx-exercise/pull/45
"""

from __future__ import annotations

from typing import Any

from sphinx_exercise.transforms import CheckGatedDirectives

from oerbook.document.context.build_context import BuildContext
from oerbook.document.transforms.exercise_pairs import report_unpaired


def install(context: BuildContext) -> None:
    """Replace the structure check."""
    transform: Any = CheckGatedDirectives
    transform.check_structure = lambda self, registry: report_unpaired(context, self, registry)
