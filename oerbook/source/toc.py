"""Order the chapters: by numbered file names, or by `toc:` in mystmd's format."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.yaml_lines import YamlMapping, YamlValue, scalar_as_text
from oerbook.text.slugs import NUMBER_PREFIX, is_utf8_name, leading_number

CHAPTER_SUFFIXES = (".md", ".ipynb")
TOC_ENTRY_KEYS = frozenset(
    {"file", "title", "children", "pattern", "url", "hidden", "short_title", "open_in_same_tab", "caption"}
)

MAX_NUMBERED_LEVELS = 3  # chapter, section, subsection
DEEPEST_PAGE_LEVEL = 3  # a page that is deeper in toc: has this level

PagesByFolder = dict[str, tuple[list[str], list[str]]]  # by folder: names of its pages, names of its folders


@dataclass(slots=True)
class PartFiles:
    """A part's title and files: opening page and chapters, relative to `chapters/`."""

    title: str = ""
    opener: str = ""
    titled_in_toc: bool = False  # the title comes from toc:
    files: list[str] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)  # of files below another file in toc:, which has level 1
    titles: dict[str, str] = field(default_factory=dict)  # of files that have one in toc:
    numbered_levels: int = MAX_NUMBERED_LEVELS


def title_from_filename(name: str) -> str:
    """Turn a file or folder name into a title.

    >>> title_from_filename("02-open_licenses.md")
    'Open licenses'
    """
    title = NUMBER_PREFIX.sub("", PurePosixPath(name).name.removesuffix(".md").removesuffix(".ipynb"))
    title = title.replace("-", " ").replace("_", " ").strip()
    return title[:1].upper() + title[1:] if title else name


@functools.lru_cache(maxsize=20_000)
def file_name_sort_key(name: str) -> tuple[bool, int, str]:
    """Return the sort key of a file name: its number (none comes last), then the rest."""
    number = leading_number(name)
    return (number is None, number or 0, NUMBER_PREFIX.sub("", name))


def list_pages_by_folder(chapters: Path) -> PagesByFolder:
    """Return the pages and folders in `chapters/` and every folder below it.

    Keys are paths below `chapters/` with a final slash, "" for `chapters/` itself.
    """
    listing: PagesByFolder = {}
    pending = [""]
    while pending:
        folder = pending.pop()
        listing[folder] = _list_folder(chapters / folder)
        pending += [f"{folder}{name}/" for name in listing[folder][1]]
    return listing


