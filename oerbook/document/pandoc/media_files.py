"""Copy images for EPUB, PDF and DOCX, in the size that they are shown in, converted if the format needs it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from lxml import etree

from oerbook.document.safety.rasterize import render_png
from oerbook.document.safety.svg_sanitizer import sanitize_svg
from oerbook.images.raster import ImageError, shrink_image, to_png
from oerbook.media.qr_code import draw_qr_code
from oerbook.source.paper_sizes import PAPER_SIZES_MM, paper_size_mm
from oerbook.storage.files import remove_quietly, write_atomically

SUPPORTED_SUFFIXES = {
    "epub": frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}),
    "typst": frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}),
    "docx": frozenset({".png", ".jpg", ".jpeg", ".gif"}),
}
PRINT_DOTS_PER_INCH = 300
TEXT_WIDTH_SHARE = 0.78  # of the paper's width, in every theme at most
EPUB_WIDTH_PX = 1600
DOCX_WIDTH_PX = 2000  # 170 mm at 300 dots per inch
MAX_SIZE_RATIO_AFTER_REDUCTION = 0.85  # a picture that would be reduced by less is copied as it is
RASTER_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


class MediaFolder:
    """The folder with the images of one target, named by a digest of their content."""

    def __init__(self, source: Path, folder: Path, target: str, paper: str = "a4") -> None:
        self.source, self.folder, self.target = source, folder, target
        self.full_width = text_width_px(target, paper)
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, uri: str, width_share: float = 1.0) -> str:
        """Copy an image of `chapters/`; return its new file name, or "" if it is missing or cannot be converted.

        `width_share` is the part of the text's width that the image fills at most.
        """
        source = self.source / uri
        try:
            data = source.read_bytes()
        except OSError:
            return ""
        suffix = source.suffix.lower() if source.suffix.lower() in SUPPORTED_SUFFIXES[self.target] else ".png"
        width = max(64, round(self.full_width * width_share))
        stem = hashlib.sha256(data).hexdigest()[:16] + ("" if suffix == ".svg" else f"-{width}")
        name = stem + (".jpg" if suffix == ".jpeg" else suffix)
        if not (self.folder / name).is_file():
            try:
                self._convert(source, self.folder / name, width)
            except ImageError:
                return ""
        return name

    def add_file(self, uri: str) -> str:
        """Copy a file of `chapters/` as it is; return its new file name, or "" if it is missing."""
        source = self.source / uri
        try:
            data = source.read_bytes()
        except OSError:
            return ""
        return self._write(f"{hashlib.sha256(data).hexdigest()[:16]}{source.suffix.lower()}", data)

    def add_qr_code(self, address: str) -> str:
        """Draw the QR code of an address; return its file name, or "" if the address is too long."""
        try:
            data = draw_qr_code(address)
        except ValueError:
            return ""
        return self._write(f"qr-{hashlib.sha256(address.encode()).hexdigest()[:16]}.png", data)

    def _write(self, name: str, data: bytes) -> str:
        if not (self.folder / name).is_file():
            write_atomically(self.folder / name, data)
        return name

    def _convert(self, source: Path, destination: Path, width: int) -> None:
        suffix = source.suffix.lower()
        temporary = destination.with_name(f".{destination.name}")
        reduced = shrink_image(source, width, MAX_SIZE_RATIO_AFTER_REDUCTION) if suffix in RASTER_SUFFIXES else None
        try:
            if reduced is not None:
                temporary.write_bytes(reduced)
            else:
                shutil.copyfile(source, temporary)
            if suffix == ".svg":  # sanitized already; the last guard, when another package made the file
                temporary.write_bytes(_without_active_content(source.read_bytes()))
            if suffix == ".svg" and ".svg" not in SUPPORTED_SUFFIXES[self.target]:
                temporary.write_bytes(render_png(source.read_bytes(), suffix))
            elif suffix not in SUPPORTED_SUFFIXES[self.target]:
                temporary.write_bytes(to_png(temporary))
            temporary.replace(destination)
        finally:
            remove_quietly(temporary)


def _without_active_content(svg: bytes) -> bytes:
    try:
        return sanitize_svg(svg) or svg
    except (ValueError, etree.XMLSyntaxError) as error:
        raise ImageError("not an SVG image", "Save it again as plain SVG.") from error


def text_width_px(target: str, paper: str) -> int:
    """Return the pixels of an image that fills the width of the text.

    >>> text_width_px("typst", "a4"), text_width_px("typst", "a5"), text_width_px("epub", "a4")
    (1935, 1363, 1600)
    """
    if target != "typst":
        return EPUB_WIDTH_PX if target == "epub" else DOCX_WIDTH_PX
    width_mm, _height = paper_size_mm(paper) or PAPER_SIZES_MM["a4"]
    return round(width_mm * TEXT_WIDTH_SHARE / 25.4 * PRINT_DOTS_PER_INCH)
