"""Image files: what they are is read from their bytes, and what goes out has pixels and nothing else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageOps

from oerbook.images import raster
from oerbook.images.kinds import UNSUPPORTED_KINDS, identify_image_kind
from oerbook.images.raster import ImageError

OWNER = "owner of the camera"
CORNER = (0, 0, 255)


def picture(width: int = 64, height: int = 32) -> Image.Image:
    """Return a red image with a blue corner at the top left."""
    image = Image.new("RGB", (width, height), (200, 30, 10))
    image.paste(CORNER, (0, 0, width // 4, height // 2))
    return image


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_orientation(kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = orientation, OWNER
    return encode(picture(), kind, exif=exif)


def decode(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def blue_corners(image: Image.Image) -> list[tuple[int, int]]:
    corners = [(x, y) for x in (4, image.width - 4) for y in (4, image.height - 4)]
    return [place for place in corners if image.getpixel(place)[2] > 150]  # type: ignore[index]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_the_kind_is_read_from_the_bytes(kind: str) -> None:
    data = encode(picture(), kind)
    assert identify_image_kind(data[:4096]) == kind.lower()
    ready = raster.prepare_raster(data, kind.lower())
    assert (ready.width, ready.height) == (64, 32)
    assert ready.suffix in (".png", ".jpg", ".gif", ".webp")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_rotated_photo_is_turned_upright_and_loses_its_metadata(kind: str, orientation: int) -> None:
    expected = picture()
    expected.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(expected)
    ready = raster.prepare_raster(with_orientation(kind, orientation), kind.lower())
    found = decode(ready.data)
    assert (found.size, blue_corners(found)) == (expected.size, blue_corners(expected))
    assert OWNER.encode() not in ready.data and not Image.open(io.BytesIO(ready.data)).getexif()


def test_pixels_stay_as_they_are_when_only_metadata_goes() -> None:
    plain = encode(picture(), "JPEG", quality=70)
    described = encode(picture(), "JPEG", quality=70, comment=OWNER.encode(), exif=Image.Exif())
    assert (
        raster.prepare_raster(described + b"a video of the owner", "jpeg").data
        == raster.prepare_raster(plain, "jpeg").data
        == plain
    )


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_keeps_moving(kind: str) -> None:
    frames = [picture(), Image.new("RGB", (64, 32))]
    extra = {"comment": OWNER.encode()} if kind == "GIF" else {}
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], loop=0, duration=100, **extra)
    ready = raster.prepare_raster(data, kind.lower())
    assert ready.animated and Image.open(io.BytesIO(ready.data)).n_frames == 2  # type: ignore[attr-defined]
    assert OWNER.encode() not in ready.data


def test_a_photo_in_printing_colors_becomes_one_for_screens() -> None:
    ready = raster.prepare_raster(encode(picture().convert("CMYK"), "JPEG"), "jpeg")
    assert Image.open(io.BytesIO(ready.data)).mode == "RGB"
    assert blue_corners(decode(ready.data)) == [(4, 4)]


def test_sixteen_bits_become_eight() -> None:
    ready = raster.prepare_raster(encode(Image.new("I;16", (5, 5), 40_000), "PNG"), "png")
    image = Image.open(io.BytesIO(ready.data))
    assert (image.mode, image.getpixel((1, 1))) == ("L", 40_000 // 256)


def test_a_wide_color_profile_is_applied_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    ready = raster.prepare_raster(encode(picture(), "JPEG", icc_profile=profile), "jpeg")
    assert "icc_profile" not in Image.open(io.BytesIO(ready.data)).info


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "lfs-pointer"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "postscript"),
        (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "postscript"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video"),
        (b"  <!DOCTYPE html><html><body>404", "web-page"),
        (b"8BPS\0\1", "photoshop"),
        (b"PK\x03\x04", "zip"),
        (b"just words", "unknown"),
    ],
)
def test_an_unsupported_image_kind_is_identified(head: bytes, kind: str) -> None:
    assert identify_image_kind(head) == kind and UNSUPPORTED_KINDS[kind].hint


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP"])
def test_a_file_that_ends_too_early_is_damaged(kind: str) -> None:
    data = encode(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
    with pytest.raises(ImageError, match="damaged"):
        raster.prepare_raster(data[: len(data) // 2], kind.lower())


def test_postscript_named_png_is_not_decoded(tmp_path: Any) -> None:
    path = tmp_path / "drawing.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 5 5\n%%EndComments\n")
    with pytest.raises(ImageError), raster.open_image(path):
        pass


def test_a_picture_that_would_fill_the_memory_is_not_decoded() -> None:
    small = encode(Image.new("1", (5, 5)), "PNG")
    import struct
    import zlib

    header = b"IHDR" + struct.pack(">II", 60_000, 60_000) + small[24:29]
    data = small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
    with pytest.raises(ImageError, match="too large"):
        raster.prepare_raster(data, "png")


def test_a_reduced_copy_is_smaller_or_not_made(tmp_path: Any) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode(Image.effect_noise((800, 600), 60).convert("RGB"), "JPEG"))
    reduced = raster.shrink_image(path, 400)
    assert reduced is not None and decode(reduced).size == (400, 300)
    assert raster.shrink_image(path, 800) is None and raster.shrink_image(path, 700, 0.85) is None


def test_copies_of_several_widths_are_those_made_one_by_one(tmp_path: Any) -> None:
    path = tmp_path / "map.png"
    map_picture = Image.effect_noise((800, 600), 60).convert("RGBA")
    path.write_bytes(encode(map_picture, "PNG"))
    copies = raster.shrink_to_widths(path, [200, 400, 900])
    assert copies == [raster.shrink_image(path, width) for width in (200, 400, 900)] and copies[2] is None
    assert copies[0] is not None and decode(copies[0]).size == (200, 150)
