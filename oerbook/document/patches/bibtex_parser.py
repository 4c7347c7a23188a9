"""Parse bibliography files with our parser: a mistake costs one entry, and is reported at its line.

Written for sphinxcontrib-bibtex 2.7, which stops the build at the first error:
https://github.com/mcmtroffaes/sphinxcontrib-bibtex/issues/104
"""

from __future__ import annotations

from pathlib import Path

import sphinxcontrib.bibtex.bibfile as bibfile
from sphinxcontrib.bibtex.bibfile import BibData, BibFile

from oerbook.citations import library as libraries
from oerbook.document.context.build_context import BuildContext


def _parse_files(paths: list[Path], encoding: str) -> BibData:
    """Return the entries of bibliography files; of those with one key, the first counts."""
    library = libraries.load_library(paths)
    keys: dict[Path, dict[str, None]] = {path: {} for path in paths}
    for name, record in library.records.items():
        keys[library.paths[name]][record.key] = None
    files = {path: BibFile(bibfile.get_mtime(path), keys[path]) for path in paths}
    return BibData(encoding, files, libraries.to_pybtex_data(library))


def install(_context: BuildContext) -> None:
    """Replace the parser of bibliography files."""
    bibfile.parse_bibdata = _parse_files  # type: ignore[assignment]
