"""Write the works that citation managers put into a document as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oerbook.model.untyped import Json
from oerbook.tools.pandoc import encode_document, run_pandoc


def read_bibliography(metadata: Mapping[str, Json]) -> str:
    """Return the works in `references` of pandoc's metadata as BibTeX, "" if there are none."""
    if "references" not in metadata:
        return ""
    document = encode_document([], {"references": metadata["references"]})
    output = run_pandoc(["--sandbox", "-f", "json", "-t", "biblatex", "--standalone"], document).output.decode()
    return re.sub(r"\n{3,}", "\n\n", output).strip()
