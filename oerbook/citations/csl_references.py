"""Convert entries of bibliography files to references as pandoc's citation processor reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oerbook.citations.field_values import fields_as_latex, fields_as_plain_text
from oerbook.errors import OerbookError
from oerbook.model.untyped import Json
from oerbook.source.bibtex_parser import BibtexEntry
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.tools import pandoc

CslReference = dict[str, Json]  # a MetaMap of pandoc
PANDOC_BIBLATEX_OPTIONS = ["-f", "biblatex", "-t", "json", "--sandbox"]
RELATION_FIELDS = frozenset({"crossref", "xdata", "ids", "related", "xref", "entryset"})
TYPES_IN_BOOKS = frozenset(
    {"inbook", "incollection", "inproceedings", "conference", "inreference", "suppbook", "suppcollection"}
)
MAX_PARENT_LEVELS = 3  # of crossref and xdata: pandoc takes ever longer
MAX_PARENTS = 4  # that one entry takes fields from
CACHE_VERSION = "6"


@dataclass(frozen=True, slots=True)
class ConvertedEntry:
    """A reference, and what of its entry could not be read."""

    reference: CslReference
    mistakes: tuple[str, ...] = ()


def convert_to_csl(
    records: Iterable[BibtexEntry], library: Mapping[str, BibtexEntry], cache: Cache
) -> dict[str, ConvertedEntry]:
    """Return the references of some entries by key; `library` has the entries by key in lower case."""
    sources = {record.key: _family(record, library) for record in records}
    keys = {
        key: make_cache_key(CACHE_VERSION, pandoc.pandoc_version(), repr(family)) for key, family in sources.items()
    }
    cached = {key: cache.get_json("references", name) for key, name in keys.items()}
    missing = [key for key in sources if cached[key] is None]
    for key, found in _convert_all([(key, sources[key]) for key in missing]):
        cached[key] = [found.reference, found.mistakes]
        cache.put_json("references", keys[key], cached[key])
    return {key: ConvertedEntry(reference, tuple(mistakes)) for key, (reference, mistakes) in cached.items()}


def _family(record: BibtexEntry, library: Mapping[str, BibtexEntry]) -> tuple[BibtexEntry, ...]:
    """Return an entry and those that it takes fields from, each before its own parents."""
    family = {record.key.casefold(): record}
    wanted = [record]
    for _level in range(MAX_PARENT_LEVELS):
        keys = [key for one in wanted for key in parent_keys(one, library)]
        wanted = [library[key] for key in dict.fromkeys(keys) if key not in family]
        family |= {one.key.casefold(): one for one in wanted}
    return tuple(family.values())


def parent_keys(record: BibtexEntry, library: Mapping[str, BibtexEntry]) -> list[str]:
    """Return the keys, in lower case, of the entries that an entry takes fields from.

    Entries that take fields from this one are left out.
    """
    named = _names(record.get("crossref")) + _names(record.get("xdata"))
    return [
        key for key in named[:MAX_PARENTS] if key in library and _ends(library[key], library, {record.key.casefold()})
    ]


def _ends(record: BibtexEntry, library: Mapping[str, BibtexEntry], seen: set[str]) -> bool:
    """Say whether the line of ancestors of an entry ends, within a few levels."""
    seen = {*seen, record.key.casefold()}
    named = (_names(record.get("crossref")) + _names(record.get("xdata")))[:MAX_PARENTS]
    return all(
        key not in seen and len(seen) <= MAX_PARENT_LEVELS and _ends(library[key], library, seen)
        for key in named
        if key in library
    )


def _names(value: str) -> list[str]:
    return [name.strip().casefold() for name in value.split(",") if name.strip()]


def _bibtex(
    record: BibtexEntry, name: str, names: Mapping[str, str], family: Mapping[str, BibtexEntry], *, plain: bool = False
) -> str:
    """Return an entry as BibTeX under another key; `names` are the keys that are written for it and its parents."""
    fields = (fields_as_plain_text if plain else fields_as_latex)(record)
    known = [] if plain else parent_keys(record, family)
    if record.kind in TYPES_IN_BOOKS and "booktitle" not in fields:
        titles = [fields_as_latex(family[key]) for key in known]
        fields |= next(({"booktitle": one["title"]} for one in titles if "title" in one), {})
    lines = [f"  {field} = {{{value}}},\n" for field, value in fields.items() if field not in RELATION_FIELDS]
    if "options" not in fields and "useprefix" not in record.get("options"):
        lines.append("  options = {useprefix=true},\n")  # von Neumann is cited as von Neumann
    for relation in ("crossref", "xdata"):
        keys = [names[key] for key in _names(record.get(relation)) if key in known]
        lines += [f"  {relation} = {{{','.join(keys)}}},\n"] if keys else []
    return f"@{record.kind}{{{name},\n{''.join(lines)}}}\n"


def _convert_all(families: Sequence[tuple[str, tuple[BibtexEntry, ...]]]) -> Iterator[tuple[str, ConvertedEntry]]:
    """Yield references; entries that pandoc cannot read are found by halving, and read without their LaTeX."""
    if not families:
        return
    try:
        references = _read([one for _key, family in families for one in family])
    except OerbookError:
        if len(families) > 1:
            half = len(families) // 2
            yield from _convert_all(families[:half])
            yield from _convert_all(families[half:])
        else:
            yield families[0][0], _convert_plainly(families[0][1])
        return
    for key, family in families:
        if key in references and ("title" in references[key] or not family[0].get("title")):
            yield key, _checked(references[key])
        else:
            yield key, _convert_plainly(family)


def _convert_plainly(family: tuple[BibtexEntry, ...]) -> ConvertedEntry:
    record = family[0]
    message = "its LaTeX cannot be read, so it is shown without formatting"
    try:
        return ConvertedEntry(_read([record], plain=True)[record.key], (message,))
    except (OerbookError, KeyError):
        title = record.get("title") or record.key
        words = {"t": "MetaInlines", "c": [{"t": "Str", "c": title}]}
        identifier = {"t": "MetaString", "c": record.key}
        return ConvertedEntry({"id": identifier, "title": words}, ("it cannot be read, so only its title is shown",))


def _read(records: Sequence[BibtexEntry], *, plain: bool = False) -> dict[str, CslReference]:
    """Return references by the keys of their entries, which pandoc does not see."""
    unique = {record.key.casefold(): record for record in records}
    names = {key: f"r{number}" for number, key in enumerate(unique)}
    text = "\n".join(_bibtex(record, names[key], names, unique, plain=plain) for key, record in unique.items())
    meta = json.loads(pandoc.run_pandoc(PANDOC_BIBLATEX_OPTIONS, text.encode()).output)["meta"]
    found = {one["c"]["id"]["c"]: one["c"] for one in meta.get("references", {}).get("c", [])}
    keys = {names[key]: record.key for key, record in unique.items()}
    return {keys[name]: one | {"id": {"t": "MetaString", "c": keys[name]}} for name, one in found.items()}


def _checked(reference: CslReference) -> ConvertedEntry:
    """Return a reference in which LaTeX without a translation is shown as words."""
    unknown: list[str] = []
    cleaned = {name: _walk(value, unknown) for name, value in reference.items()}
    mistakes = tuple(f"unknown LaTeX is shown as text: {tex}" for tex in dict.fromkeys(unknown))
    return ConvertedEntry(cleaned, mistakes)


def _walk(value: Json, unknown: list[str]) -> Json:
    if isinstance(value, list):
        return [_walk(one, unknown) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("t") == "RawInline":
        tex = str(value["c"][1]).strip()
        unknown.append(tex[:60])
        return {"t": "Str", "c": tex.rstrip("{} ").partition("{")[2] or tex.lstrip("\\").rstrip("{} ")}
    if value.get("t") == "Image":
        unknown.append("a picture")
        return {"t": "Str", "c": ""}
    return {name: _walk(one, unknown) for name, one in value.items()}
