"""Import a Sphinx book in MyST: `index.md` with toctrees, `conf.py` never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.importers.jupyter_book import intersphinx_urls, mathjax_macros
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml
from oerbook.text.toctrees import find_toctrees

SUMMARY = "Sphinx with MyST (index.md with toctrees)"
TOCTREE_OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
TOCTREE_ENTRY = re.compile(r"^(?:(.*?)\s*<(.+)>|(.+))$")
MAX_DEPTH = 30  # levels of nested toctrees
CANDIDATE_FOLDERS = ("", "docs", "source", "doc", "docs/source", "doc/source", "book", "content")
KNOWN_SETTINGS = frozenset(
    [
        "project",
        "author",
        "copyright",
        "language",
        "bibtex_bibfiles",
        "html_baseurl",
        "html_logo",
        "intersphinx_mapping",
        "mathjax3_config",
        "extensions",
        "myst_enable_extensions",
        "exclude_patterns",
        "master_doc",
        "root_doc",
        "source_suffix",
        "bibtex_reference_style",
        "bibtex_default_style",
    ]
)


def recognise(root: Path) -> Path | None:
    """Return the folder of an `index.md` with a toctree or next to a `conf.py`."""
    for folder in CANDIDATE_FOLDERS:
        index = root / folder / "index.md"
        if index.is_file() and not index.is_symlink():
            text = index.read_text(encoding="utf-8", errors="replace")
            if find_toctrees(text) or (root / folder / "conf.py").is_file():
                return root / folder
    return None


def read(root: Path, base: Path, tracked: list[str]) -> ImportPlan:
    """Return the import plan of a Sphinx book."""
    reader = ToctreeReader(root, base)
    entries = reader.entries_below("index.md")
    settings, findings = _read_settings(root, base)
    folder = common.book_folder(root, base)
    index_text = common.read_page(base / "index.md")
    facts = _facts(root, base, settings) | {"numbering": reader.numbered, "toc": entries}
    facts["title"] = facts["title"] or _heading(index_text) or root.name
    facts["bibliography"] = _bibliography(base, settings, tracked, folder)
    page = common.render_title_page(facts, index_text, facts["title"])
    people, people_findings = common.contributor_files(root)
    moves = common.plan_moves(folder, tracked, [*reader.pages, "index.md"])
    rewritten, page_findings = common.rewrite_pages(base, root, reader.pages)
    findings += [*reader.findings, *people_findings, *page_findings]
    settings_file = f"{folder}/conf.py"
    removals = (settings_file,) if settings_file in tracked else ()
    return ImportPlan(tuple(moves), (("chapters/index.md", page), *rewritten, *people), tuple(findings), removals)


class ToctreeReader:
    """Follows toctrees from the root page and lists the pages as in mystmd."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.base = root, base
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.numbered = False
        self.depth = 0

    def entries_below(self, page: str) -> list[TocEntry]:
        """Return the entries of the toctrees on a page."""
        if self.depth > MAX_DEPTH:
            message = f"toctrees are nested more than {MAX_DEPTH} deep; the pages below this one are not listed"
            self._report(Place(page, 1), "import-page-missing", message, warning=True)
            return []
        self.depth += 1
        text = common.read_page(self.base / page)
        entries: list[TocEntry] = []
        for _name, first, last in [toctree for toctree in find_toctrees(text) if toctree[0] == "toctree"]:
            line = first + 1
            options, names = _split("\n".join(text.split("\n")[line:last]))
            self.numbered = self.numbered or "numbered" in options
            children = [entry for name in names for entry in self._entry(Place(page, line), name, "glob" in options)]
            if "reversed" in options:
                children.reverse()
            if options.get("caption") and children and page == "index.md":
                entries.append({"title": options["caption"], "children": children})
            else:
                entries += children
        self.depth -= 1
        return entries

    def _entry(self, place: Place, name: str, glob: bool) -> list[TocEntry]:
        match = TOCTREE_ENTRY.match(name)
        title, target = (match[1] or "", match[2] or match[3]) if match else ("", name)
        if target == "self" or re.match(r"https?://", target):
            if target != "self":
                self._report(place, "import-toc-link", f"the link {target} in the table of contents is not imported")
            return []
        folder = PurePosixPath(place.path).parent
        path = target.lstrip("/") if target.startswith("/") else _join(folder, target)
        names = self._glob(path) if glob and re.search(r"[*?\[]", path) else [path]
        return [entry for name in names for entry in self._page(place, name, title)]

    def _glob(self, pattern: str) -> list[str]:
        return [name for name in common.glob_pages(self.base, pattern) if name not in self.pages]

    def _page(self, place: Place, name: str, title: str) -> list[TocEntry]:
        page = common.find_page(self.base, name)
        if page is None:
            message = f"{name} is listed, but there is no such .md or .ipynb file"
            self._report(place, "import-page-missing", message, warning=True)
            return []
        if page == "index.md":
            return []
        if page in self.pages:
            message = f"{name} is listed twice; only the first entry is imported"
            self._report(place, "import-page-duplicate", message, warning=True)
            return []
        self.pages.append(page)
        entry: TocEntry = {"file": page}
        children = self.entries_below(page) if page.endswith(".md") else []
        if title:
            entry["title"] = title
        if children:
            entry["children"] = [leaf for child in children for leaf in _pages_of(child)]
        return [entry]

    def _report(self, place: Place, code: str, message: str, *, warning: bool = False) -> None:
        """Add a finding; the place is relative to the book's folder."""
        path = (self.base / place.path).relative_to(self.root).as_posix()
        self.findings.append(common.make_finding(code, message, Place(path, place.line), warning=warning))


