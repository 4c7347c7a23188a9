"""Import Quarto books: `_quarto.yml`; code is shown and never run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.line_conversion.plan import ConvertibleBook, book_name, plan_conversion
from oerbook.importers.quarto_pages.book import heading_of, page_converter, part_entry, read_people
from oerbook.importers.quarto_pages.front_matter import split_page
from oerbook.importers.reading.find_license import find_book_license
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings, names_below
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

SUMMARY = "Quarto (_quarto.yml)"
IMPORTED_KEYS = frozenset(
    ["title", "subtitle", "author", "authors", "date", "description", "chapters", "appendices", "references", "license",
     "repo-url", "site-url", "cover-image", "doi", "image", "abstract", "language", "lang", "keywords"]
)  # fmt: skip
PAGE_SUFFIXES = (".qmd", ".ipynb", ".md", ".Rmd", ".rmd")
NOT_IMPORTED_NOTE = "it sets the look or the tool's buttons, which the theme has its own settings for"


def find_books(tracked: Sequence[str], root: Path) -> list[str]:
    """Return the paths of the `_quarto.yml` files that list chapters or pages."""
    return [
        name
        for name in (*find_settings(tracked, "_quarto.yml"), *find_settings(tracked, "_quarto.yaml"))
        if _lists_pages(common.read_page(root / name))
    ]


def _lists_pages(text: str) -> bool:
    return "chapters:" in text or "contents:" in text or "type: book" in text or "type: website" in text


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a Quarto book."""
    root, base = book.root, book.settings_folder
    data, findings = common.read_yaml(book.settings_path, root)
    settings = data if isinstance(data, Mapping) else {}
    section = dict(common.get_mapping(settings, "book") or common.get_mapping(settings, "website"))
    reader = ChapterReader(book)
    if section.get("chapters"):
        entries = reader.entries(section["chapters"])
        appendices = reader.entries(section.get("appendices"))
        entries += [part_entry("Appendices", appendices)] if appendices else []
    else:
        entries = reader.website_entries(section.get("sidebar")) or reader.all_pages()
    index = next((name for name in reader.pages if PurePosixPath(name).stem == "index" and "/" not in name), "")
    entries = [entry for entry in entries if entry.get("file") != index or entry.get("children")]
    index_text = common.read_page(base / index) if index and not index.endswith(".ipynb") else ""
    facts = _facts(book, section, settings, index_text)
    facts["toc"], facts["numbering"] = entries, _is_numbered(settings) and "chapters" in section
    variables = common.read_yaml(base / "_variables.yml", root)[0] if (base / "_variables.yml").is_file() else {}
    paths = [(base / name).relative_to(root).as_posix() for name in reader.pages]
    convert = page_converter(book, paths, {**facts, **(variables if isinstance(variables, Mapping) else {})})
    pages = [name for name in reader.pages if name != index]
    findings += [*reader.findings, *_not_imported(book, settings, section)]
    return plan_conversion(
        ConvertibleBook(book, base, facts, pages, convert, "Quarto", index, (book.settings_file,), tuple(findings))
    )


def _is_numbered(settings: Mapping[str, Yaml]) -> bool:
    html = common.get_mapping(common.get_mapping(settings, "format"), "html")
    return settings.get("number-sections", html.get("number-sections", True)) is not False


def _facts(
    book: ForeignBook, section: Mapping[str, Yaml], settings: Mapping[str, Yaml], index_text: str
) -> dict[str, Yaml]:
    """Return the front matter of the title page from `_quarto.yml` and the first page."""
    index_facts = split_page(index_text)[0]

    def get(*names: str) -> Yaml:
        sources = (section, settings, index_facts)
        return next((s[name] for s in sources for name in names if s.get(name)), "")

    license_ = get("license")
    declared = (
        str(license_.get("type") or license_.get("url") or "") if isinstance(license_, Mapping) else str(license_)
    )
    bibliography = [str(n) for n in common.to_list(settings.get("bibliography") or index_facts.get("bibliography"))]
    pages = [index_text, common.read_page(book.root / "README.md"), str(section.get("page-footer") or "")]
    return {
        "title": str(get("title") or heading_of(index_text) or book_name(book.root)).strip(),
        "subtitle": str(get("subtitle") or ""),
        "description": " ".join(str(get("description", "abstract") or "").split()),
        "authors": read_people(get("author", "authors")),
        "date": str(get("date"))[:10] if str(get("date"))[:4].isdigit() else "",
        "language": str(get("lang", "language") or "") if isinstance(get("lang", "language"), str) else "",
        "license": book.license or find_book_license((book.settings_folder, book.root), declared, pages),
        "repository": str(get("repo-url") or "").rstrip("/"),
        "url": str(get("site-url") or "").rstrip("/"),
        "doi": str(get("doi") or ""),
        "keywords": [str(word) for word in common.to_list(get("keywords"))],
        "cover": str(get("cover-image") or ""),
        "bibliography": bibliography,
    }


