"""Import mystmd and Jupyter Book 2: `myst.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.reading.find_license import find_book_license
from oerbook.importers.reading.foreign_book import ForeignBook, find_settings, names_below
from oerbook.importers.reading.plan import ParsedForeignBook, make_plan
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

PROJECT_LINE = re.compile(r"^(?:project|extends)\s*:", re.M)
HEADING_KEYS = ("all", "title", "headings", *(f"heading_{level}" for level in range(1, 7)))
SUMMARY = "mystmd, Jupyter Book 2 (myst.yml)"
IMPORTED_KEYS = [
    "title",
    "subtitle",
    "short_title",
    "description",
    "authors",
    "contributors",
    "editors",
    "reviewers",
    "license",
    "date",
    "doi",
    "keywords",
    "bibliography",
    "math",
    "abbreviations",
    "numbering",
    "copyright",
    "language",
    "subject",
    "open_access",
    "edition",
    "publisher",
    "isbn",
]


def find_books(tracked: Sequence[str], root: Path) -> list[str]:
    """Return the paths of the `myst.yml` files, of those that describe a project if there are some."""
    names = find_settings(tracked, "myst.yml")
    return [name for name in names if PROJECT_LINE.search(common.read_page(root / name))] or names


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a mystmd book."""
    root, base, path, name = book.root, book.settings_folder, book.settings_path, book.settings_file
    data, findings = common.read_yaml(path, root)
    data = data if isinstance(data, Mapping) else {}
    project = dict(common.get_mapping(data, "project"))
    findings += _apply_extends(root, base, data, project)
    folder = common.book_folder(root, base)
    reader = MystTocReader(base, path, name)
    numbered = _is_numbered(project.get("numbering"))
    if project.get("toc"):
        entries = reader.entries(project["toc"])
        # A numbered page with pages below it is a chapter with sections; otherwise it opens a part.
        entries = [{"children": [e]} if numbered and e.get("file") and e.get("children") else e for e in entries]
    else:
        entries = reader.find_pages(names_below(book.tracked, folder))
    bibliography = [] if project.get("bibliography") else names_below(book.tracked, folder)
    project.setdefault("bibliography", [name for name in bibliography if name.endswith(".bib")])
    facts = _facts(root, base, project) | {"toc": entries, "numbering": numbered}
    findings += [*_not_imported(path, name, data, project), *reader.findings]
    return make_plan(ParsedForeignBook(book, base, facts, reader.pages, reader.index_page, (name,), tuple(findings)))


def _is_numbered(numbering: Yaml) -> bool:
    """Return whether titles or headings have numbers; in mystmd they have none by default.

    >>> _is_numbered(None), _is_numbered({"headings": True}), _is_numbered({"figure": True, "title": False})
    (False, True, False)
    """
    if not isinstance(numbering, Mapping):
        return numbering is True
    values = [numbering[key] for key in HEADING_KEYS if key in numbering]
    return any(value.get("enabled", True) if isinstance(value, Mapping) else bool(value) for value in values)


def _not_imported(path: Path, name: str, data: Mapping[str, Yaml], project: Mapping[str, Yaml]) -> list[Finding]:
    """Return a finding for every setting that is not imported."""
    findings = []
    for key in project:
        if key not in IMPORTED_KEYS and key not in (
            "toc",
            "github",
            "references",
            "id",
            "version",
            "exports",
            "downloads",
        ):
            message = f"{key}: not imported, there is no equivalent"
            findings.append(
                common.make_finding("import-unsupported", message, Place(name, common.find_key_line(path, key)))
            )
    if data.get("site"):
        message = "site: the theme has its own settings"
        findings.append(
            common.make_finding("import-unsupported", message, Place(name, common.find_key_line(path, "site")))
        )
    return findings


def _apply_extends(root: Path, base: Path, data: Mapping[str, Yaml], project: dict[str, Yaml]) -> list[Finding]:
    """Add the settings of the files in `extends:` to `project`.

    Web addresses are never fetched.
    """
    extends = data.get("extends") or []
    findings: list[Finding] = []
    name = (base / "myst.yml").relative_to(root).as_posix()
    for item in extends if isinstance(extends, list) else [extends]:
        path = (base / str(item)).resolve()
        if "://" in str(item) or not path.is_file() or not path.is_relative_to(root.resolve()):
            line = common.find_key_line(base / "myst.yml", "extends")
            message = f"extends: {item} is not a file of the book and is not imported"
            findings.append(common.make_finding("import-unsupported", message, Place(name, line), warning=True))
            continue
        extended, file_findings = common.read_yaml(path, root.resolve())
        findings += file_findings
        for key, value in common.get_mapping(extended, "project").items():
            project.setdefault(key, value)
    return findings


