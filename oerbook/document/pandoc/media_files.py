"""Copy images for EPUB, PDF and DOCX, converted if the format needs it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from PIL import Image

from oerbook.tools import typst

SUPPORTED_SUFFIXES = {
    "epub": frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}),
    "typst": frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg"}),
    "docx": frozenset({".png", ".jpg", ".jpeg", ".gif"}),
}
DOTS_PER_INCH = 200.0


class MediaFolder:
    """The folder with the images of one target, named by a digest of their content."""

    def __init__(self, source: Path, folder: Path, target: str) -> None:
        self.source, self.folder, self.target = source, folder, target
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, uri: str) -> str:
        """Copy an image of `chapters/`; return its new file name, or "" if it is missing."""
        source = self.source / uri
        try:
            data = source.read_bytes()
        except OSError:
            return ""
        suffix = source.suffix.lower() if source.suffix.lower() in SUPPORTED_SUFFIXES[self.target] else ".png"
        name = hashlib.sha256(data).hexdigest()[:16] + (".jpg" if suffix == ".jpeg" else suffix)
        if not (self.folder / name).is_file():
            self._convert(source, self.folder / name)
        return name

    def _convert(self, source: Path, destination: Path) -> None:
        suffix = source.suffix.lower()
        temporary = destination.with_name(f".{destination.name}")
        if suffix in SUPPORTED_SUFFIXES[self.target]:
            shutil.copyfile(source, temporary)
        elif suffix == ".svg":
            typst.svg_to_png(source, temporary, DOTS_PER_INCH)
        else:
            with Image.open(source) as image:
                image.convert("RGBA").save(temporary, "PNG")
        temporary.replace(destination)
