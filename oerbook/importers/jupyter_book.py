"""Jupyter Book 1: `_toc.yml` in both its formats and `_config.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from oerbook.importers import common
from oerbook.model.artifacts import Draft
from oerbook.model.findings import Finding

SUMMARY = "Jupyter Book 1 (_toc.yml, _config.yml)"
KNOWN_EXTENSIONS = frozenset(
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
CARRIED = frozenset(["title", "author", "logo", "copyright", "description", "bibtex_bibfiles", "repository"])
OWN_WAY = {
    "execute": "code is shown and never run, unless execute: true and oerbook[notebooks] say otherwise",
    "launch_buttons": "pages have no launch buttons",
    "html": "the theme has its own settings",
    "latex": "the PDF is made without LaTeX",
    "parse": "MyST's extensions that books use are all on",
}
OWN_CONFIG = frozenset(
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
    """Return the folder of `_toc.yml`."""
    found = sorted(root.glob("_toc.yml")) + sorted(root.glob("*/_toc.yml")) + sorted(root.glob("*/*/_toc.yml"))
    kept = [
        path for path in found if not any(part.startswith((".", "_")) for part in path.relative_to(root).parts[:-1])
    ]
    return kept[0].parent if kept else None


def read(root: Path, base: Path, tracked: list[str]) -> Draft:
    """Return the draft of a Jupyter Book."""
    toc, findings = common.yaml_file(base / "_toc.yml", root)
    config_path = base / "_config.yml"
    config, more = common.yaml_file(config_path, root) if config_path.is_file() else ({}, [])
    config = config if isinstance(config, dict) else {}
    findings += more
    reader = Reader(root, base)
    entries = reader.entries(toc)
    folder = base.relative_to(root).as_posix()
    folder = "" if folder == "." else folder
    facts = _facts(root, base, config)
    facts |= {"numbering": reader.numbered, "toc": entries}
    if reader.numbered:
        facts.pop("numbering")
    page = common.title_page(facts, common.page_text(base / "index.md"), facts["title"])
    files, found = common.people(root)
    trimmed, more = common.rewritten(base, root, reader.pages)
    findings += [*reader.findings, *_left(root, config_path, config), *found, *more]
    moved = common.moves(folder, tracked, reader.pages)
    written = {**dict(trimmed), **_unnumbered(base, reader), **dict(files), "chapters/index.md": page}
    settings = [name for name in tracked if name in (reader.path, config_path.relative_to(root).as_posix())]
    return Draft(tuple(moved), tuple(written.items()), tuple(findings), tuple(settings))


def _unnumbered(base: Path, reader: Reader) -> dict[str, str]:
    """Return the root page with `numbering: false`: Jupyter Book gives it no number."""
    root = reader.pages[0] if reader.rooted and reader.numbered and reader.pages else ""
    text = common.without_toctrees(common.page_text(base / root)) if root.endswith(".md") else ""
    if not text or root == "index.md" or re.search(r"^numbering:", text, re.M):
        return {}
    end = "\r\n" if "\r\n" in text else "\n"
    opened = f"---{end}numbering: false{end}"
    started = text.startswith(f"---{end}")
    return {f"chapters/{root}": text.replace(f"---{end}", opened, 1) if started else f"{opened}---{end}{text}"}


class Reader:
    """Reads `_toc.yml` into a table of contents in mystmd's shape."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.base = root, base
        self.path = (base / "_toc.yml").relative_to(root).as_posix()
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.numbered = False
        self.rooted = False

    def entries(self, toc: Any) -> list[dict[str, Any]]:
        """Return the entries of either format."""
        if isinstance(toc, Mapping):
            self._defaults(toc)
            listed = self._page(str(toc.get("root", "")))
            self.rooted = bool(listed)
            if isinstance(toc.get("parts"), list):
                return [*listed, *(self._part(part) for part in toc["parts"] if isinstance(part, Mapping))]
            return [*listed, *self._children(toc.get("chapters") or toc.get("sections") or [])]
        if isinstance(toc, list):
            return self._old(toc)
        self._say("adopt-unreadable", "there is no table of contents in this file", severe=True)
        return []

    def _defaults(self, toc: Mapping[str, Any]) -> None:
        options = [toc.get("options"), toc.get("defaults")]
        self.numbered = any(isinstance(o, Mapping) and o.get("numbered") for o in options)

    def _part(self, part: Mapping[str, Any]) -> dict[str, Any]:
        self.numbered = self.numbered or bool(part.get("numbered"))
        children = self._children(part.get("chapters") or part.get("sections") or [])
        return {"title": str(part.get("caption") or part.get("part") or "").strip() or "Part", "children": children}

    def _children(self, items: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for item in items if isinstance(items, list) else []:
            if not isinstance(item, Mapping):
                found += self._page(str(item))
                continue
            self.numbered = self.numbered or bool(item.get("numbered"))
            if item.get("glob"):
                found += self._glob(str(item["glob"]))
            elif item.get("url"):
                self._say("adopt-link", f"the link {item['url']} in the contents has no place in a book")
            elif item.get("file"):
                pages = self._page(str(item["file"]))
                below = self._children(item.get("sections") or item.get("chapters") or [])
                if pages and below:
                    pages[0]["children"] = below
                found += pages or below
        return found

    def _old(self, items: list[Any]) -> list[dict[str, Any]]:
        """Read the list style of Jupyter Book 0.x: files, parts, headers and dividers in one list."""
        found: list[dict[str, Any]] = []
        part: dict[str, Any] | None = None
        for item in items:
            if not isinstance(item, Mapping):
                continue
            self.numbered = self.numbered or bool(item.get("numbered"))
            if item.get("part") or item.get("header"):
                part = {"title": str(item.get("part") or item.get("header")), "children": []}
                part["children"] += self._children(item.get("chapters") or item.get("sections") or [])
                found.append(part)
            elif item.get("file") or item.get("glob") or item.get("url"):
                target = part["children"] if part is not None else found
                target += self._children([item])
        return [entry for entry in found if entry.get("children") or entry.get("file")]

    def _glob(self, pattern: str) -> list[dict[str, Any]]:
        return [entry for name in common.matching(self.base, pattern) for entry in self._page(name, quiet=True)]

    def _page(self, name: str, quiet: bool = False) -> list[dict[str, Any]]:
        found = common.page_of(self.base, name)
        if found is None:
            if name and not quiet:
                hint = "Convert pages in other formats to Markdown first." if name.endswith((".rst", ".html")) else ""
                self._say(
                    "adopt-missing",
                    f"the contents name {name}, which is not here as .md or .ipynb",
                    severe=True,
                    hint=hint,
                    about=name,
                )
            return []
        if found in self.pages:
            if not quiet:
                self._say("adopt-twice", f"the contents name {name} twice; it is kept once", severe=True, about=name)
            return []
        self.pages.append(found)
        return [] if found == "index.md" else [{"file": found}]

    def _say(self, code: str, message: str, severe: bool = False, hint: str = "", about: str = "") -> None:
        line = common.line_with(self.base / "_toc.yml", about) if about else 0
        self.findings.append(common.remark(code, message, self.path, line, hint, severe))


def _facts(root: Path, base: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the book's facts from `_config.yml`."""
    sphinx = common.table(config, "sphinx")
    settings = common.table(sphinx, "config")
    repository = common.table(config, "repository")
    options = common.table(settings, "html_theme_options")
    html = common.table(config, "html")
    bibliography = map(str, common.listed(config.get("bibtex_bibfiles")))
    logo = str(config.get("logo") or "")
    return {
        "title": str(config.get("title") or root.name).strip(),
        "description": str(config.get("description") or ""),
        "authors": common.authors_of(str(config.get("author") or "")),
        "language": str(settings.get("language") or "en"),
        "license": common.licence_of(root),
        "copyright": str(config.get("copyright") or ""),
        "repository": str(repository.get("url") or options.get("repository_url") or ""),
        "url": str(html.get("baseurl") or "").rstrip("/"),
        "logo": logo if common.has(base, logo) else "",
        "bibliography": [name for name in bibliography if common.has(base, name)],
        "bibliography_style": "author-year" if settings.get("bibtex_reference_style") == "author_year" else "",
        "solutions": "after" if settings.get("exercise_style") else "",
        "math": macros(settings),
        "references": inventories(settings.get("intersphinx_mapping")),
    }


def macros(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the TeX macros of a MathJax configuration, in either of its forms."""
    found: dict[str, str] = {}
    for key in ("mathjax3_config", "mathjax_config"):
        tex = common.table(common.table(settings, key), "tex") or common.table(common.table(settings, key), "TeX")
        for name, body in (common.table(tex, "macros") or common.table(tex, "Macros")).items():
            found[str(name)] = str(body[0] if isinstance(body, list) and body else body)
    return found


def inventories(mapping: Any) -> dict[str, str]:
    """Return other books that this one refers to: key and address."""
    found = {}
    for key, value in mapping.items() if isinstance(mapping, Mapping) else ():
        url = value[0] if isinstance(value, list) and value else value
        if isinstance(url, str) and re.match(r"https?://", url):
            found[str(key)] = url.strip()
    return found


def _left(root: Path, path: Path, config: Mapping[str, Any]) -> Iterable[Finding]:
    """Yield what could not be carried over."""
    name = path.relative_to(root).as_posix()
    for key in config:
        if key in CARRIED or key in ("sphinx", "only_build_toc_files"):
            continue
        words = OWN_WAY.get(key, "it has no counterpart here")
        yield common.remark("adopt-left", f"{key}: {words}", name, common.line_of(path, key))
    sphinx = common.table(config, "sphinx")
    for extension in map(str, common.listed(sphinx.get("extra_extensions"))):
        if extension not in KNOWN_EXTENSIONS:
            line = common.line_of(path, "extra_extensions")
            words = f"the extension {extension} is not carried over; what it does may be missing"
            yield common.remark("adopt-left", words, name, line)
    for key in common.table(sphinx, "config"):
        if key not in OWN_CONFIG:
            yield common.remark(
                "adopt-left", f"{key}: a setting of Sphinx that is not carried over", name, common.line_of(path, key)
            )
