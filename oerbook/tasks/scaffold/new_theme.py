"""Designs: which there are, and the beginning of a book's own, which takes from another all that it does not say itself."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.theming.theme import TOML, Theme, known, shipped, theme_of

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
HEAD = """# The design of this book. What is not said here comes from the theme below, so that its improvements arrive.
# Take the # from a line to change it; then write  theme: {name}  into chapters/index.md.
base = "{base}"
"""


def listed(root: Path) -> list[tuple[str, str]]:
    """Return every theme with where it comes from: the book, or oerbook."""
    ours = shipped().resolve()
    found = known(root).items()
    return [(name, "oerbook" if path.resolve().is_relative_to(ours) else "this book") for name, path in sorted(found)]


def begin(root: Path, name: str, base: str, full: bool) -> Path:
    """Make a theme of the book's own that builds on `base`; with `full`, its templates and style sheets are copied too.

    Raises OerbookError when the name is taken or no name, when there is no such base, or when there is no book.
    """
    if not NAME.fullmatch(name):
        raise OerbookError(f"“{name}” is no name for a theme", hint="Small letters, digits and hyphens: soil-2.")
    if not (root / "chapters").is_dir():
        raise OerbookError(f"there is no book in {root}", hint="Go to the folder that holds chapters/, or use -C.")
    taken = known(root).get(name)
    place = root / "themes" / name
    if taken or place.exists():
        raise OerbookError(f"there is a theme “{name}” already", hint=f"Choose another name, or change {place}.")
    theme = theme_of(base, root)
    if full:
        _copied(theme, place)
    place.mkdir(parents=True, exist_ok=True)
    (place / TOML).write_text(HEAD.format(name=name, base=base) + _quiet(theme), encoding="utf-8")
    return place / TOML


def _copied(theme: Theme, place: Path) -> None:
    """Copy the files of a theme and of those below it, tokens and fonts left out."""
    for folder in reversed(theme.folders):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and str(inside) != TOML and inside.parts[0] != "fonts":
                (place / inside).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place / inside)


def _quiet(theme: Theme) -> str:
    """Return the tokens of the themes as they are written, each line behind a #."""
    lines: list[str] = []
    for folder in reversed(theme.folders):
        text = (folder / TOML).read_text(encoding="utf-8")
        lines += ["", f"# ---- {folder.name} " + "-" * 60]
        for line in text.splitlines():
            if not line.startswith(("#", "base")):
                lines.append(line if line.startswith("[") or not line.strip() else f"# {line}")
    return _merged(lines)


def _merged(lines: list[str]) -> str:
    """Return the lines with every group opened once: TOML allows no second."""
    groups: dict[str, list[str]] = {}
    here = groups.setdefault("", [])
    for line in lines:
        if line.startswith("[") and "]" in line:
            here = groups.setdefault(line[: line.index("]") + 1], [])
        elif line.startswith("# ") and "=" in line:
            name = line.split("=")[0]
            here[:] = [kept for kept in here if kept.split("=")[0] != name]
            here.append(line)
    return "".join(f"\n{group}\n" + "\n".join(kept) + "\n" for group, kept in groups.items() if group)
