"""Records of a book for catalogs, repositories and citation managers: one module for each form.

Each has `SUMMARY`, `FILE_NAME` and `write(facts)`, which returns the text of the record.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Protocol

from oerbook.metadata.records import bibtex, citation_cff, csl_json, datacite, json_ld, marc, onix, ris, zenodo
from oerbook.metadata.records.facts import BookFacts


class Record(Protocol):
    """A form of record."""

    SUMMARY: str
    FILE_NAME: str

    def write(self, facts: BookFacts, /) -> str:
        """Return the record of a book."""
        ...


RECORDS: MappingProxyType[str, Record] = MappingProxyType(
    {
        "bibtex": bibtex,
        "cff": citation_cff,
        "csl-json": csl_json,
        "datacite": datacite,
        "json-ld": json_ld,
        "marc": marc,
        "onix": onix,
        "ris": ris,
        "zenodo": zenodo,
    }
)
