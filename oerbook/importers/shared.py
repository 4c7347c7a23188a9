"""What every importer does: read YAML as data, move pages and what they need, write the title page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from oerbook.model import Finding, Place, Severity
from oerbook.source import frontmatter
from oerbook.source.yaml_text import Fault, parse, plain

# What belongs to a project and not to its book, when both lie in the same folder.
PROJECT = re.compile(
    r"^(README|LICEN[CS]E|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|CHANGELOG|AUTHORS|CITATION|Makefile|make\.bat|"
    r"requirements|environment|pyproject|setup|package|tox|noxfile|netlify|crowdin|conf\.py|myst\.yml|_config|_toc|"
    r"\.|vale|node_modules|docker|binder|postBuild|apt|runtime)",
    re.I,
)
TOCTREE = re.compile(r"^(?P<f>`{3,}|:{3,})\{(?:toctree|tableofcontents)\}.*?^(?P=f)[ \t]*$\n?", re.M | re.S)
DOTLESS = re.compile(r"[^a-z0-9]+")
ROLES = {
    "content": "Writing – original draft",
    "doc": "Writing – original draft",
    "blog": "Writing – original draft",
    "review": "Writing – review & editing",
    "ideas": "Conceptualization",
    "code": "Software",
    "infra": "Software",
    "design": "Visualization",
    "translation": "Translation",
    "maintenance": "Supervision",
    "data": "Data curation",
    "projectManagement": "Project administration",
    "fundingFinding": "Funding acquisition",
}


def remark(code: str, message: str, path: str, line: int = 0, hint: str = "", severe: bool = False) -> Finding:
    """Return a finding of an importer."""
    return Finding(code, message, Place(path, line), Severity.WARNING if severe else Severity.INFO, hint)


def yaml_file(path: Path, root: Path) -> tuple[Any, list[Finding]]:
    """Return a YAML file as plain values; one that cannot be read gives nothing and a finding."""
    name = path.relative_to(root).as_posix()
    try:
        value = parse(path.read_text(encoding="utf-8-sig"), 1)
    except (OSError, UnicodeDecodeError):
        return None, [remark("adopt-unreadable", "this file cannot be read", name, severe=True)]
    if isinstance(value, Fault):
        return None, [remark("adopt-unreadable", value.message, name, value.line, value.hint, severe=True)]
    return plain(value), []


def line_of(path: Path, key: str) -> int:
    """Return the line of a file on which a key stands, 0 when it is not found."""
    pattern = re.compile(rf"^\s*-?\s*['\"]?{re.escape(key)}['\"]?\s*:")
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), 0)


def moves(base: str, tracked: Iterable[str], pages: Iterable[str]) -> list[tuple[str, str]]:
    """Return where each file goes: all below the book's folder into `chapters/`, the project's own files stay.

    `base` is the book's folder from the root, "" for the root itself; `pages` are files of the book in any case.
    """
    wanted = set(pages)
    found = []
    for name in tracked:
        inside = name.removeprefix(f"{base}/") if base else name
        if base and not name.startswith(f"{base}/"):
            continue
        own = PROJECT.match(inside.split("/")[0]) if "/" in inside or not base else PROJECT.match(inside)
        if (inside in wanted or not own) and not inside.startswith(("chapters/", "contributors/")):
            found.append((name, f"chapters/{inside}"))
    return found


def title_page(facts: Mapping[str, Any], old: str, heading: str) -> str:
    """Return `chapters/index.md`: the book's facts, then the text that was there or a heading."""
    yaml_text, body_line = frontmatter.split(old)
    body = "\n".join(old.split("\n")[max(body_line - 1, 0) :]) if old else ""
    kept = facts_of(yaml_text or "")
    merged = {
        **{k: v for k, v in kept.items() if k not in facts},
        **{k: v for k, v in facts.items() if v not in (None, "", [], {})},
    }
    text = yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---\n\n{without_toctrees(body).strip() or f'# {heading}'}\n"


def facts_of(yaml_text: str) -> dict[str, Any]:
    """Return front matter that is there already, as plain values."""
    value = parse(yaml_text, 2) if yaml_text else None
    data = plain(value) if value is not None and not isinstance(value, Fault) else None
    return data if isinstance(data, dict) else {}


def without_toctrees(text: str) -> str:
    """Return a page without its navigation: `toc:` rules the order, and the theme shows it."""
    return TOCTREE.sub("", text)


def people(root: Path) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Return a contributor's file for everyone in `.all-contributorsrc`, if the project keeps one."""
    path = root / ".all-contributorsrc"
    if not path.is_file():
        return [], []
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["contributors"]
    except (ValueError, KeyError, TypeError):
        return [], [remark("adopt-unreadable", "this file cannot be read", ".all-contributorsrc", severe=True)]
    files = {}
    for person in listed if isinstance(listed, list) else []:
        name = str(person.get("name") or person.get("login") or "").strip()
        slug = DOTLESS.sub("-", str(person.get("login") or name).lower()).strip("-")
        if not name or not slug:
            continue
        roles = dict.fromkeys(ROLES[kind] for kind in person.get("contributions") or [] if kind in ROLES)
        profile = str(person.get("profile") or "")
        facts = {
            "name": name,
            "github": str(person.get("login") or ""),
            "website": profile if re.match(r"https?://(?!github\.com/)\S+$", profile) else "",
            "roles": list(roles),
        }
        text = yaml.safe_dump({k: v for k, v in facts.items() if v}, sort_keys=False, allow_unicode=True)
        files[f"contributors/{slug}.md"] = f"---\n{text}---\n"
    return sorted(files.items()), []


def page_of(base: Path, name: str) -> str | None:
    """Return the file of a page named with or without its suffix, relative to the book's folder."""
    pure = PurePosixPath(name.strip().lstrip("/"))
    if ".." in pure.parts or not pure.name:
        return None
    for suffix in ("", ".md", ".ipynb"):
        candidate = base / f"{pure}{suffix}"
        if candidate.suffix in (".md", ".ipynb") and candidate.is_file():
            return f"{pure}{suffix}"
    return None


def authors_of(text: str) -> list[str]:
    """Return authors from one line: "A, B & C" or "A and B".

    >>> authors_of("Ada Lee & Bo Chan")
    ['Ada Lee', 'Bo Chan']
    """
    return [name.strip() for name in re.split(r"\s*(?:,|&|;|\band\b)\s*", text) if name.strip()]


def licence_of(root: Path) -> str:
    """Return the SPDX id of the licence that a project's LICENSE file states, "" when it is not one we can tell."""
    for path in sorted(root.glob("LICEN[CS]E*")):
        text = " ".join(path.read_text(encoding="utf-8", errors="replace")[:4000].split()).lower()
        for words, spdx in LICENCES:
            if words in text:
                return spdx
    return ""


LICENCES = (
    ("attribution-noncommercial-sharealike 4.0", "CC-BY-NC-SA-4.0"),
    ("attribution-noncommercial-noderivatives 4.0", "CC-BY-NC-ND-4.0"),
    ("attribution-noncommercial 4.0", "CC-BY-NC-4.0"),
    ("attribution-noderivatives 4.0", "CC-BY-ND-4.0"),
    ("attribution-sharealike 4.0", "CC-BY-SA-4.0"),
    ("attribution 4.0 international", "CC-BY-4.0"),
    ("cc0 1.0 universal", "CC0-1.0"),
)
