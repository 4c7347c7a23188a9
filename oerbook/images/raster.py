"""Open raster images safely, and prepare them for every format: sRGB, 8 bits, upright, without metadata."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from oerbook.images.kinds import HEAD_BYTES, identify_image_kind
from oerbook.images.metadata import strip_metadata
from oerbook.storage.files import write_atomically

# Pillow tries these decoders only. Others, such as the one for EPS, start programs or are rarely looked at.
ALLOWED_DECODERS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
MAX_PIXELS = 150_000_000
SUFFIX_BY_PORTABLE_KIND = {"png": ".png", "jpeg": ".jpg", "gif": ".gif", "webp": ".webp"}
ORIENTATION_TAG = 0x0112
JPEG_QUALITY = 90
SMALL_PNG_BYTES = 500_000  # larger pictures become JPEG if that makes them much smaller
PNG_BIT_DEPTH_OFFSET = 24  # in the header (https://www.w3.org/TR/png-3/#11IHDR)
DECODING_ERRORS = (OSError, SyntaxError, ValueError, TypeError, EOFError, MemoryError, OverflowError)


class ImageError(Exception):
    """An image that cannot be shown: what is wrong and what its author can do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class RasterImage:
    """An image that every browser displays: its bytes, suffix, size in pixels, and whether it moves."""

    data: bytes
    suffix: str
    width: int
    height: int
    animated: bool = False


@contextmanager
def open_image(source: Path | bytes) -> Iterator[Image.Image]:
    """Open an image of a known kind with at most MAX_PIXELS. Raises ImageError if it cannot be opened."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about sizes, which are checked below, and odd metadata
        try:
            with Image.open(file, formats=ALLOWED_DECODERS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _too_large(image.width, image.height)
                yield image
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except DECODING_ERRORS as error:
            raise ImageError("damaged", "Save the picture again as PNG or JPEG.") from error


def prepare_raster(data: bytes, kind: str) -> RasterImage:
    """Return an image file as every format can show it; `kind` is one of `kinds.RASTER_KINDS`.

    Pixels are only encoded again if they must change. Raises ImageError if the file is damaged or too large.
    """
    try:
        clean = strip_metadata(data, kind) if kind in SUFFIX_BY_PORTABLE_KIND else data
    except ValueError as error:
        raise ImageError("damaged", "Save the picture again as PNG or JPEG.") from error
    orientation, profile = _display_settings(data)
    with open_image(clean) as image:
        image.load()
        animated = getattr(image, "n_frames", 1) > 1 and kind in ("gif", "webp", "png")
        if kind in SUFFIX_BY_PORTABLE_KIND and (
            animated or not (orientation > 1 or profile or _needs_conversion(image, clean, kind))
        ):
            return RasterImage(clean, SUFFIX_BY_PORTABLE_KIND[kind], image.width, image.height, animated)
        converted = _to_srgb(image, profile)
        return _encode(converted if kind == "tiff" else _upright(converted, orientation), kind)  # Pillow turns TIFF


def has_animation(data: bytes) -> bool:
    """Return whether an image has several frames; one that cannot be read may have."""
    try:
        with open_image(data) as image:
            return getattr(image, "n_frames", 1) > 1
    except (ImageError, *DECODING_ERRORS):
        return True


def shrink_image(source: Path, width: int, min_reduction: float = 1.0) -> bytes | None:
    """Return an image reduced to a width in pixels; None if that makes the file no smaller, or it moves.

    Nothing is reduced that is smaller than `width / min_reduction`.
    """
    return shrink_to_widths(source, [width], min_reduction)[0]


def shrink_to_widths(source: Path, widths: Sequence[int], min_reduction: float = 1.0) -> list[bytes | None]:
    """Return `shrink_image` for each of several widths; the image is decoded once."""
    with open_image(source) as image:
        wanted = [width for width in widths if image.width * min_reduction > width]
        if not wanted or getattr(image, "n_frames", 1) > 1:
            return [None] * len(widths)
        kind, few_colors = str(image.format), image.mode == "P"  # few colors: a drawing
        full_width, full_height = image.size
        if kind == "JPEG":  # decodes fewer pixels
            image.draft(image.mode, (2 * max(wanted), 2 * max(wanted) * full_height // full_width))
        pixels = image.convert("RGBA" if _has_alpha(image) else "L" if image.mode in ("1", "L") else "RGB")
        limit = 0.9 * source.stat().st_size
        copies: list[bytes | None] = []
        for width in widths:
            size = (width, max(1, round(full_height * width / full_width)))
            copy = _reduced(pixels, size, kind, few_colors=few_colors) if width in wanted else None
            copies.append(copy if copy is not None and len(copy) < limit else None)
    return copies


def _reduced(pixels: Image.Image, size: tuple[int, int], kind: str, *, few_colors: bool) -> bytes:
    """Encode an image in another size; an opaque one is reduced without its alpha channel, which is quicker."""
    is_opaque = pixels.mode == "RGBA" and pixels.getchannel("A").getextrema() == (255, 255)
    small = (pixels.convert("RGB") if is_opaque else pixels).resize(size, Image.Resampling.LANCZOS)
    if is_opaque:
        small.putalpha(255)
    if few_colors:
        small = small.quantize(256, method=Image.Quantize.FASTOCTREE)
    return _save(small, kind, JPEG_QUALITY - 5)


def prepare_cover(source: Path, folder: Path) -> Path | None:
    """Save a book's cover as PNG or JPEG, prepared like every image; return its path, None if it is no raster image."""
    try:
        data = source.read_bytes()
        raster = prepare_raster(data, identify_image_kind(data[:HEAD_BYTES]))
        data, suffix = (
            (raster.data, raster.suffix) if raster.suffix in (".png", ".jpg") else (to_png(raster.data), ".png")
        )
    except (OSError, ImageError):
        return None
    path = folder / f"cover-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
    if not path.is_file():
        write_atomically(path, data)
    return path


