"""Image attributes for the web: size in pixels, smaller copies for small screens, loading when they come into view."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes

from oerbook.images.raster import ImageError, shrink_to_widths
from oerbook.storage.file_cache import file_digest
from oerbook.storage.files import write_atomically

COPY_WIDTHS_PX = (800, 1600)
MAX_WIDTH_PX = 2400  # twice the widest column, for sharp screens
RASTER_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
IMG_SIZES_ATTRIBUTE = "(min-width: 48rem) 46rem, 100vw"
PERCENTAGE = re.compile(r"\s*(\d{1,3})(?:\.\d+)?\s*%\s*")


def image_attributes(builder: Any, folder: Path, node: Any, uri: str) -> dict[str, str]:
    """Return the attributes of an image of a page, and let the builder copy the files that they name.

    `folder` holds the reduced copies, `uri` is the image relative to the sources. The result has another `src` if the
    image is larger than any screen.
    """
    width, height = node.get("pixels") or (0, 0)
    attributes = {} if _is_first(node) else {"loading": "lazy"}
    if not width or not height:
        return attributes
    source = Path(builder.srcdir) / uri
    copies: list[tuple[int, str]] = []
    if source.suffix.lower() in RASTER_SUFFIXES and uri in builder.images:
        copies = _copies(builder, folder, source, width)
        largest = next((name for size, name in copies if size == MAX_WIDTH_PX), "")
        if largest:
            attributes["src"] = _link(builder, largest)
            width, height = MAX_WIDTH_PX, max(1, round(height * MAX_WIDTH_PX / width))
        else:
            copies.append((width, builder.images[uri]))
    if len(copies) > 1:
        attributes["srcset"] = ", ".join(f"{_link(builder, name)} {size}w" for size, name in copies)
        attributes["sizes"] = _sizes(node, width)
    own_width = str(node.get("width") or "").removesuffix("px")
    if own_width.isdigit() and not node.get("height"):
        attributes |= {"width": own_width, "height": str(max(1, round(height * int(own_width) / width)))}
    elif not any(node.get(key) for key in ("height", "scale")):
        attributes |= {"width": str(width), "height": str(height)}
    return attributes


def _is_first(node: Any) -> bool:
    """Return whether an image is the first of its page, which the reader sees at once."""
    return node.document is not None and next(iter(node.document.findall(nodes.image)), None) is node


def _copies(builder: Any, folder: Path, source: Path, width: int) -> list[tuple[int, str]]:
    """Return the width in pixels and name of each copy; a width at which the file would be no smaller has none."""
    stem = source.stem
    if source.resolve().parent != folder.resolve():  # the author's own file: its name says nothing about its content
        stem += f"-{_stamp(source)}"
    sizes = [size for size in (*COPY_WIDTHS_PX, MAX_WIDTH_PX) if width > size * 1.2]
    paths = {size: folder / f"{stem}-{size}w{source.suffix.lower()}" for size in sizes}
    if not all(path.is_file() or path.with_suffix(".large").is_file() for path in paths.values()):
        _write_copies(source, paths)
    found = [(size, path) for size, path in paths.items() if path.is_file()]
    for _size, path in found:
        builder.images[os.path.relpath(path, builder.srcdir)] = path.name
    return [(size, path.name) for size, path in found]


def _write_copies(source: Path, paths: Mapping[int, Path]) -> None:
    """Write the reduced copies of an image, an empty file with another suffix for each that is not needed."""
    try:
        copies = shrink_to_widths(source, list(paths))
    except ImageError:
        copies = [None] * len(paths)
    for path, data in zip(paths.values(), copies, strict=True):
        write_atomically(path.with_suffix(".large") if data is None else path, data or b"")


def _stamp(source: Path) -> str:
    return file_digest(str(source)).hex()[:10]


def _link(builder: Any, name: str) -> str:
    return f"{builder.imgpath}/{quote(name)}"


def _sizes(node: Any, width: int) -> str:
    share = PERCENTAGE.fullmatch(str(node.get("width") or ""))
    if share:
        part = min(100, int(share[1])) / 100
        return f"(min-width: 48rem) {46 * part:.3g}rem, {100 * part:.3g}vw"
    return f"(min-width: {width}px) {min(width, 736)}px, 100vw" if width < 736 else IMG_SIZES_ATTRIBUTE
