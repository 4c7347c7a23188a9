"""Assemble a theme in one folder: files of all its bases, style sheet and fonts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_cache_path

from oerbook.storage.files import write_atomically
from oerbook.theming import fonts
from oerbook.theming.css import render_preload_js, render_tokens_css
from oerbook.theming.theme import THEME_FILE, Theme, tokens_to_toml

TOKENS_CSS_PATH = "html/static/tokens.css"
PRELOAD_JS_PATH = "html/faces.js"
WEB_FONT_FOLDER = "html/static/fonts"
PRINT_FONT_FOLDER = "faces"


def assemble_theme(theme: Theme, used: Iterable[int] | None, work: Path, *, has_formulas: bool = True) -> Path:
    """Write all files of a theme to a folder below `work`, and return the folder.

    `used` are the code points of the book's text. If it is None, the fonts are left out: a check needs none, and
    making them takes time. Without `has_formulas`, the font for formulas is left out.
    Unchanged files are not written again; files that do not belong to the theme are removed.
    """
    folder, codepoints = work / "theme" / theme.name, set(used or ())
    cache = font_cache_folder(work)
    files = {
        name: (source / name).read_bytes()
        for source in reversed(theme.folders)
        for name in sorted(_files_below(source))
        if _is_theme_file(name, source)
    }
    faces = fonts.theme_faces(theme) if used is not None else ()
    subsets = [
        subset
        for face in faces
        for subset in fonts.make_font_subsets(face, codepoints, cache, has_formulas=has_formulas)
    ]
    files |= {f"{WEB_FONT_FOLDER}/{subset.file.name}": subset.file.read_bytes() for subset in subsets}
    for face in faces:
        path = fonts.complete_print_font(face, cache)
        files[f"{PRINT_FONT_FOLDER}/{path.name}"] = path.read_bytes()
    files[THEME_FILE] = tokens_to_toml(theme.tokens).encode()
    files[PRELOAD_JS_PATH] = render_preload_js(subsets).encode()
    files[TOKENS_CSS_PATH] = render_tokens_css(theme, subsets).encode()
    for name, data in files.items():
        _write_if_changed(folder / name, data)
    for name in _files_below(folder) - files.keys():
        (folder / name).unlink()
    return folder


def _files_below(folder: Path) -> set[str]:
    """Return the files below a folder as relative paths with slashes.

    Links to folders are not followed.
    """
    start = len(str(folder)) + 1
    return {f"{parent}/{name}"[start:].replace(os.sep, "/") for parent, _, names in os.walk(folder) for name in names}


def _is_theme_file(name: str, folder: Path) -> bool:
    """Return whether a file is part of a theme.

    Hidden files, fonts and links out of the folder are not.
    """
    path = folder / name
    if name.rpartition("/")[2].startswith(".") or name.startswith("fonts/"):
        return False
    return path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(folder.resolve()))


def theme_font_subsets(theme: Theme, used: Iterable[int], work: Path) -> list[fonts.FontSubset]:
    """Return the font subsets of a theme that a text with these code points needs."""
    codepoints, cache = set(used), font_cache_folder(work)
    return [subset for face in fonts.theme_faces(theme) for subset in fonts.make_font_subsets(face, codepoints, cache)]


def font_cache_folder(work: Path) -> Path:
    """Return the folder of cached fonts.

    The user's cache, which all books share, or the book's own if that fails.
    """
    folder = user_cache_path("oerbook", appauthor=False) / "fonts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return work / "fonts"
    return folder if os.access(folder, os.W_OK) else work / "fonts"


def _write_if_changed(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    write_atomically(path, data)
