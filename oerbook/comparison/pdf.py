"""Read back what a PDF shows: the words of its pages and the elements of its structure tree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from oerbook.comparison.words import split_comparable_words
from oerbook.model.content import FileContent

# Structure types of ISO 32000-1, 14.8.4, by the kind that is counted.
KIND_BY_STRUCTURE_TYPE = {
    "/Formula": "formula",
    "/Table": "table",
    "/TD": "cell",
    "/TH": "cell",
    "/Note": "note",
    "/FENote": "note",
}


def read_pdf(path: Path) -> FileContent:
    """Return what a PDF shows.

    Raises pikepdf.PdfError and pypdfium2.PdfiumError when the file cannot be read.
    """
    import pikepdf
    import pypdfium2

    words: Counter[str] = Counter()
    letters: list[str] = []
    document = pypdfium2.PdfDocument(path)
    for page in document:
        on_page = split_comparable_words(page.get_textpage().get_text_range())
        words.update(on_page)
        letters += on_page
    document.close()
    counts = Counter(dict.fromkeys(KIND_BY_STRUCTURE_TYPE.values(), 0))
    with pikepdf.open(path) as pdf:
        for value in pdf.objects:
            if isinstance(value, pikepdf.Dictionary) and "/S" in value and "/P" in value:
                kind = KIND_BY_STRUCTURE_TYPE.get(str(value["/S"]))
                if kind:
                    counts[kind] += 1
    return FileContent(words, counts, "".join(letters))
