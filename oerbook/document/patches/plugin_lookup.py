"""Look up plug-ins once: each lookup reads the metadata of every installed package.

Written for pybtex 0.26, sphinxcontrib-bibtex 2.7 and Sphinx 9.0, which call `importlib.metadata.entry_points` for each
entry, style and builder: https://docs.python.org/3/library/importlib.metadata.html#entry-points
"""

from __future__ import annotations

import functools
from importlib.metadata import entry_points
from typing import Any

import sphinxcontrib.bibtex.plugin as bibtex_plugin
from pybtex import plugin
from pybtex.plugin import find_plugin, register_plugin
from sphinx import registry, theming

from oerbook.document.context.build_context import BuildContext

_cached_entry_points = functools.cache(entry_points)


def install(_context: BuildContext) -> None:
    """Cache the entry points, and register the backend that pybtex looks up per entry."""
    modules: tuple[Any, ...] = (plugin, bibtex_plugin, registry, theming)
    for module in modules:
        module.entry_points = _cached_entry_points
    register_plugin("pybtex.backends", "plaintext", find_plugin("pybtex.backends", "plaintext"), force=True)
