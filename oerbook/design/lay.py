"""Laying a theme out: its files and those it builds on in one folder, with style sheet and faces made from its tokens."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_cache_path

from oerbook.design import fonts
from oerbook.design.stylesheet import faces_js, tokens_css
from oerbook.design.theme import TOML, Theme, written

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
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in reversed(theme.folders)
        for path in sorted(folder.rglob("*"))
        if _belongs(path, folder)
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
    for path in sorted(place.rglob("*")):
        if path.is_file() and path.relative_to(place).as_posix() not in files:
            path.unlink()
    return place


def _belongs(path: Path, folder: Path) -> bool:
    """Say whether a file is part of a theme: not hidden, no font, and no link that leads out of the folder."""
    hidden = path.name.startswith(".") or path.relative_to(folder).parts[0] == "fonts"
    return path.is_file() and not hidden and path.resolve().is_relative_to(folder.resolve())


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
