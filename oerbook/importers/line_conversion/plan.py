"""Plan the import of a book whose pages are converted: new names, converted texts, files that pages use, title page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.line_conversion.links import find_paths, relink, resolve_path
from oerbook.importers.line_conversion.page import ConvertedPage
from oerbook.importers.reading.all_contributors import contributor_files
from oerbook.importers.reading.foreign_book import ForeignBook
from oerbook.importers.reading.guess_language import guess_language
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Yaml
from oerbook.source.front_matter import split_front_matter

CONVERTIBLE_SUFFIXES = (".md", ".markdown", ".qmd", ".rmd", ".rst", ".txt", ".mdx", ".inc")
PAGE_SUFFIXES = (".md", ".markdown", ".qmd", ".rmd", ".rst", ".ipynb", ".mdx")
FILE_KEYS = ("logo", "cover")
README = re.compile(r"readme\.(?:md|markdown|rst|qmd|rmd)", re.I)
INCLUDED = re.compile(r"^[ \t]*(?:`{3,}|:{3,})\{include\}\s+(\S+)", re.M)
MAX_INCLUDES = 500


@dataclass(frozen=True, slots=True)
class ConvertibleBook:
    """A book that was read, and the function that converts the page at a path from the root of the repository.

    `facts` is the front matter; its `toc` and the `pages` name files relative to `base`. `source_markup` is the name of
    the markup for the record of the source.
    """

    book: ForeignBook
    base: Path
    facts: dict[str, Yaml]
    pages: Sequence[str]
    convert: Callable[[str, str], ConvertedPage]
    source_markup: str
    index_page: str = ""
    settings_files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def folder(self) -> str:
        """The folder of the pages from the root of the repository, "" for the root."""
        return common.book_folder(self.book.root, self.base)

    def path(self, name: str) -> str:
        """Return the path from the root of the repository of a page named from `base`."""
        return posixpath.normpath(posixpath.join(self.folder, name))


def group_chapters(entries: Sequence[TocEntry]) -> list[TocEntry]:
    """Return entries in which a numbered page with pages below it is a chapter with sections, and no part.

    >>> group_chapters([{"file": "a.md", "children": [{"file": "b.md"}]}, {"title": "One", "children": []}])
    [{'children': [{'file': 'a.md', 'children': [{'file': 'b.md'}]}]}, {'title': 'One', 'children': []}]
    """
    groups: list[TocEntry] = []
    for entry in entries:
        if not entry.get("file"):
            groups.append(entry)
        elif groups and set(groups[-1]) == {"children"}:
            groups[-1] = {"children": [*common.to_list(groups[-1]["children"]), entry]}
        else:
            groups.append({"children": [entry]})
    return groups if any(entry.get("children") for entry in entries) else list(entries)


def book_name(root: Path) -> str:
    """Return the name of a book's folder; while it is adopted, the folder has a longer one.

    >>> book_name(Path("/books/.soil.adopting"))
    'soil'
    """
    return root.name.removeprefix(".").removesuffix(".adopting")


def plan_conversion(read: ConvertibleBook) -> ImportPlan:
    """Return the plan: pages move and are rewritten, files that pages use move, everything else stays where it is."""
    pages = [read.path(name) for name in (*([read.index_page] if read.index_page else []), *read.pages)]
    converted = {
        name: page for name, page in _convert_all(read, pages).items() if page.text.strip() or name.endswith(".ipynb")
    }
    pages = [name for name in pages if name in converted]
    new_names = _new_names(read, pages, list(converted))
    assets = _used_files(read, converted)
    new_names |= {name: _unused_name(_asset_name(read, name), new_names) for name in assets}
    links = new_names | _html_names(new_names)
    texts = {
        name: relink(page.text, (name, new_names[name]), links, read.folder)
        for name, page in converted.items()
        if not name.endswith(".ipynb")
    }
    language = str(read.facts.get("language") or "") or guess_language(texts.values())
    facts = _moved_facts(read, new_names) | {"language": language or "en"}
    index = read.path(read.index_page) if read.index_page else ""
    body = _without_front_matter(texts.pop(index, ""))
    title_page = common.render_title_page(facts, body, str(facts.get("title") or book_name(read.book.root)))
    people, people_findings = contributor_files(read.book.root)
    files = [("chapters/index.md", title_page), *((new_names[name], text) for name, text in texts.items()), *people]
    findings = [*read.findings, *people_findings, *(f for page in converted.values() for f in page.findings)]
    findings += [*_unlisted(read, new_names)]
    return ImportPlan(
        tuple(sorted(new_names.items())),
        tuple(files),
        tuple(findings),
        read.settings_files,
        str(facts.get("license") or ""),
        True,
    )


def _without_front_matter(text: str) -> str:
    """Return a page without its front matter, whose facts are in those of the book."""
    _yaml, body_line = split_front_matter(text)
    return "\n".join(text.split("\n")[max(body_line - 1, 0) :])


def _convert_all(read: ConvertibleBook, pages: Sequence[str]) -> dict[str, ConvertedPage]:
    """Return the converted pages by path, and the pages that they include."""
    tracked = set(read.book.tracked)
    converted: dict[str, ConvertedPage] = {}
    pending = list(pages)
    while pending and len(converted) < len(pages) + MAX_INCLUDES:
        name = pending.pop(0)
        if name in converted:
            continue
        if name.endswith(".ipynb"):
            converted[name] = ConvertedPage("")
            continue
        converted[name] = _convert_page(read, name)
        for path in INCLUDED.findall(converted[name].text):
            target = resolve_path(path, name, read.folder)
            if target in tracked and target.lower().endswith(CONVERTIBLE_SUFFIXES):
                pending.append(target)
    return converted


def _convert_page(read: ConvertibleBook, name: str) -> ConvertedPage:
    """Return a converted page; one that is nested deeper than Python's stack keeps its markup."""
    text = _read_text(read.book.root / name)
    try:
        return read.convert(name, text)
    except RecursionError:
        message = "this page is nested too deeply to be converted, so its markup is kept as it is"
        finding = common.make_finding(
            "import-markup", message, Place(name), "Use fewer levels, and adopt again.", warning=True
        )
        return ConvertedPage(text, (finding,))


