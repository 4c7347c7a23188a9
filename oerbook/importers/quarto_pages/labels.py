"""Collect the labels of a book's pages, what refers to them, and the stored pictures of its code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from oerbook.importers.line_conversion.attributes import split_attributes
from oerbook.importers.line_conversion.markdown_blocks import HEADING, read_blocks
from oerbook.importers.quarto_pages.chunk_options import read_chunk
from oerbook.importers.quarto_pages.text_blocks import heading_label
from oerbook.importers.quarto_pages.words import BOOKDOWN_REFERENCE, IMPLICIT_LINK, take_index_entries

WRITTEN_LABEL = re.compile(r"\{#([\w:.-]+)|\(\\#([\w:.-]+)\)")
LOCAL_LINK = re.compile(r"\]\(#([\w:.-]+)\)")
STORED_PICTURE = re.compile(
    r"(?:^|/)figure-(?:html|latex|pdf|epub|epub3|docx|commonmark|typst)[\w.]*/(?P<label>.+?)-\d+\.(?:png|svg|jpe?g|webp)$"
)


@dataclass(frozen=True, slots=True)
class BookLabels:
    """The labels of a book, and those that something refers to.

    `homes` are the pages of the headings that something refers to by an automatic label. `headings` are the labels of
    headings that are named in brackets, by their words in lower case.
    """

    labels: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    homes: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)


def collect_labels(texts: Mapping[str, str]) -> BookLabels:
    """Return the labels of all pages of a book, whose texts are given by path in their order."""
    labels: set[str] = set()
    wanted: set[str] = set()
    homes: dict[str, str] = {}
    headings: dict[str, str] = {}
    for path, text in texts.items():
        wanted.update(match["label"] for match in BOOKDOWN_REFERENCE.finditer(text))
        labels.update(first or second for first, second in WRITTEN_LABEL.findall(text))
        for words, label, is_automatic in _headings(text):
            headings.setdefault(" ".join(words.split()).lower(), label)
            if is_automatic:
                homes.setdefault(label, path)
        labels |= _chunk_labels(text)
    for path, text in texts.items():
        links = set(LOCAL_LINK.findall(text))
        wanted |= {label for label in links if label in homes and homes[label] != path}
    named = _used_headings(headings, texts.values())
    wanted |= set(named.values())
    automatic = {label: path for label, path in homes.items() if label in wanted and label not in labels}
    return BookLabels(frozenset(labels | set(homes)), frozenset(wanted), automatic, named)


def _headings(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the words and label of each heading, and whether the label is automatic."""
    for block in read_blocks(text.split("\n"), divs=False):
        if block.kind == "heading" and (match := HEADING.match(block.lines[0])):
            words, attributes = split_attributes(take_index_entries(match["words"])[0].strip())
            yield words, attributes.get("id") or heading_label(words), "id" not in attributes


def _chunk_labels(text: str) -> set[str]:
    """Return the labels that references to the code chunks of a page may use."""
    blocks = (block for block in read_blocks(text.split("\n"), divs=False) if block.kind == "fence")
    chunks = (read_chunk(block.info, block.content) for block in blocks)
    names = [chunk.label for chunk in chunks if chunk is not None and chunk.label]
    return {label for name in names for label in (name, f"fig:{name}", f"tab:{name}")}


def _used_headings(headings: Mapping[str, str], texts: Iterable[str]) -> dict[str, str]:
    """Return the headings that a page names in brackets."""
    named = {
        " ".join((match["heading"] or match["words"]).split()).lower()
        for text in texts
        for match in IMPLICIT_LINK.finditer(text)
    }
    return {words: label for words, label in headings.items() if words in named}


def stored_pictures(tracked: Iterable[str]) -> dict[str, list[str]]:
    """Return the stored pictures of code by the label of their chunk.

    >>> stored_pictures(["_freeze/a/figure-html/fig-rain-1.png", "b.png"])
    {'fig-rain': ['_freeze/a/figure-html/fig-rain-1.png']}
    """
    pictures: dict[str, list[str]] = defaultdict(list)
    for name in tracked:
        if match := STORED_PICTURE.search(name):
            pictures[match["label"]].append(name)
    return dict(pictures)
