"""List themes, and create a theme of a book that inherits from another one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.storage.files import write_atomically
from oerbook.theming.theme import THEME_FILE, Theme, bundled_themes_folder, find_themes, load_theme

THEME_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
THEME_HEADER = """# The theme of this book. Values that are not set here come from the base theme.
# To change a value, remove the # of its line. To use this theme, add  theme: {name}  to chapters/index.md.
base = "{base}"
"""


def list_themes(root: Path) -> list[tuple[str, str]]:
    """Return the name of each theme, and its origin: "this book" or "oerbook"."""
    own = bundled_themes_folder().resolve()
    themes = sorted(find_themes(root).items())
    return [(name, "oerbook" if path.resolve().is_relative_to(own) else "this book") for name, path in themes]


def create_theme(root: Path, name: str, base: str, full: bool) -> Path:
    """Create a theme that inherits from `base`; return its file of tokens.

    With `full`, templates and style sheets of `base` are copied too.
    Raises OerbookError when the name is invalid or taken, when `base` does not exist, or when there is no book.
    """
    if not THEME_NAME.fullmatch(name):
        raise OerbookError(f"invalid theme name “{name}”", hint="Use lower-case letters, digits and hyphens: soil-2.")
    if not (root / "chapters").is_dir():
        hint = "Run this in the folder that holds chapters/, or use -C."
        raise OerbookError(f"there is no book in {root}", hint=hint)
    taken = find_themes(root).get(name)
    folder = root / "themes" / name
    if taken or folder.exists():
        raise OerbookError(f"the theme “{name}” already exists", hint=f"Choose another name, or edit {folder}.")
    theme = load_theme(base, root)
    text = THEME_HEADER.format(name=name, base=base) + _commented_tokens(theme)
    new = folder.with_name(f".{name}.new")  # so that the theme exists completely or not at all
    shutil.rmtree(new, ignore_errors=True)
    try:
        if full:
            _copy_files(theme, new)
        write_atomically(new / THEME_FILE, text.encode())
        new.rename(folder)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return folder / THEME_FILE


def _copy_files(theme: Theme, target: Path) -> None:
    """Copy the files of a theme and its bases, except tokens and fonts."""
    for folder in reversed(theme.folders):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and str(name) != THEME_FILE and name.parts[0] != "fonts":
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target / name)


def _commented_tokens(theme: Theme) -> str:
    """Return the tokens of a theme and its bases as TOML, commented out."""
    lines: list[str] = []
    for folder in reversed(theme.folders):
        text = (folder / THEME_FILE).read_text(encoding="utf-8")
        lines += ["", f"# ---- {folder.name} " + "-" * 60]
        for line in text.splitlines():
            if not line.startswith(("#", "base")):
                lines.append(line if line.startswith("[") or not line.strip() else f"# {line}")
    return _merge_tables(lines)


def _merge_tables(lines: list[str]) -> str:
    """Return the lines with each table opened once, as TOML requires.

    A later value replaces an earlier one.
    """
    tables: dict[str, list[str]] = {}
    table = tables.setdefault("", [])
    for line in lines:
        if line.startswith("[") and "]" in line:
            table = tables.setdefault(line[: line.index("]") + 1], [])
        elif line.startswith("# ") and "=" in line:
            key = line.split("=")[0]
            table[:] = [value for value in table if value.split("=")[0] != key]
            table.append(line)
    return "".join(f"\n{header}\n" + "\n".join(values) + "\n" for header, values in tables.items() if header)
