"""Find the sources that figures, tables and quotations state in the text of a page, before it is read."""

from __future__ import annotations

from functools import lru_cache

from oerbook.document.reading.mystmd_options import source_options
from oerbook.model.book import ReusedWork
from oerbook.source.values import as_work
from oerbook.text.myst_scan import find_fenced_blocks


@lru_cache(maxsize=5000)
def directive_works(text: str) -> list[ReusedWork]:
    """Return the works that directives of a page state as their source, in order; none from examples in code.

    >>> directive_works("```{figure} a.png\\n:creator: Bo\\n:license: CC0-1.0\\n```")[0].authors
    'Bo'
    >>> directive_works("````md\\n```{figure} a.png\\n:creator: Bo\\n```\\n````")
    []
    """
    records = (
        source_options(block.name, "\n".join(block.content), {}) for block in find_fenced_blocks(text) if block.name
    )
    return [as_work(record) for record in records if record]
