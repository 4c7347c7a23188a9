"""Parse bibliography files as far as possible: an error in one entry costs that entry alone.

Written for sphinxcontrib-bibtex 2.7, which stops the build at the first error:
https://github.com/mcmtroffaes/sphinxcontrib-bibtex/issues/104
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sphinxcontrib.bibtex.bibfile as bibfile
from pybtex import errors

from oerbook.document.context.build_context import BuildContext

_parse_bibdata = bibfile.parse_bibdata


def _parse_leniently(filenames: list[Path], encoding: str) -> Any:
    """Parse bibliography files; `reading.bibliographies` has reported their errors."""
    with errors.capture():
        return _parse_bibdata(filenames, encoding)


def install(_context: BuildContext) -> None:
    """Replace the parser of bibliography files."""
    bibfile.parse_bibdata = _parse_leniently  # type: ignore[assignment]
