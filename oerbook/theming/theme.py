"""Themes: a folder with `theme.toml` and files, based on another theme or none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import oerbook
from oerbook.errors import OerbookError
from oerbook.model.untyped import Toml

THEME_FILE = "theme.toml"
DEFAULT_THEME = "classic"
TokenValue: TypeAlias = Toml
TokensByGroup = dict[str, dict[str, TokenValue]]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme's name, its tokens by group, and its folders, own first."""

    name: str
    tokens: Mapping[str, Mapping[str, TokenValue]]
    folders: tuple[Path, ...]


def bundled_themes_folder() -> Path:
    """Return the folder of the bundled themes, in the wheel or next to the package."""
    package = Path(oerbook.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def find_themes(root: Path | None = None) -> dict[str, Path]:
    """Return every theme's folder by name.

    A book's own in `themes/` replace bundled ones of the same name.
    """
    parents = [bundled_themes_folder(), *([root / "themes"] if root else [])]
    return {
        path.parent.name: path.parent
        for parent in parents
        for path in sorted(parent.glob(f"*/{THEME_FILE}"))
        if path.resolve().is_relative_to(parent.parent.resolve())
    }


def load_theme(name: str, root: Path | None = None) -> Theme:
    """Return a theme by name, with the tokens and files of its base themes.

    Raises OerbookError if there is no such theme, if its file cannot be read, or if it is based on itself.
    """
    return _load(name, find_themes(root), ())


def _load(name: str, folders: Mapping[str, Path], derived: tuple[str, ...]) -> Theme:
    if name not in folders:
        raise OerbookError(f"there is no theme “{name}”", hint=f"Choose one of: {', '.join(sorted(folders))}.")
    if name in derived:
        # A book's own "classic" may be based on the bundled one of the same name; any other cycle is an error.
        bundled = bundled_themes_folder() / name
        if derived.count(name) > 1 or not bundled.is_dir() or folders[name] == bundled:
            raise OerbookError(
                f"the theme “{name}” is based on itself", hint=f"Change `base` in {folders[name] / THEME_FILE}."
            )
        folders = {**folders, name: bundled}
    own = read_theme_file(folders[name] / THEME_FILE)
    base_name = str(own.pop("base", ""))
    if not base_name:
        return Theme(name, own, (folders[name],))
    base = _load(base_name, folders, (*derived, name))
    return Theme(name, merge_tokens(base.tokens, own), (folders[name], *base.folders))


def read_theme_file(path: Path) -> dict[str, TokenValue]:
    """Return the contents of a theme file.

    Raises OerbookError if it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OerbookError(
            f"{path.parent.name}/{THEME_FILE} is not valid TOML: {error}", hint="Correct the line named above."
        ) from error


def merge_tokens(base: Mapping[str, Mapping[str, TokenValue]], own: Mapping[str, TokenValue]) -> TokensByGroup:
    """Return the tokens of a base theme, replaced by a theme's own where it has them.

    >>> merge_tokens({"color": {"ink": "#000", "rule": "#ccc"}}, {"color": {"ink": "#123"}})
    {'color': {'ink': '#123', 'rule': '#ccc'}}
    """
    groups = dict.fromkeys([*base, *(name for name, group in own.items() if isinstance(group, dict))])
    return {name: {**base.get(name, {}), **own.get(name, {})} for name in groups}


def flatten_tokens(tokens: Mapping[str, Mapping[str, TokenValue]]) -> dict[str, str]:
    """Return tokens as one table of strings.

    Names of the groups night and fallback get a prefix, faces are left out.

    >>> flatten_tokens({"color": {"ink": "#000"}, "night": {"ink": "#fff"}, "page": {"two-sided": True}})
    {'ink': '#000', 'night-ink': '#fff', 'two-sided': 'true'}
    """
    table: dict[str, str] = {}
    for group, values in tokens.items():
        prefix = f"{group}-" if group in ("night", "fallback") else ""
        table |= {f"{prefix}{name}": _to_text(value) for name, value in values.items() if group != "faces"}
    return table


def _to_text(value: TokenValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def tokens_to_toml(tokens: Mapping[str, Mapping[str, TokenValue]]) -> str:
    """Return tokens as TOML."""
    lines = []
    for group, values in tokens.items():
        lines.append(f"[{group}]")
        lines += [f"{_toml_key(name)} = {_toml_value(value)}" for name, value in values.items()]
        lines.append("")
    return "\n".join(lines)


def _toml_key(name: str) -> str:
    return name if name.replace("-", "").isalnum() and name.isascii() else f'"{name}"'


def _toml_value(value: TokenValue) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml_key(name)} = {_toml_value(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_tokens(theme: Path) -> dict[str, str]:
    """Return the tokens of a theme in a folder as one flat table."""
    return flatten_tokens(read_theme_file(theme / THEME_FILE))


def font_family_names(tokens: Mapping[str, str]) -> list[str]:
    """Return the names of the faces of a theme, each once: of text, headings, code and formulas."""
    roles = ("text", *(("sans",) if tokens["headings"] == "sans" else ()), "mono", "math")
    return list(dict.fromkeys(tokens[role] for role in roles))


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Return a template with each @name@ replaced by its value."""
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    return template
