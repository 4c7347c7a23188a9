"""Parse BibTeX leniently, to compare a bibliography before and after a submission."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from oerbook.model.findings import Place
from oerbook.model.submission import BibliographyEntry

ENTRY_START = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(][ \t]*", re.M)
FIELD = re.compile(r"\s*([^\s={},\"]+)\s*=\s*(.*)", re.S)
NON_ENTRY_TYPES = frozenset({"comment", "preamble", "string"})


def parse_entries(text: str, path: str) -> Iterator[BibliographyEntry]:
    """Yield the entries of a BibTeX text.

    An unclosed entry ends where the next one starts. Keys and field names are lower case, field values without braces
    and quotes.

    >>> [(e.key, e.fields) for e in parse_entries("@book{Lee, title = {Soil {and} sun},\\n year=2001}", "a.bib")]
    [('lee', (('kind', 'book'), ('title', 'Soil and sun'), ('year', '2001')))]
    """
    starts = list(ENTRY_START.finditer(text))
    line, counted_to = 1, 0
    for match, following in zip_longest(starts, starts[1:]):
        line, counted_to = line + text.count("\n", counted_to, match.start()), match.start()
        if match[1].lower() in NON_ENTRY_TYPES:
            continue
        key, *parts = _split_at_commas(text[match.end() : following.start() if following else len(text)])
        fields = [("kind", match[1].lower())]
        for part in parts:
            if field := FIELD.fullmatch(part):
                fields.append((field[1].lower(), " ".join(re.sub(r'[{}"]', "", field[2]).split())))
        yield BibliographyEntry(key.strip().casefold(), tuple(fields), Place(path, line))


def _split_at_commas(text: str) -> list[str]:
    """Split the body of an entry at its commas, except those inside braces and quotes."""
    parts: list[str] = []
    depth, quoted, start = 0, False, 0
    for match in re.finditer(r'[{}",)]', text):
        char = match[0]
        if char == "{":
            depth += 1
        elif char in "})" and not depth and not quoted:
            return [*parts, text[start : match.start()]]
        elif char == "}":
            depth -= 1
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "," and not depth and not quoted:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]