def _list_folder(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names of the pages and of the folders in a folder, each sorted."""
    pages, folders = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "_")) or not is_utf8_name(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif entry.name.endswith(CHAPTER_SUFFIXES) and (entry.is_symlink() or entry.is_file()):
                pages.append(entry.name)
    return sorted(pages, key=file_name_sort_key), sorted(folders, key=file_name_sort_key)


def parts_from_folders(listing: PagesByFolder) -> list[PartFiles]:
    """Return a part without a title for top-level pages, and one for each folder."""
    pages, folders = listing[""]
    loose = [name for name in pages if name.rpartition(".")[0] != "index"]
    groups = [PartFiles(files=loose)] if loose else []
    for name in folders:
        group = _folder_part(listing, name)
        if group.files or group.opener:
            groups.append(group)
    return groups


def _folder_part(listing: PagesByFolder, folder: str) -> PartFiles:
    """Return the part of a folder; the pages of deeper folders belong to it."""
    group = PartFiles(title=title_from_filename(folder))
    pages, folders = listing[f"{folder}/"]
    for name in pages:
        if name.rpartition(".")[0] == "index" and not group.opener:
            group.opener = f"{folder}/{name}"
        else:
            group.files.append(f"{folder}/{name}")
    for name in folders:
        inner = _folder_part(listing, f"{folder}/{name}")
        group.files += [*([inner.opener] if inner.opener else []), *inner.files]
    return group


def report_duplicate_numbers(listing: PagesByFolder, folder: str = "") -> Iterator[Finding]:
    """Report files in one folder with the same number."""
    pages, folders = listing[folder]
    first_names: dict[int, str] = {}
    for name in [*pages, *folders]:
        number = leading_number(name)
        if number is None:
            continue
        if number in first_names:
            message = f"{first_names[number]} has the number {number} too; they are ordered by the rest of their names"
            hint = "Renumber one of them if the order is wrong."
            yield Finding("number-duplicate", message, Place(f"chapters/{folder}{name}"), Severity.INFO, hint)
        first_names.setdefault(number, name)
    for name in folders:
        yield from report_duplicate_numbers(listing, f"{folder}{name}/")


def _same_title(entry: YamlMapping, group: PartFiles) -> bool:
    """Say whether a part's only entry is its opening page, with the same title."""
    title = entry.get("title")
    has_children = entry.get("file") is not None and entry.get("children") is not None
    return has_children and title is not None and scalar_as_text(title.data).lower() == group.title.lower()


def _numbered_levels(value: object) -> int:
    """Return how many levels of a part have numbers, from `numbered: false`, `true` or a number.

    >>> _numbered_levels(False), _numbered_levels(2), _numbered_levels(True)
    (0, 2, 3)
    """
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return (
        min(max(int(scalar_as_text(value)), 0), MAX_NUMBERED_LEVELS)
        if is_count
        else MAX_NUMBERED_LEVELS * (value is not False)
    )


class TocReader:
    """Read the parts in `toc:`; entries that cannot be used become findings."""

    def __init__(self, chapters: Path, path: str) -> None:
        self.chapters, self.path = chapters, path
        self.findings: list[Finding] = []
        self.lines_by_file: dict[str, int] = {}  # line of each listed file

    def read_parts(self, value: YamlValue) -> list[PartFiles]:
        """Return the parts of `toc:`."""
        if not isinstance(value.data, list):
            self._report(
                "toc", "toc is not a list", value.line, "Start each entry with a hyphen: - file: 01-welcome.md"
            )
            return []
        groups: list[PartFiles] = []
        loose = PartFiles()
        for item in value.data:
            entry = item.data
            if not isinstance(entry, YamlMapping):
                self._add_file(scalar_as_text(entry), item.line, loose)
                continue
            self._check_keys(entry)
            children = entry.get("children") or entry.get("chapters") or entry.get("sections")
            if children is None:
                self._entry(entry, item.line, loose)
                continue
            if loose.files:
                groups.append(loose)
                loose = PartFiles()
            groups.append(self._part(entry, children))
        return [*groups, loose] if loose.files else groups

    def _part(self, entry: YamlMapping, children: YamlValue) -> PartFiles:
        group = PartFiles()
        file = entry.get("file")
        if file is not None:
            group.opener = self._opener(file)
        title = entry.get("title") or entry.get("caption")
        group.title = scalar_as_text(title.data) if title else ""
        group.titled_in_toc = bool(group.title)
        numbered = entry.get("numbered")
        group.numbered_levels = _numbered_levels(numbered.data if numbered else None)
        only = children.data[0].data if isinstance(children.data, list) and len(children.data) == 1 else None
        if not group.opener and isinstance(only, YamlMapping) and _same_title(only, group):
            return self._opener_with_children(only, group)
        self._children(children, group)
        return group

    def _opener_with_children(self, entry: YamlMapping, group: PartFiles) -> PartFiles:
        """Use a part's only entry as its opening page, and its children as the chapters."""
        self._check_keys(entry)
        group.opener = self._opener(entry.get("file") or YamlValue("", 0))
        self._children(entry.get("children") or YamlValue([], 0), group)
        return group

    def _opener(self, file: YamlValue) -> str:
        holder = PartFiles()
        self._add_file(scalar_as_text(file.data), file.line, holder)
        return holder.files[0] if holder.files else ""

    def _children(self, children: YamlValue, group: PartFiles, level: int = 1) -> None:
        for item in children.data if isinstance(children.data, list) else []:
            if isinstance(item.data, YamlMapping):
                self._check_keys(item.data)
                self._entry(item.data, item.line, group, level)
                deeper = item.data.get("children") or item.data.get("sections")
                if deeper is not None:
                    is_page = item.data.get("file") is not None
                    self._children(deeper, group, min(level + is_page, DEEPEST_PAGE_LEVEL))
            else:
                self._add_file(scalar_as_text(item.data), item.line, group, level)

    def _entry(self, entry: YamlMapping, line: int, group: PartFiles, level: int = 1) -> None:
        if file := entry.get("file"):
            path = self._add_file(scalar_as_text(file.data), file.line, group, level)
            title = entry.get("title")
            if path and title is not None:
                group.titles[path] = scalar_as_text(title.data)
        elif pattern := entry.get("pattern"):
            self._add_matching(scalar_as_text(pattern.data), pattern.line, group, level)
        elif entry.get("url"):
            hint = "Put the link into the text of a chapter."
            self._report("toc", "links in toc are ignored", line, hint, Severity.INFO)

    def _add_matching(self, pattern: str, line: int, group: PartFiles, level: int) -> None:
        inside = pattern and not pattern.startswith("/") and ".." not in pattern.split("/")
        paths = sorted(self.chapters.glob(pattern)) if inside else []
        pages = [path for path in paths if path.suffix in CHAPTER_SUFFIXES and is_utf8_name(str(path))]
        for page in sorted(pages, key=lambda path: file_name_sort_key(path.name)):
            name = page.relative_to(self.chapters).as_posix()
            if name not in self.lines_by_file:
                self._add_file(name, line, group, level)
        if not pages:
            self._report("toc-missing", f"no file matches the pattern {pattern}", line, "Check the pattern.")

    def _add_file(self, name: str, line: int, group: PartFiles, level: int = 1) -> str:
        """Add a page to a part and return its path; "" if it cannot be used."""
        path = self._find(name)
        if path is None:
            outside = name.startswith("/") or ".." in name.split("/")
            message = f"toc lists {name}, which is " + ("outside chapters/" if outside else "not in chapters/")
            self._report("toc-missing", message, line, "Check the spelling, including capital letters.")
        elif path in self.lines_by_file:
            message = f"toc lists {name} twice (first in line {self.lines_by_file[path]})"
            self._report("toc-duplicate", message, line, "Keep one of the two lines.")
        else:
            self.lines_by_file[path] = line
            group.files.append(path)
            if level > 1:
                group.levels[path] = level
            return path
        return ""

    def _find(self, name: str) -> str | None:
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or not name:
            return None
        for suffix in ("", *CHAPTER_SUFFIXES):
            path = self.chapters / (name + suffix)
            if path.suffix in CHAPTER_SUFFIXES and path.is_file():
                return name + suffix
        return None

    def _check_keys(self, entry: YamlMapping) -> None:
        for name, line, _value in entry:
            if name not in TOC_ENTRY_KEYS and name not in ("chapters", "sections", "numbered", "id", "part"):
                self._report("front-matter-key", f"unknown key {name} in toc", line, "Remove it.")

    def _report(self, code: str, message: str, line: int, hint: str, severity: Severity = Severity.ERROR) -> None:
        self.findings.append(Finding(code, message, Place(self.path, line), severity, hint))
