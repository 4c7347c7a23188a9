"""A plain Sphinx book in MyST: a root `index.md` with toctrees, a `conf.py` that is read and never run."""

from __future__ import annotations

import ast
import re
from pathlib import Path, PurePosixPath
from typing import Any

from oerbook.importers import common
from oerbook.importers.jupyter_book import inventories, macros
from oerbook.model.artifacts import Draft
from oerbook.model.findings import Finding

SUMMARY = "Sphinx with MyST (index.md with toctrees)"
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
ENTRY = re.compile(r"^(?:(.*?)\s*<(.+)>|(.+))$")
MOST_DEPTH = 30
FOLDERS = ("", "docs", "source", "doc", "docs/source", "doc/source", "book", "content")


def recognise(root: Path) -> Path | None:
    """Return the folder of the root page: an `index.md` with a toctree, or beside a `conf.py`."""
    for folder in FOLDERS:
        index = root / folder / "index.md"
        if index.is_file() and not index.is_symlink():
            text = index.read_text(encoding="utf-8", errors="replace")
            if common.toctrees(text) or (root / folder / "conf.py").is_file():
                return root / folder
    return None


def read(root: Path, base: Path, tracked: list[str]) -> Draft:
    """Return the draft of a Sphinx book."""
    reader = Reader(root, base)
    entries = reader.below("index.md")
    settings, findings = _settings(root, base)
    folder = base.relative_to(root).as_posix()
    folder = "" if folder == "." else folder
    old = common.page_text(base / "index.md")
    facts = _facts(root, base, settings, old, tracked, folder)
    facts |= {"numbering": reader.numbered, "toc": entries}
    page = common.title_page(facts, old, facts["title"])
    files, more = common.people(root)
    moved = common.moves(folder, tracked, [*reader.pages, "index.md"])
    trimmed, found = common.rewritten(base, root, reader.pages)
    findings += [*reader.findings, *more, *found]
    settings_file = f"{folder}/conf.py"
    gone = (settings_file,) if settings_file in tracked else ()
    return Draft(tuple(moved), (("chapters/index.md", page), *trimmed, *files), tuple(findings), gone)


class Reader:
    """Follows toctrees from the root page; the book's order in mystmd's shape comes out."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.base = root, base
        self.findings: list[Finding] = []
        self.pages: list[str] = []
        self.numbered = False
        self.depth = 0

    def below(self, page: str) -> list[dict[str, Any]]:
        """Return the entries below a page."""
        if self.depth > MOST_DEPTH:
            self._say(page, 1, "adopt-missing", "the contents below this page nest too deeply to follow", severe=True)
            return []
        self.depth += 1
        text = common.page_text(self.base / page)
        found: list[dict[str, Any]] = []
        for _name, first, last in [each for each in common.toctrees(text) if each[0] == "toctree"]:
            line = first + 1
            options, names = _split("\n".join(text.split("\n")[line:last]))
            self.numbered = self.numbered or "numbered" in options
            children = [entry for name in names for entry in self._entry(page, name, line, "glob" in options)]
            if "reversed" in options:
                children.reverse()
            if options.get("caption") and children and page == "index.md":
                found.append({"title": options["caption"], "children": children})
            else:
                found += children
        self.depth -= 1
        return found

    def _entry(self, page: str, name: str, line: int, glob: bool) -> list[dict[str, Any]]:
        match = ENTRY.match(name)
        title, target = (match[1] or "", match[2] or match[3]) if match else ("", name)
        if target == "self" or re.match(r"https?://", target):
            if target != "self":
                self._say(page, line, "adopt-link", f"the link {target} in the contents has no place in a book")
            return []
        folder = PurePosixPath(page).parent
        wanted = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
        names = self._matching(wanted) if glob and re.search(r"[*?\[]", wanted) else [wanted]
        return [entry for each in names for entry in self._page(page, each, line, title)]

    def _matching(self, pattern: str) -> list[str]:
        return [name for name in common.matching(self.base, pattern) if name not in self.pages]

    def _page(self, page: str, name: str, line: int, title: str) -> list[dict[str, Any]]:
        found = common.page_of(self.base, name)
        if found is None:
            words = f"the contents name {name}, which is not here as .md or .ipynb"
            self._say(page, line, "adopt-missing", words, severe=True)
            return []
        if found in self.pages or found == "index.md":
            if found != "index.md":
                self._say(page, line, "adopt-twice", f"the contents name {name} twice; it is kept once", severe=True)
            return []
        self.pages.append(found)
        entry: dict[str, Any] = {"file": found}
        children = self.below(found) if found.endswith(".md") else []
        if title:
            entry["title"] = title
        if children:
            entry["children"] = [leaf for child in children for leaf in _leaves(child)]
        return [entry]

    def _say(self, page: str, line: int, code: str, message: str, severe: bool = False) -> None:
        path = (self.base / page).relative_to(self.root).as_posix()
        self.findings.append(common.remark(code, message, path, line, "", severe))


def _leaves(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pages of an entry that has only a title."""
    return [entry] if entry.get("file") else list(entry.get("children", []))


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = [] if str(folder) == "." else list(folder.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _split(body: str) -> tuple[dict[str, str], list[str]]:
    """Return a toctree's options, in either form, and its entries."""
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
        match = OPTION.match(line.strip())
        if match:
            options[match[1]] = match[2].strip().strip("'\"")
        elif line.strip() and not line.strip().startswith("%"):
            names.append(line.strip())
    return options, names


def _settings(root: Path, base: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Return the plain values that `conf.py` sets, read from its text; what is computed is left out."""
    path = next((p for p in (base / "conf.py", root / "conf.py") if p.is_file()), None)
    if path is None:
        return {}, []
    name = path.relative_to(root).as_posix()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, RecursionError):
        return {}, [common.remark("adopt-unreadable", "conf.py cannot be read as Python", name, severe=True)]
    found: dict[str, Any] = {}
    left = []
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            continue
        key = node.targets[0].id
        try:
            found[key] = ast.literal_eval(node.value)
        except (ValueError, TypeError, RecursionError):
            left.append(
                common.remark("adopt-left", f"{key} is computed in conf.py, which is not run", name, node.lineno)
            )
            continue
        if key not in KNOWN:
            left.append(
                common.remark("adopt-left", f"{key}: a setting of Sphinx that is not carried over", name, node.lineno)
            )
    return found, left


KNOWN = frozenset(
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
    ]
)


def _facts(
    root: Path, base: Path, settings: dict[str, Any], old: str, tracked: list[str], folder: str
) -> dict[str, Any]:
    heading = re.search(r"^#\s+(.+)$", old, re.M)
    listed = common.listed(settings.get("bibtex_bibfiles")) or [
        name.removeprefix(f"{folder}/") for name in tracked if name.endswith(".bib") and name.startswith(folder)
    ]
    logo = str(settings.get("html_logo") or "")
    return {
        "title": str(settings.get("project") or (heading[1].strip() if heading else root.name)),
        "authors": common.authors_of(str(settings.get("author") or "")),
        "language": str(settings.get("language") or "en"),
        "license": common.licence_of(root),
        "copyright": str(settings.get("copyright") or ""),
        "url": str(settings.get("html_baseurl") or "").rstrip("/"),
        "logo": logo if common.has(base, logo) else "",
        "bibliography": [name for name in map(str, listed) if common.has(base, name)],
        "math": macros(settings),
        "references": inventories(
            {
                k: list(v) if isinstance(v, tuple) else v
                for k, v in common.table(settings, "intersphinx_mapping").items()
            }
        ),
    }
