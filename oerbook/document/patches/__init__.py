"""Everything that we replace in Sphinx, pybtex and extensions: one file each, with version, reason and link."""

from __future__ import annotations

from types import ModuleType

from oerbook.document.context.build_context import BuildContext
from oerbook.document.patches import (
    bibtex_parser,
    bibtex_styles,
    docutils_findall,
    docutils_stacked_labels,
    exercise_structure,
    mdit_attribute_values,
    myst_dropped_footnotes,
    myst_unique_slugs,
    plugin_lookup,
    solution_titles,
    sphinx_alphabet,
    sphinx_changed_pages,
    sphinx_figure_numbers,
    sphinx_line_ranges,
    sphinx_requests,
    sphinx_section_numbers,
    sphinx_target_order,
)

EARLY_PATCHES: tuple[ModuleType, ...] = (sphinx_requests,)  # before the extensions are imported
PATCHES: tuple[ModuleType, ...] = (
    docutils_findall,
    plugin_lookup,
    bibtex_parser,
    bibtex_styles,
    docutils_findall,
    docutils_stacked_labels,
    exercise_structure,
    solution_titles,
    mdit_attribute_values,
    myst_dropped_footnotes,
    sphinx_alphabet,
    sphinx_changed_pages,
    sphinx_section_numbers,
    sphinx_figure_numbers,
    sphinx_line_ranges,
    sphinx_target_order,
    myst_unique_slugs,
)


def install_early_patches(context: BuildContext) -> None:
    """Install the patches that must be there before Sphinx imports its extensions."""
    for patch in EARLY_PATCHES:
        patch.install(context)


def install_patches(context: BuildContext) -> None:
    """Install all patches for one run; those of an earlier run are replaced."""
    for patch in PATCHES:
        patch.install(context)
