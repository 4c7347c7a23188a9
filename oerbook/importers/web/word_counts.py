"""Count the words of pages before they are converted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from oerbook.importers.conversion.plain_text import count_words
from oerbook.importers.web.elements import BLOCKS, classes_of
from oerbook.model.untyped import XmlElement

NO_TEXT = frozenset(["script", "style", "math", "head", "template", "svg", "title", "iframe", "object", "select", "rp"])
NO_TEXT_CLASSES = frozenset(["pagenum", "pageno", "MathJax", "katex-html", "MathJax_Preview", "box-title"])
MIN_CHARS = 3
# Words of numbers, captions and headings that the book makes itself.
NUMBERING_WORDS = frozenset(["chapter", "part", "unit", "lesson", "kapitel", "chapitre", "hoofdstuk", "teil", "partie"])
NUMBERING_WORDS |= frozenset(
    ["fig", "figure", "table", "abb", "abbildung", "tabelle", "notes", "footnotes", "endnotes"]
)
NUMBERING_WORDS |= frozenset(["iii", "vii", "viii", "xii", "xiii", "xiv", "xvi", "xvii", "xviii", "xix"])


def count_page_words(body: XmlElement) -> Counter[str]:
    """Return how often each word of a page occurs; numbers, marks and single letters do not count."""
    words = count_words("".join(_iterate_text(body)))
    return Counter({word: count for word, count in words.items() if _counts(word)})


def _counts(word: str) -> bool:
    return word.isalpha() and len(word) >= MIN_CHARS and word not in NUMBERING_WORDS


def _iterate_text(element: XmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in NO_TEXT or classes_of(element) & NO_TEXT_CLASSES:
        return
    yield element.text or ""
    for child in element:
        gap = "\n" if child.tag in BLOCKS or child.tag == "br" else ""
        yield gap
        yield from _iterate_text(child)
        yield gap + (child.tail or "")