def _pages_of(entry: TocEntry) -> list[TocEntry]:
    """Return an entry as it is, or its children if it has only a title."""
    return [entry] if entry.get("file") else list(entry.get("children", []))


def _join(folder: PurePosixPath, target: str) -> str:
    """Return a path relative to a folder, with `..` resolved.

    It never leads out of the book's folder.
    """
    parts: list[str] = [] if str(folder) == "." else list(folder.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _split(body: str) -> tuple[dict[str, str], list[str]]:
    """Return the options of a toctree, in either form, and its entries."""
    options: dict[str, str] = {}
    names = []
    lines = body.split("\n")
    if lines and lines[0].strip() == "---":
        end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---"), 0)
        for line in lines[1:end]:
            key, _colon, value = line.partition(":")
            options[key.strip()] = value.strip().strip("'\"")
        lines = lines[end + 1 :]
    for line in lines:
        match = TOCTREE_OPTION.match(line.strip())
        if match:
            options[match[1]] = match[2].strip().strip("'\"")
        elif line.strip() and not line.strip().startswith("%"):
            names.append(line.strip())
    return options, names


def _read_settings(root: Path, base: Path) -> tuple[dict[str, Yaml], list[Finding]]:
    """Return the literal values that `conf.py` assigns, and findings.

    Computed values are left out with a note.
    """
    path = next((p for p in (base / "conf.py", root / "conf.py") if p.is_file()), None)
    if path is None:
        return {}, []
    name = path.relative_to(root).as_posix()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, RecursionError):
        message = "conf.py cannot be parsed as Python"
        return {}, [common.make_finding("import-config-unreadable", message, Place(name), warning=True)]
    settings: dict[str, Yaml] = {}
    findings = []
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            continue
        key, place = node.targets[0].id, Place(name, node.lineno)
        try:
            settings[key] = ast.literal_eval(node.value)
        except (ValueError, TypeError, RecursionError):
            message = f"{key} is computed in conf.py, which is not run; not imported"
            findings.append(common.make_finding("import-unsupported", message, place))
            continue
        if key not in KNOWN_SETTINGS:
            findings.append(
                common.make_finding("import-unsupported", f"{key}: this Sphinx setting is not imported", place)
            )
    return settings, findings


def _facts(root: Path, base: Path, settings: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """Return the front matter of the title page from `conf.py`."""
    logo = str(settings.get("html_logo") or "")
    mapping = common.get_mapping(settings, "intersphinx_mapping")
    return {
        "title": str(settings.get("project") or ""),
        "authors": common.split_authors(str(settings.get("author") or "")),
        "language": str(settings.get("language") or "en"),
        "license": common.detect_license(root),
        "copyright": str(settings.get("copyright") or ""),
        "url": str(settings.get("html_baseurl") or "").rstrip("/"),
        "logo": logo if common.has_file(base, logo) else "",
        "bibliography": [],
        "bibliography_style": common.bibliography_style(settings),
        "math": mathjax_macros(settings),
        "references": intersphinx_urls(
            {key: list(value) if isinstance(value, tuple) else value for key, value in mapping.items()}
        ),
    }


def _heading(text: str) -> str:
    """Return the first heading of a page, or ""."""
    heading = re.search(r"^#\s+(.+)$", text, re.M)
    return heading[1].strip() if heading else ""


def _bibliography(base: Path, settings: Mapping[str, Yaml], tracked: list[str], folder: str) -> list[str]:
    """Return the bibliography files of `conf.py`, or all in the book's folder."""
    names = common.to_list(settings.get("bibtex_bibfiles")) or [
        name.removeprefix(f"{folder}/") for name in tracked if name.endswith(".bib") and name.startswith(folder)
    ]
    return [name for name in map(str, names) if common.has_file(base, name)]
