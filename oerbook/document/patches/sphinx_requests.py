"""Load requests and urllib3 only when Sphinx opens a connection: importing them takes 0.07 seconds.

Written for Sphinx 9.0, whose intersphinx imports them to fetch the inventories of other books:
https://docs.python.org/3/library/importlib.html#importlib.util.LazyLoader
"""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

from oerbook.document.context.build_context import BuildContext

MODULE = "sphinx.util.requests"


def install(_context: BuildContext) -> None:
    """Let the module load itself when an attribute of it is used; call this before intersphinx is imported."""
    spec = find_spec(MODULE) if MODULE not in sys.modules else None
    if spec is not None and spec.loader is not None:
        spec.loader = LazyLoader(spec.loader)
        sys.modules[MODULE] = module = module_from_spec(spec)
        spec.loader.exec_module(module)
