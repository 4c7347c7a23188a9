"""Read a book from its folder: front matter, order of chapters, contributors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from oerbook.errors import OerbookError
from oerbook.model.book import Book, Chapter, Part, Settings
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.people import Contributor
from oerbook.source import front_matter, toc, yaml_lines
from oerbook.source.front_matter import FrontMatter
from oerbook.source.page import INDEX_PATH, read_page
from oerbook.source.people import read_people
from oerbook.source.schema import BOOK_KEYS
from oerbook.source.settings.files import (
    check_settings_files,
    declared_bibliography_files,
    declared_inventories,
    file_in_chapters,
)
from oerbook.source.settings.image_sources import read_image_sources
from oerbook.source.text import load_page_text
from oerbook.source.unread_files import report_unread_pages
from oerbook.source.values import as_isbns, read_fields
from oerbook.source.yaml_lines import YamlData, YamlValue, parse_yaml, scalar_as_text
from oerbook.text.slugs import is_reserved_page_name, page_slug, report_non_utf8_names


def read_book(root: Path) -> tuple[Book, tuple[Finding, ...]]:
    """Return the book at `root` and its findings, sorted by place.

    Findings are about front matter, file names and the source text of pages.

    Raises OerbookError when there is no `chapters/` folder.
    """
    root = root.resolve()
    chapters = root / "chapters"
    if not chapters.is_dir():
        raise OerbookError(
            f"there is no book in {root.name or root}",
            hint=_where_to_look(root),
        )
    findings: list[Finding] = []
    index, matter = _index(root, findings)
    findings += check_settings_files(root, matter)
    listing = toc.list_pages_by_folder(chapters)
    groups = _groups(root, listing, findings)
    image_sources, image_findings = read_image_sources(root, listing)
    findings += image_findings
    people, people_findings = read_people(root)
    findings += [*people_findings, *report_non_utf8_names(root, ("chapters", "contributors"))]
    parts = _parts(root, groups, findings)
    if not any(part.chapters or part.opener for part in parts):
        hint = "Add a file such as chapters/01-welcome.md."
        findings.append(
            Finding("chapters-missing", "the book has no chapters yet", Place(INDEX_PATH), Severity.WARNING, hint)
        )
    book = replace(_book(root, index, matter.values, parts, people), image_sources=image_sources)
    return book, tuple(sorted(findings, key=lambda f: f.sort_key))


def _where_to_look(root: Path) -> str:
    """Return a hint for a folder that has no book: there may be one in a folder above."""
    levels_up = next(
        (level for level, folder in enumerate(root.parents, start=1) if (folder / "chapters" / "index.md").is_file()), 0
    )
    if levels_up:
        path = "/".join([".."] * levels_up)
        return f"There is one in {path}: change to that folder, or use -C {path}"
    return "A book has a folder chapters/ with an index.md. Change to the folder of the book, or use -C."


def _index(root: Path, findings: list[Finding]) -> tuple[Chapter, FrontMatter]:
    path = root / INDEX_PATH
    if not path.exists():
        hint = "Create it: its front matter contains the title, the authors and the license of the book."
        findings.append(Finding("index-missing", f"{INDEX_PATH} is missing", Place(INDEX_PATH), Severity.ERROR, hint))
        title = toc.title_from_filename(root.name)
        return Chapter("index", INDEX_PATH, title, problem="it is missing"), FrontMatter({}, {}, (), 1)
    chapter, matter = _page(root, INDEX_PATH, "index", findings)
    for key, example in (("title", "title: Soil and water"), ("license", "license: CC-BY-4.0")):
        present = matter.values.get(key) or (key == "title" and chapter.title != toc.title_from_filename(INDEX_PATH))
        if not present and not matter.error and not chapter.problem:
            hint = f"Add a line to the front matter of {INDEX_PATH}: {example}"
            findings.append(
                Finding("book-metadata", f"the book has no {key}", Place(INDEX_PATH, 1), Severity.WARNING, hint)
            )
    return chapter, matter


def _groups(root: Path, listing: toc.PagesByFolder, findings: list[Finding]) -> list[toc.PartFiles]:
    """Return the parts in order: from `toc:` if there is one, otherwise from file names."""
    toc_value = _toc_value(root)
    findings += report_unread_pages(root, listing, toc_value is not None)
    if toc_value is None:
        findings += toc.report_duplicate_numbers(listing)
        return toc.parts_from_folders(listing)
    reader = toc.TocReader(root / "chapters", INDEX_PATH)
    reader.lines_by_file["index.md"] = toc_value.line
    groups = reader.read_parts(toc_value)
    findings += reader.findings
    listed = set(reader.lines_by_file)
    for group in toc.parts_from_folders(listing):
        for name in [group.opener, *group.files]:
            if name and name not in listed:
                hint = "Add it to toc: in chapters/index.md if it belongs to the book."
                message = "this page is not listed in toc, so it is left out"
                findings.append(Finding("toc-unlisted", message, Place(f"chapters/{name}"), Severity.INFO, hint))
    return groups


def _toc_value(root: Path) -> YamlValue | None:
    text, problem = load_page_text(root / INDEX_PATH, root) if (root / INDEX_PATH).exists() else ("", "missing")
    if problem:
        return None
    source, _line = front_matter.split_front_matter(text)
    value = parse_yaml(source, 2) if source else None
    if not isinstance(value, YamlValue) or not isinstance(value.data, yaml_lines.YamlMapping):
        return None
    toc_value = value.data.get("toc")
    return toc_value if toc_value is not None and toc_value.data is not None else None


def _parts(root: Path, groups: Iterable[toc.PartFiles], findings: list[Finding]) -> tuple[Part, ...]:
    slugs: dict[str, str] = {"index": INDEX_PATH}
    parts = []
    for group in groups:
        opener = _chapter(root, group.opener, slugs, findings) if group.opener else None
        pages = [_chapter(root, name, slugs, findings) for name in group.files]
        chapters = tuple(
            _with_toc_facts(page, group.levels.get(name, 1), group.titles.get(name, ""))
            for name, page in zip(group.files, pages, strict=True)
            if page is not None
        )
        title = (opener.title if opener else "") or group.title
        if opener or chapters:
            title = (group.title if group.titled_in_toc else "") or title
            parts.append(Part(title, opener, chapters, group.numbered_levels))
    return tuple(parts)


def _with_toc_facts(page: Chapter, level: int, title: str) -> Chapter:
    """Return a page with its level and title in `toc:`; the same object if they change nothing."""
    short_title = page.short_title or title
    is_same = (page.level, page.short_title) == (level, short_title)
    return page if is_same else replace(page, level=level, short_title=short_title)


def _chapter(root: Path, name: str, slugs: dict[str, str], findings: list[Finding]) -> Chapter | None:
    """Return the page of a file below `chapters/`, or None for a draft."""
    path = f"chapters/{name}"
    slug = page_slug(name)
    if read_page(root, path, slug).front_matter.values.get("draft") is True:
        return None
    if is_reserved_page_name(slug):
        message = f"the site has a page or folder “{slug.split('/')[0]}” of its own, so this page gets another name"
        hint = "Rename the file: links and bookmarks use its name."
        findings.append(Finding("slug-reserved", message, Place(path), Severity.WARNING, hint))
        slug = f"chapter-{slug}"
    if slug in slugs:
        message = f"{slugs[slug]} already has the page name “{slug}”, so this page gets its whole file name"
        hint = "Rename one of the two files: links use the name without its number."
        findings.append(Finding("slug-duplicate", message, Place(path), Severity.ERROR, hint))
        slug = str(PurePosixPath(name).with_suffix(""))
        slug = slug if slug not in slugs else name.replace(".", "-")
    slugs[slug] = path
    return _page(root, path, slug, findings)[0]


def _page(root: Path, path: str, slug: str, findings: list[Finding]) -> tuple[Chapter, FrontMatter]:
    """Return one page and its front matter, and add its findings to `findings`."""
    page = read_page(root, path, slug)
    findings += page.findings
    return page.chapter, page.front_matter


def _book(
    root: Path,
    index: Chapter,
    values: Mapping[str, YamlData],
    parts: tuple[Part, ...],
    people: tuple[Contributor, ...],
) -> Book:
    fields = read_fields(Book, values, BOOK_KEYS) | {"title": index.title, "isbns": as_isbns(values.get("isbn"))}
    return Book(root=root, index=index, parts=parts, people=people, settings=_settings(root, values), **fields)


def _settings(root: Path, values: Mapping[str, YamlData]) -> Settings:
    """Return the settings; those that name files of the book are read here."""
    return Settings(
        bibliography_files=declared_bibliography_files(root, values.get("bibliography")),
        inventories=declared_inventories(root, values.get("references")),
        logo=file_in_chapters(root, scalar_as_text(values.get("logo"))),
        cover=file_in_chapters(root, scalar_as_text(values.get("cover"))),
        **read_fields(Settings, values, BOOK_KEYS),
    )
