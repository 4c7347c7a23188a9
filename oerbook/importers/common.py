"""Helpers for all importers: YAML, moves, navigation, and the title page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import yaml

from oerbook.importers.reading.author_names import read_authors
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Yaml
from oerbook.source import front_matter
from oerbook.source.schema import BOOK_KEYS
from oerbook.source.settings.foreign_keys import FOREIGN_KEYS
from oerbook.source.yaml_lines import YamlProblem, parse_yaml, without_line_numbers
from oerbook.text.toctrees import find_toctrees, remove_toctrees

TocEntry = dict[str, Yaml]  # an entry of a table of contents as in mystmd: title, file, pattern, children

# Files that belong to a project rather than its book, when both are in the same folder.
PROJECT_FILE_NAMES = re.compile(
    r"^(\..*|(README|LICEN[CS]E|COPYING|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|CHANGELOG|CHANGES|AUTHORS|CITATION|"
    r"Makefile|make|requirements[\w-]*|environment[\w-]*|pyproject|setup|package|package-lock|tox|noxfile|netlify|crowdin|"
    r"conf|myst|_config|_toc|vale|vale-styles|node_modules|docker|Dockerfile|binder|postBuild|apt|runtime|uv|pixi)(\.\w+)*)$",
    re.I,
)
READMES = ("README.md", "readme.md", "Readme.md")  # these stay: they present the repository
HYPHEN_WITHOUT_SPACE = re.compile(r"^([ \t]*)-(?=(?:file|caption|part|chapters|glob|pattern|title|url)[ \t]*:)", re.M)


def make_finding(code: str, message: str, place: Place, hint: str = "", warning: bool = False) -> Finding:
    """Return a finding of an importer: a warning, or else a note."""
    return Finding(code, message, place, Severity.WARNING if warning else Severity.INFO, hint)


def book_folder(root: Path, base: Path) -> str:
    """Return the book's folder relative to the root, "" for the root itself."""
    folder = base.relative_to(root).as_posix()
    return "" if folder == "." else folder


def read_yaml(path: Path, root: Path) -> tuple[Yaml, list[Finding]]:
    """Return the contents of a YAML file, or None and a finding."""
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None, [make_finding("import-config-unreadable", "this file cannot be read", Place(name), warning=True)]
    value = parse_yaml(text, 1)
    glued = HYPHEN_WITHOUT_SPACE.search(text)
    if glued:
        repaired = parse_yaml(HYPHEN_WITHOUT_SPACE.sub(r"\1- ", text), 1)
        if not isinstance(repaired, YamlProblem):
            line = text.count("\n", 0, glued.end()) + 1
            message = "a space is missing after a hyphen; the entry is read as one of a list"
            return without_line_numbers(repaired), [
                make_finding("import-config-unreadable", message, Place(name, line))
            ]
    if isinstance(value, YamlProblem):
        message = value.message.replace("the front matter", "this file")
        return None, [
            make_finding("import-config-unreadable", message, Place(name, value.line), value.hint, warning=True)
        ]
    return without_line_numbers(value), []


def find_key_line(path: Path, key: str) -> int:
    """Return the first line of a file that sets a key, 0 if there is none."""
    pattern = re.compile(rf"^\s*-?\s*['\"]?{re.escape(key)}['\"]?\s*:")
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), 0)


