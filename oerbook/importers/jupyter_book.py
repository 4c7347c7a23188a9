"""Import Jupyter Book 1: `_toc.yml` in both its formats, and `_config.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml
from oerbook.text.toctrees import remove_toctrees

SUMMARY = "Jupyter Book 1 (_toc.yml, _config.yml)"
BUILT_IN_EXTENSIONS = frozenset(
    [
        "sphinx_proof",
        "sphinx_exercise",
        "sphinx_design",
        "sphinxcontrib.bibtex",
        "sphinx_togglebutton",
        "sphinx.ext.intersphinx",
        "sphinx.ext.todo",
        "sphinx_multitoc_numbering",
        "myst_nb",
        "myst_parser",
        "sphinx_copybutton",
        "sphinx_inline_tabs",
    ]
)
IMPORTED_KEYS = frozenset(["title", "author", "logo", "copyright", "description", "bibtex_bibfiles", "repository"])
NOTE_BY_REPLACED_KEY = {
    "execute": "code is shown and not run, unless execute: true is set and oerbook[notebooks] is installed",
    "launch_buttons": "pages have no launch buttons",
    "html": "the theme has its own settings",
    "latex": "the PDF is made without LaTeX",
    "parse": "the MyST extensions that books use are always on",
}
IGNORED_SETTINGS = frozenset(
    [
        "bibtex_reference_style",
        "bibtex_default_style",
        "exercise_style",
        "intersphinx_mapping",
        "mathjax3_config",
        "mathjax_path",
        "suppress_warnings",
        "proof_minimal_theme",
        "language",
        "numfig",
    ]
)


def recognise(root: Path) -> Path | None:
    """Return the folder of `_toc.yml`, at most two levels down."""
    paths = sorted(root.glob("_toc.yml")) + sorted(root.glob("*/_toc.yml")) + sorted(root.glob("*/*/_toc.yml"))
    visible = [
        path for path in paths if not any(part.startswith((".", "_")) for part in path.relative_to(root).parts[:-1])
    ]
    return visible[0].parent if visible else None


def read(root: Path, base: Path, tracked: list[str]) -> ImportPlan:
    """Return the import plan of a Jupyter Book."""
    toc, findings = common.read_yaml(base / "_toc.yml", root)
    config_path = base / "_config.yml"
    config, config_findings = common.read_yaml(config_path, root) if config_path.is_file() else ({}, [])
    config = config if isinstance(config, dict) else {}
    reader = JupyterTocReader(root, base)
    entries = reader.entries(toc)
    facts = _facts(root, base, config)
    if not reader.numbered:
        facts["numbering"] = False
    facts["toc"] = entries
    page = common.render_title_page(facts, common.read_page(base / "index.md"), facts["title"])
    people, people_findings = common.contributor_files(root)
    rewritten, page_findings = common.rewrite_pages(base, root, reader.pages)
    findings += [*config_findings, *reader.findings, *_not_imported(root, config_path, config)]
    findings += [*people_findings, *page_findings]
    moves = common.plan_moves(common.book_folder(root, base), tracked, reader.pages)
    files = {**dict(rewritten), **_unnumbered_root(base, reader), **dict(people), "chapters/index.md": page}
    settings = [name for name in tracked if name in (reader.toc_path, config_path.relative_to(root).as_posix())]
    return ImportPlan(tuple(moves), tuple(files.items()), tuple(findings), tuple(settings))


def _unnumbered_root(base: Path, reader: JupyterTocReader) -> dict[str, str]:
    """Return the root page with `numbering: false`: Jupyter Book gives it no number."""
    root = reader.pages[0] if reader.has_root_page and reader.numbered and reader.pages else ""
    text = remove_toctrees(common.read_page(base / root)) if root.endswith(".md") else ""
    if not text or root == "index.md" or re.search(r"^numbering:", text, re.M):
        return {}
    newline = "\r\n" if "\r\n" in text else "\n"
    opening = f"---{newline}numbering: false{newline}"
    has_front_matter = text.startswith(f"---{newline}")
    new_text = text.replace(f"---{newline}", opening, 1) if has_front_matter else f"{opening}---{newline}{text}"
    return {f"chapters/{root}": new_text}


class JupyterTocReader:
    """Converts `_toc.yml` to a table of contents as in mystmd."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.base = root, base
        self.toc_path = (base / "_toc.yml").relative_to(root).as_posix()
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.numbered = False
        self.has_root_page = False  # whether the first page is the root page

    def entries(self, toc: Yaml) -> list[TocEntry]:
        """Return the entries of either format."""
        if isinstance(toc, Mapping):
            self._read_defaults(toc)
            root_page = self._page(str(toc.get("root", "")))
            self.has_root_page = bool(root_page)
            if isinstance(toc.get("parts"), list):
                return [*root_page, *(self._part(part) for part in toc["parts"] if isinstance(part, Mapping))]
            return [*root_page, *self._children(toc.get("chapters") or toc.get("sections") or [])]
        if isinstance(toc, list):
            return self._read_list_format(toc)
        self._report("import-config-unreadable", "there is no table of contents in this file", warning=True)
        return []

    def _read_defaults(self, toc: Mapping[str, Yaml]) -> None:
        options = [toc.get("options"), toc.get("defaults")]
        self.numbered = any(isinstance(o, Mapping) and o.get("numbered") for o in options)

    def _part(self, part: Mapping[str, Yaml]) -> TocEntry:
        self.numbered = self.numbered or bool(part.get("numbered"))
        children = self._children(part.get("chapters") or part.get("sections") or [])
        return {"title": str(part.get("caption") or part.get("part") or "").strip() or "Part", "children": children}

    def _children(self, items: Yaml) -> list[TocEntry]:
        entries: list[TocEntry] = []
        for item in items if isinstance(items, list) else []:
            entries += self._child(item)
        return entries

    def _child(self, item: Yaml) -> list[TocEntry]:
        if not isinstance(item, Mapping):
            return self._page(str(item))
        self.numbered = self.numbered or bool(item.get("numbered"))
        if item.get("glob"):
            return self._glob(str(item["glob"]))
        if item.get("url"):
            self._report("import-toc-link", f"the link {item['url']} in the table of contents is not imported")
        elif item.get("file"):
            pages = self._page(str(item["file"]))
            children = self._children(item.get("sections") or item.get("chapters") or [])
            if pages and children:
                pages[0]["children"] = children
            return pages or children
        return []

    def _read_list_format(self, items: list[Yaml]) -> list[TocEntry]:
        """Read the list format of Jupyter Book 0.x.

        Files, parts, headers and dividers are in one list.
        """
        entries: list[TocEntry] = []
        part: TocEntry | None = None
        for item in items:
            if not isinstance(item, Mapping):
                continue
            self.numbered = self.numbered or bool(item.get("numbered"))
            if item.get("part") or item.get("header"):
                part = {"title": str(item.get("part") or item.get("header")), "children": []}
                part["children"] += self._children(item.get("chapters") or item.get("sections") or [])
                entries.append(part)
            elif item.get("file") or item.get("glob") or item.get("url"):
                siblings = part["children"] if part is not None else entries
                siblings += self._children([item])
        return [entry for entry in entries if entry.get("children") or entry.get("file")]

    def _glob(self, pattern: str) -> list[TocEntry]:
        return [entry for name in common.glob_pages(self.base, pattern) for entry in self._page(name, quiet=True)]

    def _page(self, name: str, quiet: bool = False) -> list[TocEntry]:
        page = common.find_page(self.base, name)
        if page is None:
            if name and not quiet:
                self._report_missing(name)
            return []
        if page in self.pages:
            if not quiet:
                message = f"{name} is listed twice; only the first entry is imported"
                self._report("import-page-duplicate", message, warning=True, value=name)
            return []
        self.pages.append(page)
        return [] if page == "index.md" else [{"file": page}]

    def _report_missing(self, name: str) -> None:
        message = f"{name} is listed, but there is no such .md or .ipynb file"
        hint = "Convert pages in other formats to Markdown first." if name.endswith((".rst", ".html")) else ""
        self._report("import-page-missing", message, warning=True, hint=hint, value=name)

    def _report(self, code: str, message: str, *, warning: bool = False, hint: str = "", value: str = "") -> None:
        """Add a finding on the line of a value in `_toc.yml`, or on the whole file."""
        line = common.find_value_line(self.base / "_toc.yml", value) if value else 0
        self.findings.append(common.make_finding(code, message, Place(self.toc_path, line), hint=hint, warning=warning))


