"""What every importer does: read YAML as data, move pages and what they need, write the title page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from oerbook.model.findings import Finding, Place, Severity
from oerbook.source import front_matter
from oerbook.source.schema import BOOK, FOREIGN
from oerbook.source.yaml_lines import Fault, parse, plain

# What belongs to a project and not to its book, when both lie in the same folder.
PROJECT = re.compile(
    r"^(\..*|(README|LICEN[CS]E|COPYING|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|CHANGELOG|CHANGES|AUTHORS|CITATION|"
    r"Makefile|make|requirements[\w-]*|environment[\w-]*|pyproject|setup|package|package-lock|tox|noxfile|netlify|crowdin|"
    r"conf|myst|_config|_toc|vale|vale-styles|node_modules|docker|Dockerfile|binder|postBuild|apt|runtime|uv|pixi)(\.\w+)*)$",
    re.I,
)
FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?:\{(?P<name>[^}]*)\})?(?P<rest>.*)$")
READMES = ("README.md", "readme.md", "Readme.md")  # they greet whoever opens the repository, so they stay
NAVIGATION = ("toctree", "tableofcontents")
LITERAL = frozenset(["sourcecode", "literalinclude", "raw", "math", "mermaid", "parsed-literal", "prompt", "eval-rst"])
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
        words = value.message.replace("the front matter", "this file")
        return None, [remark("adopt-unreadable", words, name, value.line, value.hint, severe=True)]
    return plain(value), []


def line_of(path: Path, key: str) -> int:
    """Return the line of a file on which a key stands, 0 when it is not found."""
    pattern = re.compile(rf"^\s*-?\s*['\"]?{re.escape(key)}['\"]?\s*:")
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), 0)


def line_with(path: Path, words: str) -> int:
    """Return the first line of a file on which a value ends with some words, 0 when there is none."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((n for n, line in enumerate(lines, start=1) if line.strip().rstrip("}'\" ").endswith(words)), 0)


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
        if (inside in wanted or not own) and name not in READMES:
            found.append((name, f"chapters/{inside}"))
    return found


def title_page(facts: Mapping[str, Any], old: str, heading: str) -> str:
    """Return `chapters/index.md`: the book's facts, then the text that was there or a heading."""
    old = old.replace("\r\n", "\n")
    yaml_text, body_line = front_matter.split(old)
    body = "\n".join(old.split("\n")[max(body_line - 1, 0) :]) if old else ""
    kept = facts_of(yaml_text or "")
    merged = {
        **{k: v for k, v in kept.items() if k not in facts and (k in BOOK or k in FOREIGN)},
        **{k: v for k, v in facts.items() if v not in (None, "", [], {})},
    }
    text = yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---\n\n{without_toctrees(body).strip() or f'# {heading}'}\n"


def facts_of(yaml_text: str) -> dict[str, Any]:
    """Return front matter that is there already, as plain values."""
    value = parse(yaml_text, 2) if yaml_text else None
    data = plain(value) if value is not None and not isinstance(value, Fault) else None
    return data if isinstance(data, dict) else {}


def toctrees(text: str) -> list[tuple[str, int, int]]:
    """Return every list of contents in a page: its name and its first and last line, counted from 0.

    One that is shown as an example, inside a block of code, is none.
    """
    found: list[tuple[str, int, int]] = []
    around: list[str] = []
    waiting, name, start = "", "", 0
    for number, line in enumerate(text.split("\n")):
        match = FENCE.match(line.rstrip())
        if waiting:
            if match and _closes(match, waiting):
                found += [(name, start, number)] if name in NAVIGATION else []
                waiting = ""
        elif match and not (match["fence"][0] == "`" and "`" in match["rest"]):
            ends = [place for place, fence in enumerate(around) if _closes(match, fence)]
            name = (match["name"] or "").strip().lower()
            if ends:
                around = around[: ends[-1]]
            elif name in NAVIGATION or _literal(match, name):
                waiting, start = match["fence"], number
            elif name:
                around.append(match["fence"])
    return found


def _closes(match: re.Match[str], fence: str) -> bool:
    return not match["name"] and not match["rest"].strip() and match["fence"].startswith(fence)


def _literal(match: re.Match[str], name: str) -> bool:
    return name in LITERAL or name.startswith("code") or (not name and match["fence"][0] != ":")


def without_toctrees(text: str) -> str:
    """Return a page without its navigation: `toc:` rules the order, and the theme shows it."""
    lines = text.split("\n")
    for _name, first, last in reversed(toctrees(text)):
        blank = last + 1 < len(lines) and not lines[last + 1].strip() and (not first or not lines[first - 1].strip())
        del lines[first : last + (2 if blank else 1)]
    return "\n".join(lines)


def page_text(path: Path) -> str:
    """Return a page's text with its line ends as they are, "" when there is none or it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def rewritten(base: Path, root: Path, pages: Iterable[str]) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Return the pages that lose their navigation, and the repository's README where it is a page as well."""
    files, findings = [], []
    for name in pages:
        text = page_text(base / name) if name.endswith(".md") else ""
        trimmed = without_toctrees(text)
        if trimmed != text:
            place = (base / name).relative_to(root).as_posix()
            line = toctrees(text)[0][1] + 1
            words = "the contents on this page were taken out: toc: in chapters/index.md has the order now"
            findings.append(remark("adopt-left", words, place, line))
        if text and (trimmed != text or (base == root and name in READMES)):
            files.append((f"chapters/{name}", trimmed))
    return files, findings


def table(data: Any, key: str) -> Mapping[str, Any]:
    """Return a mapping inside a mapping, an empty one where there is none."""
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """Return a list, a single value as a list of one, nothing as an empty one.

    >>> listed("a.bib"), listed(["a", "b"]), listed(None)
    (['a.bib'], ['a', 'b'], [])
    """
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value in (None, "") else [value]


def matching(base: Path, pattern: str) -> list[str]:
    """Return the pages that a pattern with stars fits, relative to `base`; none outside it."""
    if not pattern or pattern.startswith("/") or ".." in pattern.split("/"):
        return []
    try:
        found = {path for suffix in ("", ".md", ".ipynb") for path in base.glob(pattern + suffix)}
    except (ValueError, NotImplementedError):
        return []
    return sorted(p.relative_to(base).as_posix() for p in found if p.suffix in (".md", ".ipynb") and p.is_file())


def has(base: Path, name: str) -> bool:
    """Say whether a name is a file below a folder."""
    return bool(name) and ".." not in name.split("/") and not name.startswith("/") and (base / name).is_file()


def people(root: Path) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Return a contributor's file for everyone in `.all-contributorsrc`, if the project keeps one."""
    path = root / ".all-contributorsrc"
    if not path.is_file():
        return [], []
    try:
        everyone = json.loads(path.read_text(encoding="utf-8"))["contributors"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [], [remark("adopt-unreadable", "this file cannot be read", ".all-contributorsrc", severe=True)]
    files = {}
    for person in everyone if isinstance(everyone, list) else []:
        if not isinstance(person, Mapping):
            continue
        name = str(person.get("name") or person.get("login") or "").strip()
        slug = DOTLESS.sub("-", str(person.get("login") or name).lower()).strip("-")
        if not name or not slug:
            continue
        roles = dict.fromkeys(ROLES[kind] for kind in map(str, listed(person.get("contributions"))) if kind in ROLES)
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
