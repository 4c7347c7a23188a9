"""Import mystmd and Jupyter Book 2: `myst.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

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


def recognise(root: Path) -> Path | None:
    """Return the folder of `myst.yml`, at most one level down."""
    paths = [p for p in (root / "myst.yml", *sorted(root.glob("*/myst.yml"))) if p.is_file()]
    return paths[0].parent if paths else None


def read(root: Path, base: Path, tracked: list[str]) -> ImportPlan:
    """Return the import plan of a mystmd book."""
    path = base / "myst.yml"
    name = path.relative_to(root).as_posix()
    data, findings = common.read_yaml(path, root)
    data = data if isinstance(data, Mapping) else {}
    project = dict(common.get_mapping(data, "project"))
    findings += _apply_extends(root, base, data, project)
    folder = common.book_folder(root, base)
    reader = MystTocReader(root, base, name)
    entries = reader.entries(project.get("toc")) if project.get("toc") else reader.find_pages(tracked, folder)
    facts = _facts(root, base, project) | {"toc": entries}
    index_text = common.read_page(base / reader.index_page) if reader.index_page else ""
    page = common.render_title_page(facts, index_text, str(facts.get("title", root.name)))
    people, people_findings = common.contributor_files(root)
    findings += _not_imported(path, name, data, project)
    rewritten, page_findings = common.rewrite_pages(base, root, reader.pages)
    files = (("chapters/index.md", page), *_relink_pages(base, reader, dict(rewritten)), *people)
    findings += [*reader.findings, *people_findings, *page_findings]
    return ImportPlan(tuple(_moves(reader, folder, tracked)), files, tuple(findings), (name,))


def _moves(reader: MystTocReader, folder: str, tracked: list[str]) -> list[tuple[str, str]]:
    """Return the planned moves; the first page moves to `index.md`."""
    moves = common.plan_moves(folder, tracked, [*reader.pages, *([reader.index_page] if reader.index_page else [])])
    if reader.index_page in ("", "index.md"):
        return moves
    index_source = f"{folder}/{reader.index_page}" if folder else reader.index_page
    return [(source, "chapters/index.md" if source == index_source else target) for source, target in moves]


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


def _relink_pages(base: Path, reader: MystTocReader, files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the pages to write, with links to the title page corrected."""
    if reader.index_page in ("", "index.md"):
        return list(files.items())
    for name in reader.pages:
        parent = "../" * name.count("/")
        text = files.get(f"chapters/{name}", common.read_page(base / name)) if name.endswith(".md") else ""
        link = re.compile(rf"(\]\()(?:\./)?{re.escape(parent + reader.index_page)}(?=[)#\s])")
        linked = link.sub(rf"\g<1>{parent}index.md", text)
        if linked != text:
            files[f"chapters/{name}"] = linked
    return list(files.items())


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

    def __init__(self, root: Path, base: Path, path: str) -> None:
        self.root, self.base, self.config_path = root, base, path
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
            self.findings.append(
                common.make_finding("import-page-missing", message, Place(self.config_path), warning=True)
            )
        elif not self.index_page and not self.pages and page.endswith(".md") and "/" not in page:
            self.index_page = page
            entry.pop("title", None)
        else:
            self.pages.append(page)
            entry["file"] = page

    def find_pages(self, tracked: list[str], folder: str) -> list[TocEntry]:
        """Return the pages in mystmd's order: index or README first, then by name."""
        names = [name.removeprefix(f"{folder}/") for name in tracked if name.startswith(folder)]
        pages = sorted(n for n in names if n.endswith((".md", ".ipynb")) and not n.startswith((".", "_")))
        self.index_page = next((n for n in ("index.md", "README.md", "readme.md") if n in pages), "")
        self.pages = [n for n in pages if n != self.index_page and not common.PROJECT_FILE_NAMES.match(n)]
        return [{"file": name} for name in self.pages]


def _facts(root: Path, base: Path, project: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """Return the front matter of the title page."""
    facts = {key: project[key] for key in IMPORTED_KEYS if project.get(key)}
    facts.setdefault("title", root.name)
    if isinstance(facts.get("authors"), list):
        facts["authors"] = [_without_contact(author) for author in facts["authors"]]
    if project.get("github"):
        facts["repository"] = str(project["github"])
    if not facts.get("license"):
        facts["license"] = common.detect_license(root)
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
