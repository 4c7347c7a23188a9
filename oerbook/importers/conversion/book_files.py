"""Write a converted book as files: chapters in MyST, pictures with their facts, people, bibliography, title page."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from oerbook.attribution.myst_prose import iter_prose_words
from oerbook.importers.conversion.compare_content import compare_content
from oerbook.importers.conversion.labels import ChapterLabels, assign_labels
from oerbook.importers.conversion.plain_text import count_words
from oerbook.importers.conversion.values import ConvertedBook, ConvertedChapter, Person, Picture, SourceRecord
from oerbook.importers.myst_writer import PageContext, WrittenPage, write_page
from oerbook.importers.myst_writer.escaping import escape_text
from oerbook.model.findings import Finding
from oerbook.model.untyped import Yaml
from oerbook.text.slugs import make_unused_slug, slugify

YAML_WIDTH = 100
ENTRY_START = re.compile(r"^[ \t]*@\w+[ \t]*[{(][ \t]*([^,\s]+)[ \t]*,", re.M)


@dataclass(frozen=True, slots=True)
class NamesInUse:
    """What the book has already: labels, names of pictures, ids of people, citation keys, and its license."""

    labels: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)  # id by name
    citation_keys: frozenset[str] = frozenset()
    license: str = ""


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The files of a converted book by their path below the book's root, what was found, and the things written.

    `words` says how often each word was written. `chapters` are the paths of chapters, in their order.
    """

    chapters: tuple[str, ...]
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


def render_book(book: ConvertedBook, paths: Sequence[str], taken: NamesInUse) -> BookFiles:
    """Return the files of a book whose chapters go to `paths` below `chapters/`."""
    pictures, renamed = _rename_pictures(book.pictures, taken.pictures)
    keys = citation_keys(book.bibliography) | taken.citation_keys
    files: dict[str, bytes] = {}
    findings = list(book.findings)
    counts: Counter[str] = Counter()
    words: Counter[str] = Counter()
    labels = assign_labels(book.chapters, paths, taken.labels)
    for chapter, path, chapter_labels in zip(book.chapters, paths, labels, strict=True):
        written = _write_chapter(chapter, path, (chapter_labels, renamed, keys))
        files[f"chapters/{path}"] = render_chapter(book, chapter, written.text, taken).encode()
        findings += written.findings
        counts.update(written.counts)
        words.update(written.words)
        words.update(count_words(chapter.title))
    for picture in pictures:
        files[f"chapters/images/{picture.name}"] = picture.data
        if picture.record:
            files[f"chapters/images/{picture.name}.yml"] = _dump(dict(picture.record)).encode()
    files |= render_people(book.people, taken.people)
    findings += compare_content(book, counts, words)
    return BookFiles(tuple(f"chapters/{path}" for path in paths), files, tuple(findings), counts, words)


def render_chapter(book: ConvertedBook, chapter: ConvertedChapter, body: str, taken: NamesInUse) -> str:
    """Return the text of a chapter's file: front matter, title and body."""
    front: dict[str, Yaml] = {key: value for key, value in chapter.front.items() if value not in (None, "", [], {})}
    license_ = str(front.pop("license", "") or book.license)
    if license_ and license_ != taken.license:
        front["license"] = license_
    records = chapter.sources or book.sources
    if records:
        front["sources"] = [render_record(record) for record in records]
    head = f"---\n{_dump(front)}---\n\n" if front else ""
    title = escape_text(" ".join(chapter.title.split()))
    return f"{head}# {title}\n\n{body}" if body else f"{head}# {title}\n"


def render_title_page(book: ConvertedBook, license_: str) -> str:
    """Return `chapters/index.md` of a new book."""
    front: dict[str, Yaml] = {"title": book.title, "language": book.language or "en", "license": license_, **book.front}
    if book.sources:
        front["sources"] = [render_record(record) for record in book.sources]
    filled = {key: value for key, value in front.items() if value not in (None, "", [], {})}
    body = book.introduction.strip() or f"# {escape_text(book.title)}"
    return f"---\n{_dump(filled)}---\n\n{body}\n"


