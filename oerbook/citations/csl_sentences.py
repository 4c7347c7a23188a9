"""Works as data of CSL-JSON: format them in a style, and return each as a sentence with links and emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache as memoize

from oerbook.citations.citeproc import run_citeproc
from oerbook.citations.csl_references import CslReference
from oerbook.citations.styles import CitationStyle
from oerbook.manuscript.pandoc_ast import text_inlines
from oerbook.model.sentences import Sentence, TextPart
from oerbook.model.untyped import Json
from oerbook.storage.cache import Cache
from oerbook.tools import pandoc

# What a style does to tell the works of one list apart: 2026a and 2026b, or a dash for the author of the work above.
DISAMBIGUATION_ATTRIBUTES = re.compile(
    r"\s(?:disambiguate-add-(?:year-suffix|names|givenname)|givenname-disambiguation-rule|"
    r'subsequent-author-substitute(?:-rule)?)="[^"]*"'
)
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
EMPHASIS_TYPES = frozenset({"Emph", "Strong", "Underline"})


def format_csl_items(
    items: Sequence[Mapping[str, object]], style: CitationStyle, language: str, cache: Cache
) -> dict[str, Sentence]:
    """Return the description of each item in a style, by its id; each stands for itself, not in a list."""
    references: dict[str, CslReference] = {str(item["id"]): _metadata_value(item)["c"] for item in items}
    text = DISAMBIGUATION_ATTRIBUTES.sub("", style.text or _default_style())
    entries = run_citeproc(references, [], replace(style, text=text), language, cache).entries
    return {entry.key: join_parts(_parts(entry.text)) for entry in entries}


@memoize
def _default_style() -> str:
    """Return the style that pandoc uses if none is named, Chicago author-date."""
    return pandoc.run_pandoc(["--print-default-data-file", "default.csl"], b"").output.decode()


def _metadata_value(value: object) -> Json:
    """Return data of JSON as pandoc's metadata; texts are literal."""
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {str(name): _metadata_value(inner) for name, inner in value.items()}}
    if isinstance(value, list | tuple):
        return {"t": "MetaList", "c": [_metadata_value(inner) for inner in value]}
    if isinstance(value, str):
        return {"t": "MetaInlines", "c": text_inlines(value)}
    return {"t": "MetaString", "c": str(value)}


def _parts(inlines: Sequence[Json], url: str = "", emphasized: bool = False) -> Iterator[TextPart]:
    """Yield the texts of pandoc's inlines with their link and emphasis."""
    for inline in inlines:
        kind, content = inline["t"], inline.get("c")
        if kind == "Str":
            yield TextPart(content, url, emphasized)
        elif kind in SPACES:
            yield TextPart(" ", url, emphasized)
        elif kind == "Link":
            yield from _parts(content[1], content[2][0], emphasized)
        elif kind == "Code":
            yield TextPart(content[1], url, emphasized)
        elif kind in ("Span", "Quoted"):
            yield from _parts(content[1], url, emphasized)
        elif isinstance(content, list):
            yield from _parts(content, url, emphasized or kind in EMPHASIS_TYPES)


def join_parts(parts: Iterator[TextPart]) -> Sentence:
    """Return parts with neighbors of the same kind as one.

    >>> join_parts(iter([TextPart("Soil"), TextPart(" "), TextPart("2020", "https://a.org")]))[0].text
    'Soil '
    """
    joined: list[TextPart] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and (last.url, last.emphasized) == (part.url, part.emphasized):
            joined[-1] = TextPart(last.text + part.text, part.url, part.emphasized)
        else:
            joined.append(part)
    return tuple(joined)