def _read_text(path: Path) -> str:
    """Return a page; characters that are not UTF-8 are read as Windows-1252."""
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").replace("\r\n", "\n")


def _new_names(read: ConvertibleBook, pages: Sequence[str], converted: Sequence[str]) -> dict[str, str]:
    """Return the new path of each page; included parts begin with `_`, so that they are no chapters."""
    names: dict[str, str] = {}
    index = read.path(read.index_page) if read.index_page else ""
    for path in converted:
        inside = _inside(read, path)
        pure = PurePosixPath(inside)
        stem = pure.name if path.endswith(".ipynb") else f"{pure.name.rpartition('.')[0] or pure.name}.md"
        if path == index:
            new = "index.md"
        elif path not in pages:
            new = pure.with_name(f"_{stem.lstrip('_')}").as_posix()
        elif README.fullmatch(pure.name):
            new = pure.with_name("index.md" if pure.parent.name else "start.md").as_posix()
        else:
            new = pure.with_name(stem.lstrip("_") if stem.startswith("_") else stem).as_posix()
            new = "start.md" if new == "index.md" else new
        names[path] = _unused_name(f"chapters/{new}", names)
    return names


def _inside(read: ConvertibleBook, path: str) -> str:
    """Return a path relative to the folder of the pages; what is outside of it keeps its path from the root."""
    folder = read.folder
    return path.removeprefix(f"{folder}/") if folder and path.startswith(f"{folder}/") else path


def _asset_name(read: ConvertibleBook, path: str) -> str:
    return f"chapters/{_inside(read, path)}"


def _unused_name(name: str, taken: dict[str, str]) -> str:
    used = {value.casefold() for value in taken.values()}
    pure, number = PurePosixPath(name), 2
    while name.casefold() in used:
        name = pure.with_stem(f"{pure.stem}-{number}").as_posix()
        number += 1
    return name


