"""Read the names of authors from a line that may hold HTML, links, a license or the tools of the book."""

from __future__ import annotations

import re
from html import unescape

from oerbook.text.name_lists import ORGANISATION_WORD, split_names_of_people

TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.S)
BLOCK_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|td|tr|h\d)\b[^<>]*>", re.I)
MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
ADDRESS = re.compile(r"[<(\[]*(?:mailto:)?[^\s@<>()\[\],;]+@[^\s@<>()\[\],;]+[>)\]]*|[<(]?https?://\S+")
NOT_A_NAME = re.compile(
    r"\b(?:built|made|written|powered|created|generated|published|hosted|supported) (?:with|by|using|on|in)\b|"
    r"\blicen[cs]ed?\b|\bCC[ -]BY\b|\bCC0\b|creative commons|copyright|©|all rights reserved|"
    r"^(?:and|by|the|with|et al\.?|jupyter ?book|teachbooks|sphinx|mystmd|myst|quarto|github|your name|"
    r"the jupyter book community)$",
    re.I,
)
LIST_SEPARATOR = re.compile(r"\s*[,;|•·\n]\s*(?:and\s+)?")
AND_SEPARATOR = re.compile(r"\s*(?:&|\band\b)\s*")
LEADING_BY = re.compile(r"^by\s+", re.I)


def read_authors(text: str) -> tuple[list[str], list[str]]:
    """Return the authors named in a line, and the parts of it that are no names.

    >>> read_authors('Ada Lee & <a href="https://b.example">Bo Chan</a>, built with Sphinx, CC BY 4.0<img src="x">')
    (['Ada Lee', 'Bo Chan'], ['built with Sphinx', 'CC BY 4.0'])
    >>> read_authors("University of Oslo, Ada Lee (ada@lee.example)")
    (['University of Oslo', 'Ada Lee'], [])
    """
    without_tags = TAG.sub("", BLOCK_TAG.sub("; ", MARKDOWN_LINK.sub(r"\1", text)))
    plain = unescape(ADDRESS.sub(" ", without_tags))
    parts = [" ".join(part.split()).strip("-–—. ") for part in _divide(plain)]
    parts = [LEADING_BY.sub("", part) for part in parts if any(char.isalnum() for char in part)]
    names = [part for part in parts if not NOT_A_NAME.search(part)]
    return list(dict.fromkeys(names)), [part for part in parts if NOT_A_NAME.search(part)]


def _divide(text: str) -> list[str]:
    """Return the parts of a list of names; "Lee, Ada" and "Soil and Water Society" are one name each.

    >>> _divide("Ada Lee & Bo"), _divide("Lee, Ada"), _divide("Soil and Water Society, Ada Lee")
    (['Ada Lee', 'Bo'], ['Lee, Ada'], ['Soil and Water Society', 'Ada Lee'])
    """
    names = split_names_of_people(text)
    parts = LIST_SEPARATOR.split(text)
    if len(names) > 1 or (len(parts) == 2 and not any(" " in part.strip() for part in parts)):
        return names
    return [
        name for part in parts for name in ([part] if ORGANISATION_WORD.search(part) else AND_SEPARATOR.split(part))
    ]
