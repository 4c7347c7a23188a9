"""Pictures for the formats that are one file: copied once by content, in a kind that the format can hold."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from PIL import Image

from oerbook.tools import typst

HELD = {
    "epub": frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}),
    "typst": frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg"}),
    "docx": frozenset({".png", ".jpg", ".jpeg", ".gif"}),
}
DOTS_PER_INCH = 200.0


class MediaFolder:
    """The pictures of one target in one folder, named by content."""

    def __init__(self, source: Path, folder: Path, target: str) -> None:
        self.source, self.folder, self.target = source, folder, target
        folder.mkdir(parents=True, exist_ok=True)

    def name(self, uri: str) -> str:
        """Return the name in the folder of a picture given relative to `chapters/`, or "" when it is not there."""
        path = self.source / uri
        try:
            raw = path.read_bytes()
        except OSError:
            return ""
        suffix = path.suffix.lower()
        kept = suffix if suffix in HELD[self.target] else ".png"
        name = hashlib.sha256(raw).hexdigest()[:16] + (".jpg" if kept == ".jpeg" else kept)
        made = self.folder / name
        if not made.is_file():
            self._make(path, made, suffix)
        return name

    def _make(self, path: Path, made: Path, suffix: str) -> None:
        beside = made.with_name(f".{made.name}")
        if suffix in HELD[self.target]:
            shutil.copyfile(path, beside)
        elif suffix == ".svg":
            typst.rasterise(path, beside, DOTS_PER_INCH)
        else:
            with Image.open(path) as picture:
                picture.convert("RGBA").save(beside, "PNG")
        beside.replace(made)
