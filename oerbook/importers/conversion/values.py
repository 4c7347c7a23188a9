"""The values that a converter returns: a book with chapters, pictures, people and a bibliography.

Chapters hold pandoc blocks, which `myst_writer` writes as MyST, or MyST that is ready. What blocks may hold besides
pandoc's own elements is described in `myst_writer/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Pairs
from oerbook.model.untyped import Yaml


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The work that a chapter or book was made from, for `sources:` in the front matter.

    `source` is its web address or a description of where it is, `revision` its commit, revision or date.
    """

    title: str
    creators: tuple[str, ...] = ()
    source: str = ""
    license: str = ""  # an SPDX id, "" if the source states none
    relation: str = "adapted"
    changes: str = "converted"
    revision: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class SourceRevision:
    """An earlier state of a chapter: who made it, when (seconds since 1970), with which remark, and its text.

    The text may be in any markup (wikitext, Markdown): each revision becomes one commit of the chapter's file, and the
    chapter itself the last one, by oerbook. `trailers` are added to the commit's message, such as `Wiki-Revision: 12`.
    """

    author: str
    time_s: int
    message: str
    text: str
    trailers: Pairs = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that chapters show: its name in the new `images/` folder, its bytes, and its facts.

    Chapters name it as `images/NAME`. `record` holds title, creator, source, license and changes, if the source states
    them; it is written to `images/NAME.yml`.
    """

    name: str
    data: bytes
    record: Pairs = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom the source names: one file in `contributors/`. It never holds an e-mail address."""

    name: str
    orcid: str = ""
    website: str = ""
    github: str = ""
    biography: str = ""


@dataclass(frozen=True, slots=True)
class ConvertedChapter:
    """A chapter: its title in plain text, and pandoc blocks or ready MyST without front matter and title.

    The highest headings of `blocks` have level 2. `key` is what links in the source call this chapter, for links from
    other chapters. `slug` is the wanted file name, "" for one from the title. `part` is the title of its part.
    `source_file` is its file in the source, for findings, and to keep that file's history. `front` holds more
    front-matter keys: authors, description, license, numbering.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    text: str = ""
    key: str = ""
    slug: str = ""
    part: str = ""
    source_file: str = ""
    front: Mapping[str, Yaml] = field(default_factory=dict)
    sources: tuple[SourceRecord, ...] = ()
    revisions: tuple[SourceRevision, ...] = ()


@dataclass(frozen=True, slots=True)
class ConvertedBook:
    """What a converter read from one source.

    `license` is an SPDX id, "" if the source states none. `front` holds more keys of the title page. `counts` are the
    numbers of things in the source, by the names of `COUNTED_THINGS`, and `words` says how often each word occurs there
    (see `count_words`), both counted apart from the conversion; what is not counted is not compared.
    `introduction` is the text of the title page, as MyST.
    """

    title: str
    chapters: tuple[ConvertedChapter, ...]
    language: str = ""
    license: str = ""
    front: Mapping[str, Yaml] = field(default_factory=dict)
    introduction: str = ""
    pictures: tuple[Picture, ...] = ()
    people: tuple[Person, ...] = ()
    bibliography: str = ""  # BibTeX
    sources: tuple[SourceRecord, ...] = ()
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


COUNTED_THINGS = ("formulas", "notes", "figures", "tables", "references", "index entries", "exercises")


@dataclass(frozen=True, slots=True)
class ConversionOptions:
    """What the user asked for.

    `styles` maps names of paragraph styles to one of `STYLE_KINDS`; `history` is empty, or "tracked" to turn tracked
    changes into revisions; `accept_changes` accepts them. `division` says whether a text is "one" chapter or "many", or
    is empty if the text is to decide.
    """

    styles: Mapping[str, str] = field(default_factory=dict)
    history: str = ""
    accept_changes: bool = False
    license: str = ""
    division: str = ""


STYLE_KINDS = (*(f"h{level}" for level in range(1, 7)), "title", "code", "quote", "caption", "note", "text", "drop")
