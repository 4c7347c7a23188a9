"""Turn cleaned pages into pandoc blocks, all pages of a book in one run of pandoc."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from oerbook.importers.web.elements import HEADINGS, make, unwrap
from oerbook.importers.web.pages import WebPage
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Json, XmlElement
from oerbook.tools.pandoc import run_pandoc

READ_TIMEOUT_S = 300
MAX_BATCH_CHARS = 8_000_000
_KNOWN_TAGS = (
    "body div section article aside header footer nav address p ul ol li dl dt dd blockquote pre hr br "
    "figure figcaption table caption colgroup col thead tbody tfoot tr th td a abbr b bdi bdo cite code "
    "del dfn em i img ins kbd mark q s samp script small span strong sub sup time u var data math svg "
)
KNOWN_TAGS = frozenset([*_KNOWN_TAGS.split(), *HEADINGS])
MATHML = frozenset(["math"])


def convert_pages(pages: Sequence[WebPage]) -> tuple[list[list[Block]], list[Finding]]:
    """Return the blocks of each page, and findings on elements that nobody knows."""
    findings = [finding for page in pages for finding in _unwrap_unknown(page)]
    texts = [_serialize(page.body, index) for index, page in enumerate(pages)]
    blocks: dict[int, list[Block]] = {}
    for batch in _batches(texts):
        for index, content in _read_batch(batch):
            blocks[index] = content
    return [_finish_blocks(blocks.get(index, [])) for index in range(len(pages))], findings


def _batches(texts: Sequence[str]) -> Iterator[str]:
    batch: list[str] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > MAX_BATCH_CHARS:
            yield "\n".join(batch)
            batch = []
        batch.append(text)
    yield "\n".join(batch)


def _read_batch(text: str) -> Iterator[tuple[int, list[Block]]]:
    result = run_pandoc(["--sandbox", "-f", "html", "-t", "json"], text.encode(), timeout_s=READ_TIMEOUT_S)
    for block in json.loads(result.output)["blocks"]:
        if block["t"] == "Div" and "oerbook-page" in block["c"][0][1]:
            yield int(dict(block["c"][0][2])["index"]), block["c"][1]


def _serialize(body: XmlElement, index: int) -> str:
    wrapper = make("div", class_="oerbook-page", data_index=str(index))
    wrapper.text = body.text
    wrapper.extend(list(body))
    return etree.tostring(wrapper, encoding="unicode", method="html")


def _unwrap_unknown(page: WebPage) -> Iterator[Finding]:
    """Replace elements that pandoc would skip by their content."""
    seen: set[str] = set()
    for element in list(page.body.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag in KNOWN_TAGS or any(parent.tag in MATHML for parent in element.iterancestors()):
            continue
        if element is page.body:
            continue
        if element.tag not in seen:
            message = f"the element <{element.tag}> is not known; its text was kept"
            yield Finding("import-markup", message, Place(page.name, element.sourceline or 0), Severity.INFO)
        seen.add(str(element.tag))
        unwrap(element)


def _finish_blocks(blocks: list[Block]) -> list[Block]:
    """Return blocks with each note where it is referred to, and without the helpers of the cleaning."""
    notes: dict[str, list[Block]] = {}
    rest = _take_notes(blocks, notes)
    finished: list[Block] = _rewrite(rest, notes)
    return finished


def _take_notes(blocks: list[Block], notes: dict[str, list[Block]]) -> list[Block]:
    rest = []
    for block in blocks:
        if block["t"] == "Div" and "note-text" in block["c"][0][1]:
            notes[dict(block["c"][0][2]).get("note", "")] = block["c"][1]
        else:
            rest.append(block)
    return rest


def _rewrite(value: Json, notes: Mapping[str, list[Block]]) -> Json:
    if isinstance(value, list):
        return _merge_citations([item for element in value for item in _rewrite_element(element, notes)])
    if isinstance(value, dict):
        return {key: _rewrite(item, notes) for key, item in value.items()}
    return value


def _merge_citations(items: list[Json]) -> list[Json]:
    """Return inlines with citations that follow each other directly as one."""
    merged: list[Json] = []
    for item in items:
        previous = merged[-1] if merged else None
        if isinstance(item, dict) and isinstance(previous, dict) and item.get("t") == previous.get("t") == "Cite":
            works, shown = previous["c"]
            known = {(work["citationId"], str(work["citationSuffix"])) for work in works}
            new = [work for work in item["c"][0] if (work["citationId"], str(work["citationSuffix"])) not in known]
            merged[-1] = {"t": "Cite", "c": [[*works, *new], [*shown, *item["c"][1]]]}
        else:
            merged.append(item)
    return merged


def _rewrite_element(element: Json, notes: Mapping[str, list[Block]]) -> list[Json]:
    """Return what takes the place of an element of a list: itself with its content rewritten, or other elements."""
    if isinstance(element, dict) and element.get("t") == "Div":
        (identifier, classes, pairs), content = element["c"]
        named = [[key.removeprefix("data-"), value] for key, value in pairs]
        return [{"t": "Div", "c": [[identifier, classes, named], _rewrite(content, notes)]}]
    if isinstance(element, dict) and element.get("t") == "LineBlock":
        lines = list(_rewrite(element["c"], notes))
        while lines and not lines[-1]:
            lines.pop()
        return [{"t": "LineBlock", "c": lines}]
    if not isinstance(element, dict) or element.get("t") != "Span":
        return [_rewrite(element, notes)]
    (identifier, classes, pairs), content = element["c"]
    pairs = [[key.removeprefix("data-"), value] for key, value in pairs]
    values = dict(pairs)
    if "note-ref" in classes:
        note = notes.get(values.get("note", ""))
        inner = {key: text for key, text in notes.items() if key != values.get("note")}
        return [{"t": "Note", "c": _rewrite(note, inner) or [{"t": "Para", "c": []}]}] if note is not None else []
    if "citation" in classes and values.get("cites"):
        return [_cite(values["cites"], values.get("suffix", ""), _rewrite(content, notes))]
    plain = not identifier and not ({*classes} - {"small"}) and not (values.keys() & {"lang", "dir"})
    inner_content = _rewrite(content, notes)
    return inner_content if plain else [{"t": "Span", "c": [[identifier, classes, pairs], inner_content]}]


def _cite(keys: str, suffix: str, content: list[Json]) -> Json:
    citations = [
        {
            "citationId": key,
            "citationPrefix": [],
            "citationSuffix": [{"t": "Str", "c": suffix}] if suffix else [],
            "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0,
            "citationHash": 0,
        }
        for key in keys.split()
    ]
    return {"t": "Cite", "c": [citations, content]}
