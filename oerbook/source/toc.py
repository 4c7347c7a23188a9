"""The order of the book: from numbered file names, or from `toc:` in mystmd's shape."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.yaml_lines import Mapping, Value, text_of
from oerbook.text.slugs import NUMBER, is_text, number_of

SUFFIXES = (".md", ".ipynb")
KEYS = frozenset(
    {"file", "title", "children", "pattern", "url", "hidden", "short_title", "open_in_same_tab", "caption"}
)

Listed = dict[str, tuple[list[str], list[str]]]  # by folder: the names of the pages in it, and of the folders


@dataclass(slots=True)
class Group:
    """A part in the making: its title, its opener, its files, all relative to `chapters/`."""

    title: str = ""
    opener: str = ""
    named: bool = False  # by its author, in toc:
    files: list[str] = field(default_factory=list)


def words(name: str) -> str:
    """Return a file or folder name as a title.

    >>> words("02-open_licences.md")
    'Open licences'
    """
    plain = NUMBER.sub("", PurePosixPath(name).name.removesuffix(".md").removesuffix(".ipynb"))
    plain = plain.replace("-", " ").replace("_", " ").strip()
    return plain[:1].upper() + plain[1:] if plain else name


@functools.lru_cache(maxsize=20_000)
def key(name: str) -> tuple[bool, int, str]:
    """Return what orders a name: its number, then its slug; names without a number come last."""
    number = number_of(name)
    return (number is None, number or 0, NUMBER.sub("", name))


def listed(chapters: Path) -> Listed:
    """Return what lies in `chapters/` and in every folder below it, by the folder's path with a slash at its end."""
    found: Listed = {}
    waiting = [""]
    while waiting:
        below = waiting.pop()
        found[below] = _listed(chapters / below)
        waiting += [f"{below}{name}/" for name in found[below][1]]
    return found


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names of the pages in a folder and of the folders in it, each in their order."""
    pages, folders = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "_")) or not is_text(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif entry.name.endswith(SUFFIXES) and (entry.is_symlink() or entry.is_file()):
                pages.append(entry.name)
    return sorted(pages, key=key), sorted(folders, key=key)


def from_names(there: Listed) -> list[Group]:
    """Return the parts that numbered files and folders make; deeper folders belong to the part they lie in."""
    pages, folders = there[""]
    loose = [name for name in pages if name.rpartition(".")[0] != "index"]
    groups = [Group(files=loose)] if loose else []
    for name in folders:
        group = _group(there, name)
        if group.files or group.opener:
            groups.append(group)
    return groups


def _group(there: Listed, folder: str) -> Group:
    group = Group(title=words(folder))
    pages, folders = there[f"{folder}/"]
    for name in pages:
        if name.rpartition(".")[0] == "index" and not group.opener:
            group.opener = f"{folder}/{name}"
        else:
            group.files.append(f"{folder}/{name}")
    for name in folders:
        inner = _group(there, f"{folder}/{name}")
        group.files += [*([inner.opener] if inner.opener else []), *inner.files]
    return group


def same_numbers(there: Listed, below: str = "") -> Iterator[Finding]:
    """Report files that share a number: no error, for two authors may have chosen it at once."""
    pages, folders = there[below]
    taken: dict[int, str] = {}
    for name in [*pages, *folders]:
        number = number_of(name)
        if number is None:
            continue
        if number in taken:
            message = f"{taken[number]} has the number {number} too; the names after the number settle their order"
            hint = "Renumber one of them if the order is wrong."
            yield Finding("same-number", message, Place(f"chapters/{below}{name}"), Severity.INFO, hint)
        taken.setdefault(number, name)
    for name in folders:
        yield from same_numbers(there, f"{below}{name}/")


def _same_title(entry: Mapping, group: Group) -> bool:
    """Say whether a part's only page opens it: it has pages below it and bears the part's own title."""
    title = entry.get("title")
    opens = entry.get("file") is not None and entry.get("children") is not None
    return opens and title is not None and text_of(title.data).lower() == group.title.lower()


class Reader:
    """Reads `toc:`; what it names and cannot be had becomes a finding."""

    def __init__(self, chapters: Path, path: str) -> None:
        self.chapters, self.path = chapters, path
        self.findings: list[Finding] = []
        self.seen: dict[str, int] = {}

    def groups(self, value: Value) -> list[Group]:
        """Return the parts of a table of contents."""
        if not isinstance(value.data, list):
            self._say("toc", "toc is not a list", value.line, "Begin each entry with a hyphen: - file: 01-welcome.md")
            return []
        groups: list[Group] = []
        loose = Group()
        for item in value.data:
            entry = item.data
            if not isinstance(entry, Mapping):
                self._take(text_of(entry), item.line, loose)
                continue
            self._known(entry)
            children = entry.get("children") or entry.get("chapters") or entry.get("sections")
            if children is None:
                self._entry(entry, item.line, loose)
                continue
            if loose.files:
                groups.append(loose)
                loose = Group()
            groups.append(self._part(entry, item.line, children))
        return [*groups, loose] if loose.files else groups

    def _part(self, entry: Mapping, line: int, children: Value) -> Group:
        group = Group()
        named = entry.get("file")
        if named is not None:
            holder = Group()
            self._take(text_of(named.data), named.line, holder)
            group.opener = holder.files[0] if holder.files else ""
        title = entry.get("title") or entry.get("caption")
        group.title = text_of(title.data) if title else ""
        group.named = bool(group.title)
        only = children.data[0].data if isinstance(children.data, list) and len(children.data) == 1 else None
        if not group.opener and isinstance(only, Mapping) and _same_title(only, group):
            return self._opened(only, group)
        self._children(children, group)
        return group

    def _opened(self, entry: Mapping, group: Group) -> Group:
        """Take a part's only page that has pages below it as the part's opener."""
        self._known(entry)
        holder = Group()
        named, below = entry.get("file"), entry.get("children")
        self._take(text_of(named.data) if named else "", named.line if named else 0, holder)
        group.opener = holder.files[0] if holder.files else ""
        self._children(below or Value([], 0), group)
        return group

    def _children(self, children: Value, group: Group) -> None:
        for item in children.data if isinstance(children.data, list) else []:
            if isinstance(item.data, Mapping):
                self._known(item.data)
                self._entry(item.data, item.line, group)
                deeper = item.data.get("children") or item.data.get("sections")
                if deeper is not None:
                    self._children(deeper, group)
            else:
                self._take(text_of(item.data), item.line, group)

    def _entry(self, entry: Mapping, line: int, group: Group) -> None:
        if named := entry.get("file"):
            self._take(text_of(named.data), named.line, group)
        elif pattern := entry.get("pattern"):
            self._matching(text_of(pattern.data), pattern.line, group)
        elif entry.get("url"):
            hint = "Put the link into a chapter's text."
            self._say("toc", "a link in toc has no place in a book", line, hint, Severity.INFO)

    def _matching(self, pattern: str, line: int, group: Group) -> None:
        inside = pattern and not pattern.startswith("/") and ".." not in pattern.split("/")
        pages = (
            sorted(p for p in self.chapters.glob(pattern) if p.suffix in SUFFIXES and is_text(str(p))) if inside else []
        )
        for page in sorted(pages, key=lambda p: key(p.name)):
            name = page.relative_to(self.chapters).as_posix()
            if name not in self.seen:
                self._take(name, line, group)
        if not pages:
            self._say("toc-missing", f"no file fits the pattern {pattern}", line, "Check the pattern.")

    def _take(self, name: str, line: int, group: Group) -> None:
        path = self._find(name)
        if path is None:
            outside = name.startswith("/") or ".." in name.split("/")
            message = f"toc names {name}, which " + ("lies outside chapters/" if outside else "is not in chapters/")
            self._say("toc-missing", message, line, "Check the spelling, capitals included.")
        elif path in self.seen:
            message = f"toc names {name} twice (line {self.seen[path]} has it already)"
            self._say("toc-twice", message, line, "Keep one of the two lines.")
        else:
            self.seen[path] = line
            group.files.append(path)

    def _find(self, name: str) -> str | None:
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or not name:
            return None
        for suffix in ("", *SUFFIXES):
            path = self.chapters / (name + suffix)
            if path.suffix in SUFFIXES and path.is_file():
                return name + suffix
        return None

    def _known(self, entry: Mapping) -> None:
        for name, line, _value in entry:
            if name not in KEYS and name not in ("chapters", "sections", "numbered", "id", "part"):
                self._say("front-matter-key", f"nothing is known of the key {name} in toc", line, "Take it out.")

    def _say(self, code: str, message: str, line: int, hint: str, severity: Severity = Severity.ERROR) -> None:
        self.findings.append(Finding(code, message, Place(self.path, line), severity, hint))