def render_record(record: SourceRecord) -> dict[str, Yaml]:
    """Return a source as the mapping that `sources:` holds."""
    values = {
        "title": record.title,
        "authors": ", ".join(record.creators),
        "source": record.source,
        "revision": record.revision,
        "license": record.license,
        "relation": record.relation,
        "changes": record.changes,
        "retrieved": record.retrieved,
    }
    return {key: value for key, value in values.items() if value}


def render_people(people: Sequence[Person], present: Mapping[str, str]) -> dict[str, bytes]:
    """Return a file in `contributors/` for each person whom the book does not have."""
    used = set(present.values())
    known = {name.casefold() for name in present}
    files: dict[str, bytes] = {}
    for person in people:
        name = " ".join(person.name.split())
        if not name or "@" in name or name.casefold() in known:
            continue
        known.add(name.casefold())
        person_id = make_unused_slug(slugify(name) or "somebody", used)
        used.add(person_id)
        facts = {"name": name, "orcid": person.orcid, "website": person.website, "github": person.github}
        text = f"---\n{_dump({key: value for key, value in facts.items() if value})}---\n"
        files[f"contributors/{person_id}.md"] = f"{text}\n{person.biography}\n".rstrip().encode() + b"\n"
    return files


def citation_keys(bibliography: str) -> frozenset[str]:
    """Return the keys of BibTeX entries."""
    return frozenset(match[1] for match in ENTRY_START.finditer(bibliography))


def split_entries(bibliography: str) -> list[str]:
    r"""Return the entries of a bibliography, each with what stands before the next one.

    >>> split_entries("@book{a,\n}\n\n@misc{b,\n}\n")
    ['@book{a,\n}', '@misc{b,\n}']
    """
    starts = [match.start() for match in ENTRY_START.finditer(bibliography)]
    ends = [*starts[1:], len(bibliography)]
    return [bibliography[start:end].strip() for start, end in zip(starts, ends, strict=False)]


def _write_chapter(
    chapter: ConvertedChapter, path: str, known: tuple[ChapterLabels, Mapping[str, str], frozenset[str]]
) -> WrittenPage:
    """Return the body of a chapter: its blocks as MyST, or its ready text with pictures at their new paths."""
    labels, renamed, keys = known
    up = "../" * path.count("/")
    pictures = {old: f"{up}{new}" for old, new in renamed.items()}
    if chapter.blocks:
        source = chapter.source_file or path
        return write_page(chapter.blocks, PageContext(source, labels.labels, labels.links, pictures, keys))
    words = count_words(" ".join(word.text for word in iter_prose_words(chapter.text)))
    changed = {old: new for old, new in pictures.items() if old != new}
    if not changed:
        return WrittenPage(chapter.text, words=words)
    names = "|".join(re.escape(name) for name in sorted(changed, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w./-])(?:{names})(?![\w-])")
    return WrittenPage(pattern.sub(lambda match: changed[match[0]], chapter.text), words=words)


def _rename_pictures(pictures: Sequence[Picture], taken: frozenset[str]) -> tuple[list[Picture], dict[str, str]]:
    """Return pictures under names that the book does not use yet, and the new paths by the old ones."""
    used, renamed, result = {name.casefold() for name in taken}, {}, []
    for picture in pictures:
        stem, suffix = posixpath.splitext(picture.name)
        name, number = picture.name, 2
        while name.casefold() in used:
            name, number = f"{stem}-{number}{suffix}", number + 1
        used.add(name.casefold())
        renamed[f"images/{picture.name}"] = f"images/{name}"
        result.append(Picture(name, picture.data, picture.record))
    return result, renamed


def _dump(values: Mapping[str, Yaml]) -> str:
    return yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True, width=YAML_WIDTH)
