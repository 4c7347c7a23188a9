"""Find changed pages by content, because every git checkout changes modification times.

Written for Sphinx 9.0, which compares modification times: https://github.com/sphinx-doc/sphinx/issues/11556
"""

from __future__ import annotations

from pathlib import Path

from sphinx.environment import BuildEnvironment

from oerbook.document.context.build_context import BuildContext
from oerbook.storage.file_cache import list_files


def changed_pages(self: BuildEnvironment, config_changed: bool) -> tuple[set[str], set[str], set[str]]:
    """Return new, changed and removed pages, ignoring modification times.

    Pages with changed content are found elsewhere, when Sphinx emits env-get-outdated; here a page has changed if its
    doctree is missing or it is always read.
    """
    removed = self.all_docs.keys() - self.found_docs
    if config_changed:
        return set(self.found_docs), set(), removed
    doctrees, folder = list_files(self.doctreedir), Path(self.doctreedir).as_posix()
    missing = {name for name in self.found_docs if f"{folder}/{name}.doctree" not in doctrees}
    changed = (missing | self.reread_always) & self.all_docs.keys() - removed
    return self.found_docs - self.all_docs.keys(), changed, removed


def install(_context: BuildContext) -> None:
    """Replace the search for changed pages."""
    BuildEnvironment.get_outdated_files = changed_pages  # type: ignore[method-assign]
