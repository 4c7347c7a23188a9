"""Make chapters of the text of a word processor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.importers.conversion.plain_text import count_words, plain_text
from oerbook.importers.conversion.split_chapters import chapter_level, even_levels, split_at_headings
from oerbook.importers.conversion.values import ConvertedChapter
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

FACT_STYLES = ("title", "subtitle", "author", "date")


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A text: the name of its file, its blocks, and the facts at its start (title, subtitle, authors, abstract)."""

    name: str
    stem: str
    blocks: tuple[Block, ...]
    metadata: Mapping[str, Json] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title that a paragraph of the style Title states."""
        return plain_text(self.metadata.get("title", {}).get("c", []))

    @property
    def authors(self) -> tuple[str, ...]:
        """The names that paragraphs of the style Author state."""
        value = self.metadata.get("author", {})
        items = value.get("c", []) if value.get("t") == "MetaList" else [value]
        names = [plain_text(item.get("c", [])) for item in items]
        return tuple(name for name in names if name and "@" not in name)

    @property
    def words_left_out(self) -> Counter[str]:
        """The words that are no longer in the text, but facts or numbers: title, authors, labels of captions."""
        facts = [plain_text(self.metadata.get(name, {})) for name in FACT_STYLES]
        repeated = [self.title] if self.repeated_title is not None else []
        return count_words(" ".join([*facts, *repeated, *_labels(self.blocks)]))

    @property
    def repeated_title(self) -> int | None:
        """The index of the heading that says the title again, if it is the first and the only one of its level."""
        headings = [(n, block["c"]) for n, block in enumerate(self.blocks) if block["t"] == "Header"]
        if not headings or not self.title or _has_words(self.blocks[: headings[0][0]]):
            return None
        index, (level, _attributes, content) = headings[0]
        is_alone = sum(1 for _n, (other, *_rest) in headings if other <= level) == 1
        return index if is_alone and plain_text(content).strip() == self.title.strip() else None


def make_chapters(text: TextDocument, title: str, division: str = "") -> tuple[ConvertedChapter, ...]:
    """Return the chapters of a text; `title` is for a text that states none.

    Headings of the first level begin chapters if `division` is "many", and sections of one chapter if it is "one". If
    it is empty, a text with a title and without sections below its first headings is one chapter.
    """
    title = text.title or title
    abstract = _abstract(text.metadata)
    level = chapter_level(text.blocks)
    preface, sections = split_at_headings(text.blocks, level) if level else (text.blocks, [])
    has_sections = any(block["t"] == "Header" for section in sections for block in section.blocks)
    is_titled = bool(text.title) and (not has_sections or text.repeated_title is not None)
    is_one = division == "one" or not level or (not division and is_titled)
    if is_one and not (len(sections) == 1 and not _has_words(preface) and not text.title):
        at = text.repeated_title
        blocks = text.blocks if at is None else (*text.blocks[:at], *text.blocks[at + 1 :])
        key = text.blocks[at]["c"][1][0] if at is not None else ""
        body = (*abstract, *even_levels(blocks))
        return (ConvertedChapter(title or text.stem, body, key=key, source_file=text.name),)
    chapters = [
        ConvertedChapter(section.title, section.blocks, key=section.identifier, source_file=text.name)
        for section in sections
    ]
    if _has_words(preface) or abstract:
        chapters.insert(0, ConvertedChapter(title or text.stem, (*abstract, *preface), source_file=text.name))
    return tuple(chapters)


def _abstract(metadata: Mapping[str, Json]) -> list[Block]:
    value = metadata.get("abstract", {})
    if value.get("t") == "MetaBlocks":
        return list(value["c"])
    return [{"t": "Para", "c": value["c"]}] if value.get("t") == "MetaInlines" else []


def _labels(value: Json) -> Iterator[str]:
    """Yield what `left-out` attributes hold."""
    if isinstance(value, list | tuple):
        for item in value:
            if isinstance(item, list) and len(item) == 2 and item[0] == "left-out":
                yield item[1]
            else:
                yield from _labels(item)
    elif isinstance(value, dict):
        yield from _labels(value.get("c"))


def _has_words(blocks: Sequence[Block]) -> bool:
    return bool(count_words(plain_text(list(blocks))))
