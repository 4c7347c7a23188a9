"""Read back what a PDF shows: the words of its pages and the elements of its structure tree."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

from oerbook.comparison.words import split_comparable_words
from oerbook.model.content import FileContent
from oerbook.model.untyped import Json

# Structure types of ISO 32000-1, 14.8.4, by the kind that is counted.
KIND_BY_STRUCTURE_TYPE = {
    "/Formula": "formula",
    "/Table": "table",
    "/TD": "cell",
    "/TH": "cell",
    "/Note": "note",
    "/FENote": "note",
}


MISSING_CHAR_NAME = re.compile(r"\[([a-z][a-z0-9 -]{2,80}|u\+[0-9a-f]{4,6})\]")  # of a letter that no font has


def read_pdf(path: Path) -> FileContent:
    """Return what a PDF shows.

    Raises PdfError of pikepdf or PdfiumError of pypdfium2 when the file cannot be read.
    """
    import pikepdf
    import pypdfium2

    words: Counter[str] = Counter()
    letters: list[str] = []
    document = pypdfium2.PdfDocument(path)
    for page in document:
        on_page = split_comparable_words(_with_named_letters(page.get_textpage().get_text_range()))
        words.update(on_page)
        letters += on_page
    document.close()
    counts = Counter(dict.fromkeys((*KIND_BY_STRUCTURE_TYPE.values(), "head", "span"), 0))
    with pikepdf.open(path) as pdf:
        for value in pdf.objects:
            if isinstance(value, pikepdf.Dictionary) and "/S" in value and "/P" in value:
                kind = KIND_BY_STRUCTURE_TYPE.get(str(value["/S"]))
                if kind:
                    counts[kind] += 1
                if kind == "cell":
                    counts["head"] += str(value["/S"]) == "/TH"
                    counts["span"] += _spans(value)
    return FileContent(words, counts, "".join(letters))


def _spans(cell: Json) -> bool:
    """Return whether a cell of the structure tree spans rows or columns."""
    import pikepdf

    attributes = cell.get("/A", [])
    owned = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    dictionaries = [one for one in owned if isinstance(one, pikepdf.Dictionary)]
    return any(key in one for one in dictionaries for key in ("/ColSpan", "/RowSpan"))


def _with_named_letters(text: str) -> str:
    """Return a text with letters in place of their names in brackets, which stand for them where no font has them.

    >>> _with_named_letters("see [bengali letter\\nba][u+4e00] and [3]")
    'see \u09ac\u4e00 and [3]'
    """
    return MISSING_CHAR_NAME.sub(_letter, re.sub(r"(?<=\w)\s*[\r\n]+(?=[\w\s-]*\])", " ", text))


def _letter(match: re.Match[str]) -> str:
    name = match[1].upper()
    try:
        return chr(int(name[2:], 16)) if name.startswith("U+") else unicodedata.lookup(name)
    except (KeyError, ValueError):
        return match[0]