def _not_imported(book: ForeignBook, settings: Mapping[str, Yaml], section: Mapping[str, Yaml]) -> list[Finding]:
    """Return a note for every setting that is not carried over."""
    known = (
        "project",
        "book",
        "website",
        "bibliography",
        "lang",
        "number-sections",
        "editor",
        "csl",
        "title",
        "author",
    )
    keys = [key for key in settings if key not in known] + [key for key in section if key not in IMPORTED_KEYS]
    return [
        common.make_finding(
            "import-unsupported",
            f"{key}: not carried over, {NOT_IMPORTED_NOTE}",
            Place(book.settings_file, common.find_key_line(book.settings_path, key)),
        )
        for key in keys
    ]


class ChapterReader:
    """Reads `chapters:` and lists the pages and the problems."""

    def __init__(self, book: ForeignBook) -> None:
        self.book, self.base = book, book.settings_folder
        self.pages: list[str] = []
        self.findings: list[Finding] = []

    def entries(self, items: Yaml) -> list[TocEntry]:
        """Return the entries of a list of chapters and parts."""
        entries: list[TocEntry] = []
        for item in common.to_list(items):
            if isinstance(item, str):
                entries += self._page(item)
            elif isinstance(item, Mapping):
                entries += self._mapping(item)
        return entries

    def _mapping(self, item: Mapping[str, Yaml]) -> list[TocEntry]:
        part = str(item.get("part") or item.get("section") or "")
        below = item.get("chapters") or item.get("contents")
        if below is None:
            path = str(item.get("file") or item.get("href") or part)
            title = str(item.get("text") or "")
            return [{**entry, **({"title": title} if title else {})} for entry in self._page(path)]
        is_file = part.endswith(PAGE_SUFFIXES)
        opener = self._page(part) if is_file else []
        children = self.entries(below)
        title = "" if is_file else part or str(item.get("text") or "")
        return [part_entry(title, children, str(opener[0]["file"]) if opener else "")] if title or opener else children

    def _page(self, name: str) -> list[TocEntry]:
        if not name or name.startswith(("http:", "https:", "---")):
            return []
        if any(char in name for char in "*?["):
            found = sorted(
                p.relative_to(self.base).as_posix() for p in self.base.glob(name) if p.suffix in PAGE_SUFFIXES
            )
            return [entry for page in found if page not in self.pages for entry in self._page(page)]
        path = name.lstrip("/")
        if not common.has_file(self.base, path) or not path.endswith(PAGE_SUFFIXES):
            self._report("import-page-missing", f"{name} is listed, but there is no such page", name)
            return []
        if path in self.pages:
            self._report("import-page-duplicate", f"{name} is listed twice; only the first entry is imported", name)
            return []
        self.pages.append(path)
        return [{"file": path}]

    def website_entries(self, sidebar: Yaml) -> list[TocEntry]:
        """Return the entries of the sidebars of a web site."""
        bars = [bar for bar in common.to_list(sidebar) if isinstance(bar, Mapping)]
        return [entry for bar in bars for entry in self.entries(bar.get("contents"))]

    def all_pages(self) -> list[TocEntry]:
        """Return all pages in the folder, as Quarto orders them: by name, the first page first."""
        folder = common.book_folder(self.book.root, self.base)
        names = [n for n in names_below(self.book.tracked, folder) if n.endswith((".qmd", ".ipynb"))]
        own = [n for n in names if not any(part.startswith(("_", ".")) for part in n.split("/"))]
        return [entry for name in sorted(own, key=lambda n: (n != "index.qmd", n)) for entry in self._page(name)]

    def _report(self, code: str, message: str, value: str) -> None:
        place = Place(self.book.settings_file, common.find_value_line(self.book.settings_path, value))
        self.findings.append(common.make_finding(code, message, place, warning=True))