def _html_names(new_names: dict[str, str]) -> dict[str, str]:
    """Return the HTML pages that the old tool made of the pages, with the pages' new names."""
    made: dict[str, str] = {}
    for old, new in new_names.items():
        if old.lower().endswith(PAGE_SUFFIXES):
            stem = old.rpartition(".")[0]
            made.setdefault(f"{stem}.html", new)
            if README.fullmatch(PurePosixPath(old).name):
                made.setdefault(f"{stem.rpartition('/')[0]}/index.html".lstrip("/"), new)
    return made


def _used_files(read: ConvertibleBook, converted: dict[str, ConvertedPage]) -> list[str]:
    """Return the tracked files that pages and facts name and that are no pages."""
    tracked = set(read.book.tracked)
    named = {
        resolve_path(path, name, read.folder) for name, page in converted.items() for path in find_paths(page.text)
    }
    named |= {resolve_path(path, name, read.folder) for name in converted for path in _notebook_paths(read, name)}
    for key in FILE_KEYS:
        named.add(read.path(str(read.facts.get(key) or "/")))
    named |= {read.path(str(name)) for name in common.to_list(read.facts.get("bibliography"))}
    return sorted(name for name in named & tracked if name not in converted)


def _notebook_paths(read: ConvertibleBook, name: str) -> list[str]:
    if not name.endswith(".ipynb"):
        return []
    text = _read_text(read.book.root / name).replace('\\"', '"')
    return re.findall(r"(?:\]\(|src=[\"'])([^)\s\"'\\]+)", text)


def _moved_facts(read: ConvertibleBook, new_names: dict[str, str]) -> dict[str, Yaml]:
    """Return the front matter with the new paths of the files that it names, and the record of the source."""

    def moved(name: str) -> str:
        return new_names.get(read.path(name), name).removeprefix("chapters/")

    def moved_entries(entries: Sequence[Yaml]) -> list[TocEntry]:
        return [entry for item in entries if isinstance(item, dict) for entry in moved_entry(item)]

    def moved_entry(entry: TocEntry) -> list[TocEntry]:
        children = moved_entries(common.to_list(entry.get("children")))
        is_missing = bool(entry.get("file")) and read.path(str(entry["file"])) not in new_names
        kept = {key: value for key, value in entry.items() if key not in ("children", "file")}
        file = {"file": moved(str(entry["file"]))} if entry.get("file") and not is_missing else {}
        below = {"children": children} if children else {}
        return [{**kept, **file, **below}] if file or below else []

    facts = dict(read.facts)
    for key in FILE_KEYS:
        path = str(facts.get(key) or "")
        facts[key] = moved(path) if path and read.path(path) in new_names else ""
    bibliography = [str(name) for name in common.to_list(facts.get("bibliography"))]
    facts["bibliography"] = [moved(name) for name in bibliography if read.path(name) in new_names]
    facts["toc"] = moved_entries(common.to_list(facts.get("toc")))
    facts["sources"] = [_source_record(read)]
    return facts


def _source_record(read: ConvertibleBook) -> dict[str, Yaml]:
    """Return the record of the book that this one was made from."""
    facts = read.facts
    names = [str(a.get("name", "")) if isinstance(a, dict) else str(a) for a in common.to_list(facts.get("authors"))]
    record: dict[str, Yaml] = {
        "title": str(facts.get("title") or book_name(read.book.root)),
        "authors": names,
        "source": str(facts.get("repository") or facts.get("url") or ""),
        "license": str(facts.get("license") or ""),
        "relation": "adapted",
        "changes": f"converted from {read.source_markup} to MyST",
    }
    return {key: value for key, value in record.items() if value}


def _unlisted(read: ConvertibleBook, new_names: dict[str, str]) -> Iterator[Finding]:
    """Report the pages in the folder of the book that are no chapters, and stay where they are."""
    folder = read.folder
    suffixes = {PurePosixPath(name).suffix for name in read.pages} & set(PAGE_SUFFIXES)
    for name in read.book.tracked:
        inside = name.startswith(f"{folder}/") if folder else "/" not in name
        is_page = PurePosixPath(name).suffix in suffixes and not common.PROJECT_FILE_NAMES.match(
            name.rpartition("/")[2]
        )
        if inside and is_page and name not in new_names and name not in read.settings_files:
            message = "this page is not in the table of contents, so it is no chapter and stays here"
            yield Finding("import-page-unlisted", message, Place(name), Severity.INFO)
