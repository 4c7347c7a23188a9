"""Remove what a camera writes into a video besides pictures and sound: the place, the owner, the device."""

from __future__ import annotations

from collections.abc import Iterator

# Boxes with metadata, by ISO/IEC 14496-12 and Apple's QuickTime File Format; `uuid` at the top level holds XMP.
METADATA_BOXES = frozenset([b"udta", b"meta"])
CONTAINER_BOXES = frozenset([b"moov", b"trak"])
MAX_BOXES = 10_000


def remove_private_data(data: bytes) -> bytes:
    """Return an MP4 or QuickTime file without its metadata, other files as they are.

    Metadata become free space of the same length, since the file holds offsets into itself.
    """
    if data[4:8] != b"ftyp":
        return data
    spans = list(_metadata_boxes(data, 0, len(data), is_top_level=True))
    if not spans:
        return data
    result = bytearray(data)
    for start, end in spans:
        result[start + 4 : start + 8] = b"free"
        result[start + 8 : end] = bytes(end - start - 8)
    return bytes(result)


def _metadata_boxes(data: bytes, start: int, end: int, *, is_top_level: bool) -> Iterator[tuple[int, int]]:
    """Yield start and end of each box with metadata that holds any."""
    for _count in range(MAX_BOXES):
        if end - start < 8:
            return
        size, name, header = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], 8
        if size == 1:
            size, header = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        box_end = end if size == 0 else start + size
        if box_end > end or box_end < start + header:
            return
        if header == 8 and (name in METADATA_BOXES or (is_top_level and name == b"uuid")):
            if any(data[start + 8 : box_end]):
                yield start, box_end
        elif name in CONTAINER_BOXES:
            yield from _metadata_boxes(data, start + header, box_end, is_top_level=False)
        start = box_end
