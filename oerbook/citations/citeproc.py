"""Format citations and lists of works in a CSL style with citeproc, which is part of pandoc."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from oerbook.citations.csl_references import CslReference
from oerbook.citations.styles import CitationStyle
from oerbook.model.untyped import Json
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.storage.files import write_atomically
from oerbook.tools import pandoc

Inline = dict[str, Json]
CACHE_VERSION = "1"
ENTRY_LINK_PREFIX = "#ref-"
PANDOC_CITATION_MODES = {"p": "NormalCitation", "t": "AuthorInText", "year": "SuppressAuthor"}


@dataclass(frozen=True, slots=True)
class CitedWork:
    """A work in a citation: its key, the words before and behind it, and how it is named.

    `mode` is "p" (Lee 2020), "t" Lee (2020) or "year" (2020).
    """

    key: str
    prefix: str = ""
    suffix: str = ""
    mode: str = "p"


CitationCluster = tuple[CitedWork, ...]


@dataclass(frozen=True, slots=True)
class FormattedEntry:
    """A work of a list: its key, the label of a numbered style (else empty), and its description."""

    key: str
    label: list[Inline]
    text: list[Inline]


@dataclass(frozen=True, slots=True)
class CiteprocResult:
    """The formatted citations in the order of the requests, and the list of works, both as pandoc inlines.

    Links in citations lead to `#ref-KEY`.
    """

    citations: tuple[list[Inline], ...]
    entries: tuple[FormattedEntry, ...]


def run_citeproc(
    references: Mapping[str, CslReference],
    clusters: Sequence[CitationCluster],
    style: CitationStyle,
    language: str,
    cache: Cache,
) -> CiteprocResult:
    """Return citations and the list of all given works; numbers follow the order of the citations."""
    if not references:
        return CiteprocResult(tuple([] for _cluster in clusters), ())
    request = json.dumps([references, [[asdict(one) for one in cluster] for cluster in clusters], language])
    key = make_cache_key(CACHE_VERSION, pandoc.pandoc_version(), style.text, request)
    blocks = cache.get_json("citations", key)
    if blocks is None:
        blocks = _run(references, clusters, style, language, Path(cache.folder))
        cache.put_json("citations", key, blocks)
    citations = [block["c"][0]["c"][1] for block in blocks[: len(clusters)]]
    return CiteprocResult(tuple(citations), tuple(_entries(blocks[len(clusters) :])))


def _run(
    references: Mapping[str, CslReference],
    clusters: Sequence[CitationCluster],
    style: CitationStyle,
    language: str,
    folder: Path,
) -> list[Json]:
    blocks = [{"t": "Para", "c": [_cite(cluster)]} for cluster in clusters]
    listed = [_cite((CitedWork(key),)) for key in references]
    metadata: dict[str, object] = {
        "references": {"t": "MetaList", "c": [{"t": "MetaMap", "c": one} for one in references.values()]},
        "nocite": {"t": "MetaInlines", "c": listed},
        "lang": {"t": "MetaString", "c": language},
        "link-citations": {"t": "MetaBool", "c": True},
    }
    arguments = ["-f", "json", "-t", "json", "--citeproc", "--sandbox"]
    if style.text:
        path = folder / f"style-{make_cache_key(style.text)}.csl"
        write_atomically(path, style.text.encode())
        arguments += ["--csl", str(path)]
    result = pandoc.run_pandoc(arguments, pandoc.encode_document([*blocks], metadata))
    made: list[Json] = json.loads(result.output)["blocks"]
    return made


def _cite(cluster: CitationCluster) -> Inline:
    citations = [
        {
            "citationId": one.key,
            "citationPrefix": _words(one.prefix),
            "citationSuffix": _suffix(one.suffix),
            "citationMode": {"t": PANDOC_CITATION_MODES[one.mode]},
            "citationNoteNum": 0,
            "citationHash": 0,
        }
        for one in cluster
    ]
    return {"t": "Cite", "c": [citations, [{"t": "Str", "c": one.key} for one in cluster[:1]]]}


def _words(text: str) -> list[Inline]:
    found: list[Inline] = []
    for word in text.split():
        found += [{"t": "Space"}, {"t": "Str", "c": word}]
    return found[1:]


def _suffix(text: str) -> list[Inline]:
    """Return the words behind a work; a comma ends its name, as a locator wants it."""
    return _words(text if re.match(r"[,;:.]", text) else f", {text}") if text.strip() else []


def _entries(blocks: Sequence[Json]) -> Iterator[FormattedEntry]:
    works = [work for block in blocks if block["t"] == "Div" and block["c"][0][0] == "refs" for work in block["c"][1]]
    for work in works:
        (identifier, _classes, _pairs), content = work["c"]
        inlines = [inline for block in content for inline in _inlines(block)]
        label = [one for inline in inlines if _has(inline, "csl-left-margin") for one in inline["c"][1]]
        right = [one for inline in inlines if _has(inline, "csl-right-inline") for one in inline["c"][1]]
        yield FormattedEntry(
            identifier.removeprefix("ref-"), label, right or [one for one in inlines if one not in label]
        )


def _inlines(block: Json) -> list[Inline]:
    if block["t"] in ("Para", "Plain"):
        return list(block["c"])
    if block["t"] == "Div":
        return [inline for inner in block["c"][1] for inline in _inlines(inner)]
    return []


def _has(inline: Inline, name: str) -> bool:
    return inline["t"] == "Span" and name in inline["c"][0][1]