def find_value_line(path: Path, value: str) -> int:
    """Return the first line of a file that ends with a value, 0 if there is none."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((n for n, line in enumerate(lines, start=1) if line.strip().rstrip("}'\" ").endswith(value)), 0)


def plan_moves(base: str, tracked: Iterable[str], pages: Iterable[str]) -> list[tuple[str, str]]:
    """Return the planned moves into `chapters/`; the project's own files stay.

    `base` is the book's folder relative to the root, "" for the root itself; `pages` always belong to the book.
    """
    wanted = set(pages)
    planned = []
    for name in tracked:
        inside = name.removeprefix(f"{base}/") if base else name
        if base and not name.startswith(f"{base}/"):
            continue
        is_project_file = (
            PROJECT_FILE_NAMES.match(inside.split("/")[0])
            if "/" in inside or not base
            else PROJECT_FILE_NAMES.match(inside)
        )
        if (inside in wanted or not is_project_file) and name not in READMES:
            planned.append((name, f"chapters/{inside}"))
    return planned


def render_title_page(facts: Mapping[str, Yaml], old: str, heading: str) -> str:
    """Return `chapters/index.md`: front matter, then the old text or a heading."""
    old = old.replace("\r\n", "\n")
    yaml_text, body_line = front_matter.split_front_matter(old)
    body = "\n".join(old.split("\n")[max(body_line - 1, 0) :]) if old else ""
    old_facts = parse_front_matter(yaml_text or "")
    merged = {
        **{
            key: value
            for key, value in old_facts.items()
            if key not in facts and (key in BOOK_KEYS or key in FOREIGN_KEYS)
        },
        **{key: value for key, value in facts.items() if value not in (None, "", [], {})},
    }
    text = yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---\n\n{remove_toctrees(body).strip() or f'# {heading}'}\n"


def parse_front_matter(yaml_text: str) -> dict[str, Yaml]:
    """Return existing front matter as plain values; empty if it cannot be read."""
    value = parse_yaml(yaml_text, 2) if yaml_text else None
    data = without_line_numbers(value) if value is not None and not isinstance(value, YamlProblem) else None
    return data if isinstance(data, dict) else {}


def read_page(path: Path) -> str:
    """Return the text of a page, "" if there is none or it is not UTF-8.

    Line ends stay as they are.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def rewrite_pages(base: Path, root: Path, pages: Iterable[str]) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Return the pages that lose their navigation, and a README that is a page.

    Pages that do not change are left out. A note is returned for each page that does.
    """
    files, findings = [], []
    for name in pages:
        text = read_page(base / name) if name.endswith(".md") else ""
        stripped = remove_toctrees(text)
        if stripped != text:
            path = (base / name).relative_to(root).as_posix()
            line = find_toctrees(text)[0][1] + 1
            message = "the table of contents on this page was removed: toc: in chapters/index.md sets the order now"
            findings.append(make_finding("import-unsupported", message, Place(path, line)))
        if text and (stripped != text or (base == root and name in READMES)):
            files.append((f"chapters/{name}", stripped))
    return files, findings


def get_mapping(data: Yaml, key: str) -> Mapping[str, Yaml]:
    """Return a mapping inside a mapping, an empty one if there is none."""
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def to_list(value: Yaml) -> list[Yaml]:
    """Return a list as it is, a value as a list of one, nothing as an empty list.

    >>> to_list("a.bib"), to_list(["a", "b"]), to_list(None)
    (['a.bib'], ['a', 'b'], [])
    """
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value in (None, "") else [value]


def glob_pages(base: Path, pattern: str) -> list[str]:
    """Return the pages below `base` that match a glob pattern, sorted."""
    if not pattern or pattern.startswith("/") or ".." in pattern.split("/"):
        return []
    try:
        paths = {path for suffix in ("", ".md", ".ipynb") for path in base.glob(pattern + suffix)}
    except (ValueError, NotImplementedError):
        return []
    return sorted(p.relative_to(base).as_posix() for p in paths if p.suffix in (".md", ".ipynb") and p.is_file())


def bibliography_style(settings: Mapping[str, Yaml]) -> str:
    """Return the style that looks like what sphinxcontrib-bibtex was told, "" for what is the same here by default.

    >>> bibliography_style({"bibtex_reference_style": "super"}), bibliography_style({"bibtex_default_style": "unsrt"})
    ('nature', 'numbered')
    """
    reference = str(settings.get("bibtex_reference_style") or "")
    if reference.startswith("author_year"):
        return "author-year"
    if reference.startswith("super"):
        return "nature"
    return "numbered" if settings.get("bibtex_default_style") in {"plain", "unsrt"} else ""


def has_file(base: Path, name: str) -> bool:
    """Return whether a name is a file below a folder."""
    return bool(name) and ".." not in name.split("/") and not name.startswith("/") and (base / name).is_file()


def find_page(base: Path, name: str) -> str | None:
    """Return the file of a page named with or without suffix, None if missing.

    The result is relative to the book's folder.
    """
    path = PurePosixPath(name.strip().lstrip("/"))
    if ".." in path.parts or not path.name:
        return None
    for suffix in ("", ".md", ".ipynb"):
        candidate = base / f"{path}{suffix}"
        if candidate.suffix in (".md", ".ipynb") and candidate.is_file():
            return f"{path}{suffix}"
    return None


def author_facts(text: Yaml, path: Path, root: Path) -> tuple[list[str], list[Finding]]:
    """Return the authors in a line of settings, and a finding if parts of it are no names."""
    names, rest = read_authors(str(text or ""))
    if not rest:
        return names, []
    message = f"author: {', '.join(rest)} is no author and is not imported"
    hint = (
        f"The authors are {', '.join(names)}." if names else "Name the authors in chapters/index.md: authors: [Ada Lee]"
    )
    place = Place(path.relative_to(root).as_posix(), find_key_line(path, "author"))
    return names, [make_finding("import-unsupported", message, place, hint, warning=True)]


def simplify_parts(entries: list[TocEntry], numbered: bool) -> list[TocEntry]:
    """Return entries without what is the same by default: `numbered: true`, and untitled parts of single pages.

    >>> simplify_parts([{"numbered": True, "children": [{"file": "a.md"}]}], True)
    [{'file': 'a.md'}]
    """
    simple: list[TocEntry] = []
    for entry in entries:
        kept = {key: value for key, value in entry.items() if key != "numbered" or (numbered and value is not True)}
        children = kept.get("children") or []
        is_plain = set(kept) == {"children"} and not any("children" in child for child in children)
        simple += children if is_plain else [kept]
    return simple