def _facts(root: Path, base: Path, config: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """Return the front matter of the title page from `_config.yml`."""
    sphinx = common.get_mapping(config, "sphinx")
    settings = common.get_mapping(sphinx, "config")
    repository = common.get_mapping(config, "repository")
    options = common.get_mapping(settings, "html_theme_options")
    html = common.get_mapping(config, "html")
    bibliography = map(str, common.to_list(config.get("bibtex_bibfiles")))
    logo = str(config.get("logo") or "")
    return {
        "title": str(config.get("title") or root.name).strip(),
        "description": str(config.get("description") or ""),
        "authors": common.split_authors(str(config.get("author") or "")),
        "language": str(settings.get("language") or "en"),
        "license": common.detect_license(root),
        "copyright": str(config.get("copyright") or ""),
        "repository": str(repository.get("url") or options.get("repository_url") or ""),
        "url": str(html.get("baseurl") or "").rstrip("/"),
        "logo": logo if common.has_file(base, logo) else "",
        "bibliography": [name for name in bibliography if common.has_file(base, name)],
        "bibliography_style": common.bibliography_style(settings),
        "solutions": "after" if settings.get("exercise_style") else "",
        "math": mathjax_macros(settings),
        "references": intersphinx_urls(settings.get("intersphinx_mapping")),
    }


def mathjax_macros(settings: Mapping[str, Yaml]) -> dict[str, str]:
    """Return the TeX macros of a MathJax 2 or 3 configuration by name."""
    found: dict[str, str] = {}
    for key in ("mathjax3_config", "mathjax_config"):
        tex = common.get_mapping(common.get_mapping(settings, key), "tex") or common.get_mapping(
            common.get_mapping(settings, key), "TeX"
        )
        for name, body in (common.get_mapping(tex, "macros") or common.get_mapping(tex, "Macros")).items():
            found[str(name)] = str(body[0] if isinstance(body, list) and body else body)
    return found


def intersphinx_urls(mapping: Yaml) -> dict[str, str]:
    """Return the base URLs of an intersphinx mapping by key."""
    urls = {}
    for key, value in mapping.items() if isinstance(mapping, Mapping) else ():
        url = value[0] if isinstance(value, list) and value else value
        if isinstance(url, str) and re.match(r"https?://", url):
            urls[str(key)] = url.strip()
    return urls


def _not_imported(root: Path, path: Path, config: Mapping[str, Yaml]) -> Iterable[Finding]:
    """Yield a finding for every setting that is not imported."""
    name = path.relative_to(root).as_posix()
    for key in config:
        if key in IMPORTED_KEYS or key in ("sphinx", "only_build_toc_files"):
            continue
        reason = NOTE_BY_REPLACED_KEY.get(key, "not imported, there is no equivalent")
        yield common.make_finding(
            "import-unsupported", f"{key}: {reason}", Place(name, common.find_key_line(path, key))
        )
    sphinx = common.get_mapping(config, "sphinx")
    for extension in map(str, common.to_list(sphinx.get("extra_extensions"))):
        if extension not in BUILT_IN_EXTENSIONS:
            line = common.find_key_line(path, "extra_extensions")
            message = f"the extension {extension} is not imported; what it does may be missing"
            yield common.make_finding("import-unsupported", message, Place(name, line))
    for key in common.get_mapping(sphinx, "config"):
        if key not in IGNORED_SETTINGS:
            message = f"{key}: this Sphinx setting is not imported"
            yield common.make_finding("import-unsupported", message, Place(name, common.find_key_line(path, key)))
