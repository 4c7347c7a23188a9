"""Prepare the image files of a page, each once by its content, for all formats."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from oerbook.document.context.build_context import BuildContext
from oerbook.document.safety.rasterize import pdf_to_svg, render_png
from oerbook.document.safety.svg_tidy import prepare_svg
from oerbook.images.kinds import HEAD_BYTES, RASTER_KINDS, UNSUPPORTED_KINDS, identify_image_kind
from oerbook.images.raster import ImageError, prepare_raster
from oerbook.storage.code_digest import code_digest
from oerbook.storage.files import write_atomically

MAX_IMAGE_BYTES = 200_000_000
PREPARED_FOLDER = "outputs"  # below the cache folder
INVALID_NAME_CHARS = re.compile(r"[^\w.-]+")
CANONICAL_SUFFIX = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg"}


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """The file to show for an image, its size in pixels (0 if unknown), and what its author should know.

    If the image cannot be shown, `problem` says why and `hint` what to do.
    """

    file: str = ""  # "" for the author's own file, which is right as it is
    width: int = 0
    height: int = 0
    animated: bool = False
    had_active_content: bool = False
    had_html_text: bool = False
    problem: str = ""
    hint: str = ""


def prepare_image(context: BuildContext, path: Path) -> PreparedImage:
    """Prepare an image file: right colors, upright, no metadata, nothing active; or say why it cannot be shown.

    Prepared files and results are kept by content, so that each image is decoded once.
    """
    folder = context.cache_dir / PREPARED_FOLDER
    try:
        if path.stat().st_size > MAX_IMAGE_BYTES:
            return PreparedImage(
                problem="too large to open", hint="Save it smaller: a page shows 2,000 pixels at most."
            )
        data = path.read_bytes()
    except OSError as error:
        return PreparedImage(problem=f"cannot be read ({error.strerror})", hint="Check the permissions of the file.")
    digest = hashlib.sha256(code_digest("images", "document/safety").encode() + path.suffix.encode() + data).hexdigest()
    record = folder / f"{digest[:32]}-{_stem(path)}.json"
    prepared = _read(record)
    if prepared is None or not (not prepared.file or (folder / prepared.file).is_file()):
        prepared = _prepare(folder, path, data)
        write_atomically(record, json.dumps(asdict(prepared)).encode())
    return prepared


def path_of_prepared_image(context: BuildContext, image: PreparedImage, path: Path) -> Path:
    """Return the path of the file to show."""
    return context.cache_dir / PREPARED_FOLDER / image.file if image.file else path


def _read(record: Path) -> PreparedImage | None:
    try:
        return PreparedImage(**json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _prepare(folder: Path, path: Path, data: bytes) -> PreparedImage:
    kind = identify_image_kind(data[:HEAD_BYTES])
    try:
        if kind in RASTER_KINDS:
            raster = prepare_raster(data, kind)
            file = (
                _save(folder, path, raster.data, raster.suffix)
                if _differs(path, data, raster.data, raster.suffix)
                else ""
            )
            return PreparedImage(file, raster.width, raster.height, raster.animated)
        if kind in ("svg", "pdf"):
            return _prepare_drawing(folder, path, data, kind)
    except ImageError as error:
        return PreparedImage(problem=error.message, hint=error.hint)
    unsupported = UNSUPPORTED_KINDS[kind]
    return PreparedImage(problem=unsupported.name, hint=unsupported.hint)


def _prepare_drawing(folder: Path, path: Path, data: bytes, kind: str) -> PreparedImage:
    drawing = prepare_svg(pdf_to_svg(data) if kind == "pdf" else data)
    if drawing.needs_trial:
        render_png(drawing.data, ".svg", 96)
    return PreparedImage(
        _save(folder, path, drawing.data, ".svg") if _differs(path, data, drawing.data, ".svg") else "",
        drawing.width,
        drawing.height,
        had_active_content=drawing.had_active_content,
        had_html_text=drawing.had_html_text,
    )


def _differs(path: Path, before: bytes, after: bytes, suffix: str) -> bool:
    own_suffix = path.suffix.lower()
    return before != after or CANONICAL_SUFFIX.get(own_suffix, own_suffix) != suffix


def _save(folder: Path, path: Path, data: bytes, suffix: str) -> str:
    name = f"{_stem(path)}-{hashlib.sha256(data).hexdigest()[:10]}{suffix}"
    if not (folder / name).is_file():
        write_atomically(folder / name, data)
    return name


def _stem(path: Path) -> str:
    return INVALID_NAME_CHARS.sub("-", path.stem).strip("-.")[:60] or "image"
