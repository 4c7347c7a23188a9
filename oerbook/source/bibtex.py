"""The entries of a bibliography as they stand in its file, read as far as they can be: what a submission does to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from oerbook.model.findings import Place
from oerbook.model.submission import Entry

BEGIN = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(][ \t]*", re.M)
NAMED = re.compile(r"\s*([^\s={},\"]+)\s*=\s*(.*)", re.S)
NO_WORKS = frozenset({"comment", "preamble", "string"})


def entries(text: str, path: str) -> Iterator[Entry]:
    """Yield the entries of a BibTeX text; one that is not closed ends where the next begins.

    >>> [(e.key, e.fields) for e in entries("@book{Lee, title = {Soil {and} sun},\\n year=2001}", "a.bib")]
    [('lee', (('kind', 'book'), ('title', 'Soil and sun'), ('year', '2001')))]
    """
    begun = list(BEGIN.finditer(text))
    line, seen = 1, 0
    for match, after in zip_longest(begun, begun[1:]):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        if match[1].lower() in NO_WORKS:
            continue
        key, *told = _pieces(text[match.end() : after.start() if after else len(text)])
        fields = [("kind", match[1].lower())]
        for piece in told:
            if named := NAMED.fullmatch(piece):
                fields.append((named[1].lower(), " ".join(re.sub(r'[{}"]', "", named[2]).split())))
        yield Entry(key.strip().casefold(), tuple(fields), Place(path, line))


def _pieces(text: str) -> list[str]:
    """Return what stands between the commas of an entry; those in braces and quotes divide nothing."""
    found: list[str] = []
    depth, quoted, start = 0, False, 0
    for match in re.finditer(r'[{}",)]', text):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign in "})" and not depth and not quoted:
            return [*found, text[start : match.start()]]
        elif sign == "}":
            depth -= 1
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign == "," and not depth and not quoted:
            found.append(text[start : match.start()])
            start = match.end()
    return [*found, text[start:]]
