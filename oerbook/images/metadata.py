"""Remove metadata from image files without decoding them: what is left are pixels and how to display them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

# Chunks of PNG that display needs (https://www.w3.org/TR/png-3/). Texts, EXIF, times and private chunks are dropped.
KEPT_PNG_CHUNKS = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"),
        *(b"acTL", b"fcTL", b"fdAT"),  # animation
    )
)
KEPT_WEBP_CHUNKS = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"])
WEBP_METADATA_FLAGS = 0x20 | 0x08 | 0x04  # ICC profile, EXIF, XMP
JPEG_MARKERS_WITHOUT_LENGTH = frozenset([0x01, *range(0xD0, 0xD9)])  # markers without a length
JPEG_APP0, JPEG_APP14, JPEG_APP15, JPEG_COMMENT = 0xE0, 0xEE, 0xEF, 0xFE
JPEG_START_OF_SCAN, JPEG_END = 0xDA, 0xD9
GIF_EXTENSION, GIF_IMAGE, GIF_END = 0x21, 0x2C, 0x3B
GIF_CONTROL, GIF_APPLICATION = 0xF9, 0xFF
GIF_LOOP_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def strip_metadata(data: bytes, kind: str) -> bytes:
    """Return an image file without metadata and without bytes after its end.

    `kind` is png, jpeg, gif or webp. Raises ValueError if the file is not well-formed.
    """
    try:
        return {"png": _strip_png, "jpeg": _strip_jpeg, "gif": _strip_gif, "webp": _strip_webp}[kind](data)
    except (IndexError, struct.error) as error:
        raise ValueError("the file ends too early") from error


def _strip_png(data: bytes) -> bytes:
    parts = [data[:8]]
    position = 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        name = data[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(data):
            raise ValueError("the file ends too early")
        if name in KEPT_PNG_CHUNKS:
            parts.append(data[position:end])
        position = end
        if name == b"IEND":
            return b"".join(parts)
    raise ValueError("the file ends too early")


def _strip_jpeg(data: bytes) -> bytes:
    parts = [data[:2]]
    position = 2
    while True:
        while data[position] == 0xFF and data[position + 1] == 0xFF:
            position += 1  # fill bytes
        marker = data[position + 1]
        if data[position] != 0xFF:
            raise ValueError("a segment has no marker")
        if marker == JPEG_END:
            return b"".join([*parts, data[position : position + 2]])
        if marker in JPEG_MARKERS_WITHOUT_LENGTH:
            end = position + 2
        else:
            end = position + 2 + struct.unpack_from(">H", data, position + 2)[0]
        if marker == JPEG_START_OF_SCAN:
            end = _end_of_scan(data, end)
        if not _is_jpeg_metadata(marker):
            parts.append(_jpeg_segment(data[position:end], marker))
        position = end


def _is_jpeg_metadata(marker: int) -> bool:
    return marker == JPEG_COMMENT or (JPEG_APP0 < marker <= JPEG_APP15 and marker != JPEG_APP14)


def _jpeg_segment(segment: bytes, marker: int) -> bytes:
    """Return a segment; JFIF loses its thumbnail, which may show what was cropped, Adobe's what follows the flags."""
    if marker == JPEG_APP0:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0" if segment[4:9] == b"JFIF\0" else b""
    if marker == JPEG_APP14:
        return b"\xff\xee\x00\x0e" + segment[4:16] if segment[4:9] == b"Adobe" else b""
    return segment


def _end_of_scan(data: bytes, position: int) -> int:
    """Return where the entropy-coded data ends: at a marker that is neither a stuffed zero nor a restart."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise ValueError("the file ends too early")
        if data[position + 1] != 0 and not 0xD0 <= data[position + 1] <= 0xD7:
            return position
        position += 2


def _strip_gif(data: bytes) -> bytes:
    flags = data[10]
    position = 13 + _gif_colors(flags)
    parts = [data[:position]]
    while data[position] != GIF_END:
        start = position
        if data[position] == GIF_EXTENSION:
            label, position = data[position + 1], _after_blocks(data, position + 2)
            is_loop = label == GIF_APPLICATION and data[start + 3 : start + 14] in GIF_LOOP_APPLICATIONS
            if label == GIF_CONTROL or is_loop:
                parts.append(data[start:position])
        elif data[position] == GIF_IMAGE:
            position = _after_blocks(data, position + 11 + _gif_colors(data[position + 9]))
            parts.append(data[start:position])
        else:
            raise ValueError("a block is of no known kind")
    return b"".join([*parts, b"\x3b"])


def _gif_colors(flags: int) -> int:
    """Return the number of bytes of a color table, 0 if there is none."""
    return 3 * (2 << (flags & 7)) if flags & 0x80 else 0


def _after_blocks(data: bytes, position: int) -> int:
    while data[position]:
        position += data[position] + 1
    return position + 1


def _strip_webp(data: bytes) -> bytes:
    parts = [_webp_chunk(name, body) for name, body in _webp_chunks(data) if name in KEPT_WEBP_CHUNKS]
    content = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position, end = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while position + 8 <= end:
        (length,) = struct.unpack_from("<I", data, position + 4)
        if position + 8 + length > end:
            raise ValueError("the file ends too early")
        yield data[position : position + 4], data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _webp_chunk(name: bytes, body: bytes) -> bytes:
    if name == b"VP8X":
        body = bytes([body[0] & ~WEBP_METADATA_FLAGS]) + body[1:]
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
