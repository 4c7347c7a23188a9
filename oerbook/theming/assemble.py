"""Laying a theme out: its files and those it builds on in one folder, with style sheet and faces made from its tokens."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_cache_path

from oerbook.theming import fonts
from oerbook.theming.css import faces_js, tokens_css
from oerbook.theming.theme import TOML, Theme, written

SHEET = "html/static/tokens.css"
EARLY = "html/static/faces.js"
SCREEN = "html/static/fonts"
PAPER = "faces"


def lay_out(theme: Theme, used: Iterable[int] | None, work: Path) -> Path:
    """Return a folder below `work` with all of a theme; `used` are the characters of the book.

    Where the book is only looked over and nothing is set (None), the faces are left out: making them takes time.

    What has not changed is left alone, what no longer belongs there goes.
    """
    place, signs = work / "theme" / theme.name, set(used or ())
    store = keep(work)
    files = {
        name: (folder / name).read_bytes()
        for folder in reversed(theme.folders)
        for name in sorted(_below(folder))
        if _belongs(name, folder)
    }
    listed = fonts.faces(theme) if used is not None else ()
    pieces = [piece for face in listed for piece in fonts.subsets(face, signs, store)]
    files |= {f"{SCREEN}/{piece.file.name}": piece.file.read_bytes() for piece in pieces}
    for face in listed:
        whole = fonts.whole(face, store)
        files[f"{PAPER}/{whole.name}"] = whole.read_bytes()
    files[TOML] = written(theme.tokens).encode()
    files[EARLY] = faces_js(pieces).encode()
    files[SHEET] = tokens_css(theme, pieces).encode()
    for name, data in files.items():
        _write(place / name, data)
    for name in _below(place) - files.keys():
        (place / name).unlink()
    return place


def _below(folder: Path) -> set[str]:
    """Return the files below a folder, by their paths in it, with slashes; links to folders lead nowhere."""
    start = len(str(folder)) + 1
    return {f"{at}/{name}"[start:].replace(os.sep, "/") for at, _folders, names in os.walk(folder) for name in names}


def _belongs(name: str, folder: Path) -> bool:
    """Say whether a file is part of a theme: not hidden, no font, and no link that leads out of the folder."""
    path = folder / name
    if name.rpartition("/")[2].startswith(".") or name.startswith("fonts/"):
        return False
    return path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(folder.resolve()))


def pieces_of(theme: Theme, used: Iterable[int], work: Path) -> list[fonts.Subset]:
    """Return the pieces of the faces of a theme that a text with these characters needs."""
    signs, store = set(used), keep(work)
    return [piece for face in fonts.faces(theme) for piece in fonts.subsets(face, signs, store)]


def keep(work: Path) -> Path:
    """Return where faces are kept: with the user, so that one making serves every book; else in the book's cache."""
    place = user_cache_path("oerbook", appauthor=False) / "fonts"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return work / "fonts"
    return place if os.access(place, os.W_OK) else work / "fonts"


def _write(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
