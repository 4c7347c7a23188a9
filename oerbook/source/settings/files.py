"""Files that the title page names: cover, logo, bibliographies, inventories. All of them lie in `chapters/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from oerbook.markup.urls import to_web_url
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.front_matter import FrontMatter
from oerbook.source.page import INDEX_PATH
from oerbook.source.settings.inventories import why_inventory_is_unreadable
from oerbook.source.values import as_text_list
from oerbook.source.yaml_lines import YamlData, scalar_as_text


def file_in_chapters(root: Path, name: str) -> str:
    """Return the path of a file below the root, "" when it is not a file in `chapters/`.

    Symbolic links are followed, and hidden files are not part of a book.
    """
    chapters = (root / "chapters").resolve()
    try:
        path = (chapters / name).resolve()
        valid = bool(name) and path.is_file() and _is_inside(path, chapters)
    except (OSError, ValueError, RuntimeError):
        return ""
    return f"chapters/{path.relative_to(chapters).as_posix()}" if valid else ""


def declared_bibliography_files(root: Path, data: YamlData) -> tuple[str, ...]:
    """Return the bibliographies of a book that exist."""
    found = (file_in_chapters(root, name) for name in as_text_list(data) if name.endswith(".bib"))
    return tuple(dict.fromkeys(name for name in found if name))


def declared_inventories(root: Path, data: YamlData) -> tuple[tuple[str, str, str], ...]:
    """Return the other books to refer to: key, URL, and the inventory file if it can be read, or ""."""
    rows = []
    for key, value in data.items() if isinstance(data, dict) else ():
        url = to_web_url(scalar_as_text(value.get("url") if isinstance(value, dict) else value))
        local = scalar_as_text(value.get("inventory")) if isinstance(value, dict) else ""
        path = file_in_chapters(root, local)
        rows.append((str(key), url, "" if path and why_inventory_is_unreadable(root / path) else path))
    return tuple(rows)


def check_settings_files(root: Path, front_matter: FrontMatter) -> Iterator[Finding]:
    """Report files of the title page that are outside of `chapters/` or missing."""
    chapters = (root / "chapters").resolve()
    for key, name in _named_files(front_matter):
        place = Place(INDEX_PATH, front_matter.lines.get(key, 1))
        if path := file_in_chapters(root, name):
            if key == "references" and (problem := why_inventory_is_unreadable(root / path)):
                message = f"the inventory {name} is not used: {problem}"
                yield Finding(
                    "inventory-missing", message, place, Severity.ERROR, "Save objects.inv of the book again."
                )
            continue
        try:
            inside = _is_inside((chapters / name).resolve(), chapters)
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            message = f"{key}: {name} is not a file of this book"
            hint = "Copy the file into chapters/ and use its path relative to chapters/."
            yield Finding("file-outside-book", message, place, Severity.ERROR, hint)
        elif key in ("cover", "logo"):
            hint = "Write its path relative to chapters/, and check the spelling, capitals included."
            yield Finding("image-missing", f"the {key} {name} is missing", place, Severity.WARNING, hint)


def _named_files(matter: FrontMatter) -> Iterator[tuple[str, str]]:
    values = matter.values
    for key in ("cover", "logo"):
        if name := scalar_as_text(values.get(key)):
            yield key, name
    for name in as_text_list(values.get("bibliography")):
        yield "bibliography", name
    references = values.get("references")
    for value in references.values() if isinstance(references, dict) else ():
        if isinstance(value, dict) and (name := scalar_as_text(value.get("inventory"))):
            yield "references", name


def _is_inside(path: Path, chapters: Path) -> bool:
    return path.is_relative_to(chapters) and not any(part.startswith(".") for part in path.relative_to(chapters).parts)
