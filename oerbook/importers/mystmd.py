"""mystmd and Jupyter Book 2: `myst.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oerbook.importers import common
from oerbook.model.artifacts import Draft
from oerbook.model.findings import Finding

SUMMARY = "mystmd, Jupyter Book 2 (myst.yml)"
CARRIED = [
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
    """Return the folder of `myst.yml`."""
    found = [p for p in (root / "myst.yml", *sorted(root.glob("*/myst.yml"))) if p.is_file()]
    return found[0].parent if found else None


def read(root: Path, base: Path, tracked: list[str]) -> Draft:
    """Return the draft of a mystmd book."""
    path = base / "myst.yml"
    name = path.relative_to(root).as_posix()
    data, findings = common.yaml_file(path, root)
    data = data if isinstance(data, Mapping) else {}
    project = dict(common.table(data, "project"))
    findings += _extended(root, base, data, project)
    folder = base.relative_to(root).as_posix()
    folder = "" if folder == "." else folder
    reader = Reader(root, base, name)
    entries = reader.entries(project.get("toc")) if project.get("toc") else reader.found(tracked, folder)
    facts = _facts(root, base, project)
    facts["toc"] = entries
    old = common.page_text(base / reader.index) if reader.index else ""
    page = common.title_page(facts, old, str(facts.get("title", root.name)))
    files, more = common.people(root)
    moved = common.moves(folder, tracked, [*reader.pages, *([reader.index] if reader.index else [])])
    if reader.index and reader.index != "index.md":
        source = f"{folder}/{reader.index}" if folder else reader.index
        moved = [(a, "chapters/index.md" if a == source else b) for a, b in moved]
    for key in project:
        if key not in CARRIED and key not in ("toc", "github", "references", "id", "version", "exports", "downloads"):
            findings.append(
                common.remark("adopt-left", f"{key}: it has no counterpart here", name, common.line_of(path, key))
            )
    if data.get("site"):
        words = "site: the theme has its own settings"
        findings.append(common.remark("adopt-left", words, name, common.line_of(path, "site")))
    trimmed, found = common.rewritten(base, root, reader.pages)
    trimmed = _relinked(base, reader, dict(trimmed))
    findings += [*reader.findings, *more, *found]
    return Draft(tuple(moved), (("chapters/index.md", page), *trimmed, *files), tuple(findings), (name,))


def _relinked(base: Path, reader: Reader, written: dict[str, str]) -> list[tuple[str, str]]:
    """Return the pages to write, with links to the title page's old file name put right."""
    if reader.index in ("", "index.md"):
        return list(written.items())
    for name in reader.pages:
        above = "../" * name.count("/")
        text = written.get(f"chapters/{name}", common.page_text(base / name)) if name.endswith(".md") else ""
        link = re.compile(rf"(\]\()(?:\./)?{re.escape(above + reader.index)}(?=[)#\s])")
        linked = link.sub(rf"\g<1>{above}index.md", text)
        if linked != text:
            written[f"chapters/{name}"] = linked
    return list(written.items())


def _extended(root: Path, base: Path, data: Mapping[str, Any], project: dict[str, Any]) -> list[Finding]:
    """Take in what `extends:` names, if it is a file of the book; a web address is never fetched."""
    listed = data.get("extends") or []
    findings: list[Finding] = []
    name = (base / "myst.yml").relative_to(root).as_posix()
    for item in listed if isinstance(listed, list) else [listed]:
        path = (base / str(item)).resolve()
        if "://" in str(item) or not path.is_file() or not path.is_relative_to(root.resolve()):
            line = common.line_of(base / "myst.yml", "extends")
            findings.append(
                common.remark("adopt-left", f"extends: {item} is not here and is not fetched", name, line, severe=True)
            )
            continue
        more, found = common.yaml_file(path, root.resolve())
        findings += found
        inherited = more.get("project") if isinstance(more, Mapping) else None
        for key, value in (inherited if isinstance(inherited, Mapping) else {}).items():
            project.setdefault(key, value)
    return findings


class Reader:
    """Reads `toc:`, or finds the pages by mystmd's rules where there is none."""

    def __init__(self, root: Path, base: Path, path: str) -> None:
        self.root, self.base, self.path = root, base, path
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.index = ""

    def entries(self, toc: Any) -> list[dict[str, Any]]:
        """Return the entries of `toc:`; the first page becomes the title page."""
        return [entry for item in common.listed(toc) if isinstance(item, Mapping) for entry in self._entry(item)]

    def _entry(self, item: Mapping[str, Any]) -> list[dict[str, Any]]:
        made: dict[str, Any] = {}
        if item.get("title"):
            made["title"] = str(item["title"])
        if item.get("file"):
            page = common.page_of(self.base, str(item["file"]))
            if page is None or page in self.pages:
                words = "is not here as .md or .ipynb" if page is None else "stands there twice; it is kept once"
                self.findings.append(
                    common.remark(
                        "adopt-missing", f"the contents name {item['file']}, which {words}", self.path, severe=True
                    )
                )
            else:
                self._note(page, made)
        elif item.get("pattern"):
            made["pattern"] = str(item["pattern"])
        children = [
            entry
            for child in common.listed(item.get("children"))
            if isinstance(child, Mapping)
            for entry in self._entry(child)
        ]
        if children and (made.get("file") or made.get("title")):
            made["children"] = children
            return [made]
        return [*([made] if made.get("file") or made.get("pattern") else []), *children]

    def _note(self, page: str, made: dict[str, Any]) -> None:
        if not self.index and not self.pages and page.endswith(".md") and "/" not in page:
            self.index = page
            made.pop("title", None)
        else:
            self.pages.append(page)
            made["file"] = page

    def found(self, tracked: list[str], folder: str) -> list[dict[str, Any]]:
        """Return the pages in mystmd's order: index or README first, then by name."""
        names = [name.removeprefix(f"{folder}/") for name in tracked if name.startswith(folder)]
        pages = sorted(n for n in names if n.endswith((".md", ".ipynb")) and not n.startswith((".", "_")))
        self.index = next((n for n in ("index.md", "README.md", "readme.md") if n in pages), "")
        self.pages = [n for n in pages if n != self.index and not common.PROJECT.match(n)]
        return [{"file": name} for name in self.pages]


def _facts(root: Path, base: Path, project: Mapping[str, Any]) -> dict[str, Any]:
    facts = {key: project[key] for key in CARRIED if project.get(key)}
    facts.setdefault("title", root.name)
    if isinstance(facts.get("authors"), list):
        facts["authors"] = [_person(item) for item in facts["authors"]]
    if project.get("github"):
        facts["repository"] = str(project["github"])
    if not facts.get("license"):
        facts["license"] = common.licence_of(root)
    facts["bibliography"] = [n for n in map(str, common.listed(facts.get("bibliography"))) if common.has(base, n)]
    references = {
        k: v.get("url")
        for k, v in common.table(project, "references").items()
        if isinstance(v, Mapping) and v.get("url")
    }
    if references:
        facts["references"] = references
    return facts


def _person(item: Any) -> Any:
    return {k: v for k, v in item.items() if k not in ("email", "phone")} if isinstance(item, Mapping) else item
