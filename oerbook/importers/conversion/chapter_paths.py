"""Choose file names for chapters: numbers give the order, a folder for each part."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from oerbook.importers.conversion.values import ConvertedChapter
from oerbook.text.slugs import slugify


def chapter_paths(
    chapters: Sequence[ConvertedChapter], first: int = 1, taken: frozenset[str] = frozenset()
) -> list[str]:
    """Return a path below `chapters/` for each chapter; `first` is the first free number, `taken` are slugs in use.

    >>> chapter_paths([ConvertedChapter("Soil"), ConvertedChapter("Peat", part="Kinds")])
    ['01-soil.md', '02-kinds/01-peat.md']
    """
    paths: list[str] = []
    used: dict[str, set[str]] = {"": {name.casefold() for name in taken}}
    folders: dict[str, str] = {}
    number = first
    width = max(2, len(str(first + len(chapters))))
    for chapter in chapters:
        if chapter.part and chapter.part not in folders:
            folder = _unused(slugify(chapter.part) or "part", used[""])
            folders[chapter.part] = f"{number:0{width}}-{folder}"
            number += 1
        folder = folders.get(chapter.part, "")
        names = used.setdefault(folder, set())
        slug = _unused(slugify(chapter.slug) or slugify(chapter.title) or "chapter", names)
        position = number if not folder else sum(path.startswith(f"{folder}/") for path in paths) + 1
        number += not folder
        paths.append(posixpath.join(folder, f"{position:0{width}}-{slug}.md"))
    return paths


def part_pages(chapters: Sequence[ConvertedChapter], paths: Sequence[str]) -> dict[str, str]:
    """Return the opening page of each part, which holds its title, by path below `chapters/`."""
    return {
        posixpath.join(posixpath.dirname(path), "index.md"): chapter.part
        for chapter, path in zip(chapters, paths, strict=True)
        if chapter.part
    }


def _unused(slug: str, used: set[str]) -> str:
    """Return a slug that is not in use yet, and add it to those in use."""
    name, number = slug, 2
    while name.casefold() in used:
        name, number = f"{slug}-{number}", number + 1
    used.add(name.casefold())
    return name