def to_png(source: Path | bytes, *, opaque: bool = False) -> bytes:
    """Return an image as PNG, the first frame of an animation."""
    with open_image(source) as image:
        return _save(image.convert("RGBA" if _has_alpha(image) and not opaque else "RGB"), "PNG", JPEG_QUALITY)


def _display_settings(data: bytes) -> tuple[int, bytes]:
    """Return the orientation (1 to 8) and the color profile, b"" for sRGB."""
    with open_image(data) as image:
        try:
            orientation = int(image.getexif().get(ORIENTATION_TAG, 1))
        except (*DECODING_ERRORS, KeyError, AttributeError, struct.error, ArithmeticError):  # malformed metadata
            orientation = 1
        profile = image.info.get("icc_profile") or b""
        if image.mode in ("1", "L", "LA", "P", "PA", "I", "F") or image.mode.startswith("I;"):
            profile = b""
    is_srgb = not profile or b"sRGB" in profile[:4000] or b"s\0R\0G\0B" in profile[:4000]
    return orientation if 1 <= orientation <= 8 else 1, b"" if is_srgb else profile


def _needs_conversion(image: Image.Image, data: bytes, kind: str) -> bool:
    deep = kind == "png" and data[PNG_BIT_DEPTH_OFFSET] == 16
    return deep or image.mode not in ("1", "L", "LA", "P", "PA", "RGB", "RGBA")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an image as 8-bit sRGB, grey or with alpha."""
    if image.mode.startswith("I") or image.mode == "F":
        return _to_8_bits(image)
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=target)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    if image.mode in ("1", "L", "RGB", "RGBA", "LA"):
        return image.copy()
    return image.convert("RGBA" if _has_alpha(image) else "RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Scale a grey image of 16 or 32 bits to 8."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    values = image.convert("F")
    low, high = values.getextrema()
    low, high = float(low), float(high)  # type: ignore[arg-type]  # one band: two numbers
    if low >= 0 and high <= 65535 and high > 255 and image.mode == "I":
        low, high = 0.0, 65535.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    scale = 255 / (high - low) if high > low else 0
    return values.point(lambda value: value * scale + -low * scale).convert("L")


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    if orientation <= 1:
        return image
    image.getexif()[ORIENTATION_TAG] = orientation
    return ImageOps.exif_transpose(image)


def _encode(image: Image.Image, kind: str) -> RasterImage:
    """Encode a converted image: photographs as JPEG, all else without loss."""
    if kind == "jpeg":
        data, suffix = _save(image, "JPEG", JPEG_QUALITY), ".jpg"
    elif kind == "webp":
        data, suffix = _save(image, "WEBP", JPEG_QUALITY), ".webp"
    else:
        data, suffix = _save(image, "PNG", JPEG_QUALITY), ".png"
        if len(data) > SMALL_PNG_BYTES and not _has_alpha(image):
            photo = _save(image, "JPEG", JPEG_QUALITY)
            data, suffix = (photo, ".jpg") if len(photo) < len(data) / 3 else (data, suffix)
    return RasterImage(data, suffix, image.width, image.height)


def _save(image: Image.Image, kind: str, quality: int) -> bytes:
    """Encode pixels and nothing else."""
    bare = image.copy()
    transparency = bare.info.get("transparency")
    bare.info = {} if transparency is None or bare.mode != "P" else {"transparency": transparency}
    if kind == "JPEG" and bare.mode not in ("L", "RGB"):
        bare = bare.convert("RGB")
    out = io.BytesIO()
    options = {"quality": quality} if kind in ("JPEG", "WEBP") else {}
    bare.save(out, kind, exif=b"", **options)
    return out.getvalue()


def _has_alpha(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info


def _too_large(width: int = 0, height: int = 0) -> ImageError:
    size = f" ({width} × {height} pixels)" if width else ""
    return ImageError(f"too large to open{size}", f"Save it with fewer than {MAX_PIXELS // 1_000_000} million pixels.")
