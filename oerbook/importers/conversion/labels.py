"""Choose labels: only for what something refers to, unique in the book, in words where the source has machine names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from oerbook.importers.conversion.plain_text import plain_text
from oerbook.importers.conversion.values import ConvertedChapter
from oerbook.importers.myst_writer.boxes import STATEMENT_CLASSES
from oerbook.importers.myst_writer.state import LinkTarget
from oerbook.model.untyped import Json
from oerbook.text.slugs import ascii_slug

READABLE_LABEL = re.compile(r"[A-Za-z][\w:.-]*")
# Ids that word processors and converters make.
MACHINE_ID = re.compile(
    r"_.*|.*(?:Ref|Toc|Hlk|__)_?\d+.*|(?:id|anchor|bookmark|ref|text|p|pg|section|sec|h|fn|fs-id|eip|auto)?[-_.]?\w?\d[\d_.-]*|.*[0-9a-f]{8,}.*|.*\d{5,}.*",
    re.I,
)
PREFIX_BY_KIND = {"figure": "fig", "table": "tab", "equation": "eq", "listing": "lst", "exercise": "ex"}
MAX_LABEL_CHARS = 40


@dataclass(frozen=True, slots=True)
class LabelledElement:
    """Something with an id: its kind (see `TARGET_KINDS`) and the words of its title."""

    identifier: str
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ChapterLabels:
    """The labels to write in a chapter by id, and the targets of its links by id."""

    labels: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, LinkTarget] = field(default_factory=dict)


def assign_labels(
    chapters: Sequence[ConvertedChapter], paths: Sequence[str], taken: frozenset[str] = frozenset()
) -> list[ChapterLabels]:
    """Return the labels of chapters at paths below `chapters/`, none of them among `taken`."""
    elements = [list(iterate_elements(chapter.blocks)) for chapter in chapters]
    wanted = [set(iterate_references(chapter.blocks)) for chapter in chapters]
    anywhere = set().union(*wanted) if wanted else set()
    homes: dict[str, int] = {}
    for number, found in enumerate(elements):
        for element in found:
            homes.setdefault(element.identifier, number)
    used = set(taken)
    labels: list[dict[str, str]] = []
    for number, found in enumerate(elements):
        stem = posixpath.basename(paths[number]).rpartition(".")[0]
        labels.append({})
        for element in found:
            is_wanted = element.identifier in wanted[number] or (
                element.identifier in anywhere and homes[element.identifier] == number
            )
            if element.identifier not in labels[number] and (is_wanted or element.kind == "equation"):
                labels[number][element.identifier] = _choose_label(element, stem, used)
    kinds = [{element.identifier: element.kind for element in found} for found in elements]
    keys = {chapter.key: number for number, chapter in enumerate(chapters) if chapter.key}
    tables = _Tables(paths, labels, kinds, homes, keys)
    return [
        ChapterLabels(
            labels[number], {name: target for name in wanted[number] if (target := tables.find(name, number))}
        )
        for number in range(len(chapters))
    ]


@dataclass(frozen=True, slots=True)
class _Tables:
    """Where every id and every chapter is."""

    paths: Sequence[str]
    labels: Sequence[Mapping[str, str]]
    kinds: Sequence[Mapping[str, str]]
    homes: Mapping[str, int]
    keys: Mapping[str, int]

    def find(self, name: str, number: int) -> LinkTarget | None:
        """Return the target of a link in a chapter: in it, in another one, or a chapter as a whole."""
        home = number if name in self.labels[number] else self.homes.get(name)
        if home is not None and name in self.labels[home]:
            return LinkTarget(self.kinds[home][name], self.labels[home][name])
        if name in self.keys:
            folder = posixpath.dirname(self.paths[number]) or "."
            return LinkTarget("page", path=posixpath.relpath(self.paths[self.keys[name]], folder))
        return None


def iterate_elements(value: Json) -> Iterator[LabelledElement]:
    """Yield everything with an id below a value of pandoc's tree."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from iterate_elements(item)
    elif isinstance(value, dict):
        element = _element(value)
        if element and element.identifier:
            yield element
        yield from iterate_elements(value.get("c"))


def iterate_references(value: Json) -> Iterator[str]:
    """Yield the ids that links and solutions below a value of pandoc's tree refer to."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from iterate_references(item)
    elif isinstance(value, dict):
        content: Json = value.get("c")
        if value.get("t") == "Link" and content[2][0].startswith("#"):
            yield unquote(content[2][0][1:])
        if value.get("t") == "Div" and "solution" in content[0][1]:
            yield from (pair[1] for pair in content[0][2] if pair[0] == "for")
        yield from iterate_references(content)


def _element(value: dict[str, Json]) -> LabelledElement | None:
    kind = value.get("t")
    content: Json = value.get("c")
    if kind == "Header":
        return LabelledElement(content[1][0], "section", plain_text(content[2]))
    if kind == "Figure":
        return LabelledElement(content[0][0], "figure", plain_text(content[1][1]))
    if kind == "Table":
        return LabelledElement(content[0][0], "table", plain_text(content[1][1]))
    if kind == "CodeBlock":
        return LabelledElement(content[0][0], "listing", dict(content[0][2]).get("caption", ""))
    if kind == "Div":
        return LabelledElement(content[0][0], _kind_of_div(content[0][1]), dict(content[0][2]).get("title", ""))
    if kind == "Span":
        return LabelledElement(content[0][0], "place")
    return None


def _kind_of_div(classes: Sequence[str]) -> str:
    if any(name in STATEMENT_CLASSES for name in classes):
        return "statement"
    return next((name for name in ("equation", "exercise") if name in classes), "place")


def _choose_label(element: LabelledElement, stem: str, used: set[str]) -> str:
    """Return a label that nothing else has, and add it to those in use."""
    prefix = PREFIX_BY_KIND.get(element.kind, "")
    identifier = re.sub(r"[:.]+", "-", element.identifier).strip("-")
    if READABLE_LABEL.fullmatch(element.identifier) and not MACHINE_ID.fullmatch(element.identifier):
        name = identifier
    else:
        words = ascii_slug(element.title)[:MAX_LABEL_CHARS].rpartition(
            "-" if len(element.title) > MAX_LABEL_CHARS else "\0"
        )
        title = words[0] or words[2]
        name = "-".join(
            filter(None, [prefix, title if element.kind != "equation" else "", "" if title else ascii_slug(stem)])
        )
    label = name or "place"
    number = 2
    while label.casefold() in used:
        label = f"{name}-{number}"
        number += 1
    used.add(label.casefold())
    return label
