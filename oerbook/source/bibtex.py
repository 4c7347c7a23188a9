"""Entries of bibliography files as values, to compare a bibliography before and after a submission."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oerbook.model.findings import Place
from oerbook.model.submission import BibliographyEntry
from oerbook.source.bibtex_parser import parse_bibtex


def parse_comparable_entries(text: str, path: str) -> Iterator[BibliographyEntry]:
    """Yield the entries of a BibTeX text.

    An unclosed entry ends where the next one starts. Keys and field names are lower case, field values without braces
    and quotes.

    >>> text = "@book{Lee, title = {Soil {and} sun},\\n year=2001}"
    >>> [(e.key, e.fields) for e in parse_comparable_entries(text, "a.bib")]
    [('lee', (('kind', 'book'), ('title', 'Soil and sun'), ('year', '2001')))]
    """
    for record in parse_bibtex(text).records:
        fields = [(field.name, " ".join(re.sub(r'[{}"]', "", field.value).split())) for field in record.fields]
        yield BibliographyEntry(record.key.casefold(), (("kind", record.kind), *fields), Place(path, record.line))
