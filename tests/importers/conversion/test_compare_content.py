"""What the source holds is compared with what was written."""

from __future__ import annotations

from oerbook.importers.conversion.compare_content import compare_content
from oerbook.importers.conversion.values import ConvertedBook, ConvertedChapter


def test_what_did_not_come_over_is_counted_and_named() -> None:
    chapter = ConvertedChapter("Peat", source_file="peat.docx")
    book = ConvertedBook("Peat", (chapter,), counts={"formulas": 3, "notes": 1}, words={"peat": 2, "bog": 1})
    findings = list(compare_content(book, {"formulas": 2, "notes": 1}, {"peat": 2, "moss": 1}))
    assert [(finding.code, finding.message, finding.place.path) for finding in findings] == [
        ("import-lost", "the source has 3 formulas, and 2 came over", "peat.docx"),
        ("import-lost", "1 of 3 words did not come over: “bog”", "peat.docx"),
    ]
