"""A theme: a folder with `theme.toml` and the files of each format; what it does not have, the one it builds on has."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import oerbook
from oerbook.errors import OerbookError

TOML = "theme.toml"
FIRST = "classic"
Table = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme's name, its tokens by group, and its folders: its own first, then those it builds on."""

    name: str
    tokens: Mapping[str, Mapping[str, Any]]
    folders: tuple[Path, ...]


def shipped() -> Path:
    """Return the folder of the themes that come with oerbook: inside the wheel, or beside the package in a clone."""
    package = Path(oerbook.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def known(root: Path | None = None) -> dict[str, Path]:
    """Return every theme's folder by name: a book's own, in `themes/` beside its chapters, come before ours."""
    places = [shipped(), *([root / "themes"] if root else [])]
    return {
        path.parent.name: path.parent
        for place in places
        for path in sorted(place.glob(f"*/{TOML}"))
        if path.resolve().is_relative_to(place.parent.resolve())
    }


def theme_of(name: str, root: Path | None = None) -> Theme:
    """Return a theme by name, with what it takes from the themes below it.

    Raises OerbookError when there is no such theme, when its file cannot be read, or when it builds on itself.
    """
    return _theme(name, known(root), ())


def _theme(name: str, found: Mapping[str, Path], above: tuple[str, ...]) -> Theme:
    if name not in found:
        raise OerbookError(f"there is no theme “{name}”", hint=f"Choose one of: {', '.join(sorted(found))}.")
    if name in above:
        # A book's own "classic" may build on ours of the same name; nothing else may come round to itself.
        ours = shipped() / name
        if above.count(name) > 1 or not ours.is_dir() or found[name] == ours:
            raise OerbookError(f"the theme “{name}” builds on itself", hint=f"Change `base` in {found[name] / TOML}.")
        found = {**found, name: ours}
    own = read(found[name] / TOML)
    base = str(own.pop("base", ""))
    if not base:
        return Theme(name, own, (found[name],))
    below = _theme(base, found, (*above, name))
    return Theme(name, laid_over(below.tokens, own), (found[name], *below.folders))


def read(path: Path) -> dict[str, Any]:
    """Return what a theme's file says.

    Raises OerbookError when it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OerbookError(f"{path.parent.name}/{TOML} cannot be read: {error}", hint="Mend the line.") from error


def laid_over(below: Mapping[str, Mapping[str, Any]], own: Mapping[str, Any]) -> Table:
    """Return tokens with a theme's own in place of those of the theme it builds on.

    >>> laid_over({"colour": {"ink": "#000", "rule": "#ccc"}}, {"colour": {"ink": "#123"}})
    {'colour': {'ink': '#123', 'rule': '#ccc'}}
    """
    groups = dict.fromkeys([*below, *(name for name, group in own.items() if isinstance(group, dict))])
    return {name: {**below.get(name, {}), **own.get(name, {})} for name in groups}


def flat(tokens: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return tokens as one table of words; those by night carry `night-` before their name; faces are left out.

    >>> flat({"colour": {"ink": "#000"}, "night": {"ink": "#fff"}, "page": {"two-sided": True}})
    {'ink': '#000', 'night-ink': '#fff', 'two-sided': 'true'}
    """
    found: dict[str, str] = {}
    for group, values in tokens.items():
        before = f"{group}-" if group in ("night", "fallback") else ""
        found |= {f"{before}{name}": _word(value) for name, value in values.items() if group != "faces"}
    return found


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def written(tokens: Mapping[str, Mapping[str, Any]]) -> str:
    """Return tokens as TOML."""
    lines = []
    for group, values in tokens.items():
        lines.append(f"[{group}]")
        lines += [f"{_key(name)} = {_toml(value)}" for name, value in values.items()]
        lines.append("")
    return "\n".join(lines)


def _key(name: str) -> str:
    return name if name.replace("-", "").isalnum() and name.isascii() else f'"{name}"'


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_toml(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def tokens(theme: Path) -> dict[str, str]:
    """Return a theme's design tokens as one flat table."""
    return flat(read(theme / TOML))


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with each @name@ replaced by its token."""
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    return template
