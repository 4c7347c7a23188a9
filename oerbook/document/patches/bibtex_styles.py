"""Have lists of works, and works in notes, set by a CSL style when the whole book is read.

Written for sphinxcontrib-bibtex 2.7, whose lists and notes are set by styles of pybtex only:
https://sphinxcontrib-bibtex.readthedocs.io/en/latest/usage.html#bibtex-style-configuration
"""

from __future__ import annotations

from typing import Any

import sphinxcontrib.bibtex.foot_roles as foot_roles
from pybtex.plugin import find_plugin
from pybtex.style import FormattedEntry
from sphinxcontrib.bibtex.transforms import BibliographyTransform

from oerbook.document.citations.bibliography_nodes import fill_bibliography_nodes
from oerbook.document.context.build_context import BuildContext


class NoteStyle:
    """Stands for a work in a note until the whole book is read."""

    def format_entry(self, label: str, entry: Any) -> FormattedEntry:
        """Return the key of a work."""
        return FormattedEntry(entry.key, entry.key, label)


def _find_style(group: str, name: Any = None, **options: Any) -> Any:
    return NoteStyle if group == "pybtex.style.formatting" else find_plugin(group, name, **options)


def install(_context: BuildContext) -> None:
    """Replace the styles of notes, and the transform that fills lists."""
    roles: Any = foot_roles
    roles.find_plugin = _find_style
    BibliographyTransform.run = fill_bibliography_nodes  # type: ignore[assignment,method-assign]