class MystTocReader:
    """Reads `toc:`, or lists the pages by mystmd's rules if there is none."""

    def __init__(self, base: Path, settings_path: Path, settings_file: str) -> None:
        self.base, self.settings_path, self.settings_file = base, settings_path, settings_file
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.index_page = ""  # the page that becomes the title page

    def entries(self, toc: Yaml) -> list[TocEntry]:
        """Return the entries of `toc:`; the first page becomes the title page."""
        return [entry for item in common.to_list(toc) if isinstance(item, Mapping) for entry in self._entry(item)]

    def _entry(self, item: Mapping[str, Yaml]) -> list[TocEntry]:
        entry: TocEntry = {}
        if item.get("title"):
            entry["title"] = str(item["title"])
        if item.get("file"):
            self._read_page(str(item["file"]), entry)
        elif item.get("pattern"):
            entry["pattern"] = str(item["pattern"])
            self.pages += [name for name in common.glob_pages(self.base, entry["pattern"]) if name not in self.pages]
        elif item.get("url"):
            message = f"the link {item['url']} in the table of contents is not imported"
            hint = "Put it into the text of a page."
            self._report("import-toc-link", message, str(item["url"]), hint, warning=False)
        children = self.entries(item.get("children"))
        if children and (entry.get("file") or entry.get("title")):
            entry["children"] = children
            return [entry]
        return [*([entry] if entry.get("file") or entry.get("pattern") else []), *children]

    def _read_page(self, name: str, entry: TocEntry) -> None:
        """Add the page to an entry; the first one becomes the title page."""
        page = common.find_page(self.base, name)
        if page is None or page in self.pages:
            message = (
                f"{name} is listed, but there is no such .md or .ipynb file"
                if page is None
                else f"{name} is listed twice; only the first entry is imported"
            )
            is_other_format = page is None and name.endswith((".rst", ".tex", ".html", ".qmd"))
            hint = "Convert pages in other formats to Markdown first." if is_other_format else ""
            self._report("import-page-missing", message, name, hint, warning=True)
        elif not self.index_page and not self.pages and page.endswith(".md") and "/" not in page:
            self.index_page = page
            entry.pop("title", None)
        else:
            self.pages.append(page)
            entry["file"] = page

    def _report(self, code: str, message: str, value: str, hint: str = "", *, warning: bool) -> None:
        """Add a finding on the line of a value in `myst.yml`, or on the whole file."""
        place = Place(self.settings_file, common.find_value_line(self.settings_path, value))
        self.findings.append(common.make_finding(code, message, place, hint, warning))

    def find_pages(self, names: Sequence[str]) -> list[TocEntry]:
        """Return the pages in mystmd's order: index or README first, then by name."""
        pages = sorted(n for n in names if n.endswith((".md", ".ipynb")) and not n.startswith((".", "_")))
        self.index_page = next((n for n in ("index.md", "README.md", "readme.md") if n in pages), "")
        self.pages = [n for n in pages if n != self.index_page and not common.PROJECT_FILE_NAMES.match(n)]
        return [{"file": name} for name in self.pages]


def _facts(root: Path, base: Path, project: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """Return the front matter of the title page."""
    facts = {key: project[key] for key in IMPORTED_KEYS if project.get(key) and key != "numbering"}
    facts.setdefault("title", root.name)
    if isinstance(facts.get("authors"), list):
        facts["authors"] = [_without_contact(author) for author in facts["authors"]]
    if project.get("github"):
        facts["repository"] = str(project["github"])
    if not facts.get("license"):
        facts["license"] = find_book_license((root,))
    facts["bibliography"] = [n for n in map(str, common.to_list(facts.get("bibliography"))) if common.has_file(base, n)]
    references = {
        key: value.get("url")
        for key, value in common.get_mapping(project, "references").items()
        if isinstance(value, Mapping) and value.get("url")
    }
    if references:
        facts["references"] = references
    return facts


def _without_contact(author: Yaml) -> Yaml:
    """Return an author without e-mail address and telephone number."""
    if not isinstance(author, Mapping):
        return author
    return {key: value for key, value in author.items() if key not in ("email", "phone")}
