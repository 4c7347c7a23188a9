"""Identify the kind of an image file by its first bytes; its name does not count."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD_BYTES = 4096  # how much of a file `identify_image_kind` needs
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
SVG_ROOT = re.compile(rb"<(?:[\w.-]+:)?svg[\s>/]")
HTML_PAGE_START = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)", re.I)
RASTER_KINDS = frozenset({"png", "jpeg", "gif", "webp", "avif", "bmp", "tiff"})
# ISO base media files (https://mp4ra.org): the brand says which.
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
KIND_BY_FIRST_BYTES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"%PDF-", "pdf"),
    (b"%!", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cJXL ", "jxl"),
    (b"\0\0\0\x0cjP  ", "jpeg2000"),
    (b"8BPS", "photoshop"),
    (b"\0\0\x01\0", "icon"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"OggS", "video"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"\xd7\xcd\xc6\x9a", "metafile"),
    (b"\x01\0\0\0", "metafile"),
)


@dataclass(frozen=True, slots=True)
class UnsupportedKind:
    """What a file is that cannot be shown as an image, and what its author can do."""

    name: str
    hint: str


_SAVE_AS = "Save it as PNG, JPEG or SVG."
UNSUPPORTED_KINDS = {
    "empty": UnsupportedKind("an empty file", "Copy the picture into the book again."),
    "lfs-pointer": UnsupportedKind(
        "a pointer of Git LFS, whose picture has not been fetched",
        "Run git lfs pull; in a GitHub workflow, write lfs: true below actions/checkout.",
    ),
    "postscript": UnsupportedKind("a PostScript (EPS) file", "Save it as PDF or SVG: epstopdf worm.eps."),
    "heic": UnsupportedKind("a HEIC photograph", "Export it as JPEG."),
    "jxl": UnsupportedKind("a JPEG XL picture", _SAVE_AS),
    "jpeg2000": UnsupportedKind("a JPEG 2000 picture", _SAVE_AS),
    "photoshop": UnsupportedKind("a Photoshop file", _SAVE_AS),
    "icon": UnsupportedKind("a Windows icon", _SAVE_AS),
    "metafile": UnsupportedKind("a Windows metafile", _SAVE_AS),
    "video": UnsupportedKind("a video", "Link to it: [Watch the worm](worm.mp4)."),
    "gzip": UnsupportedKind("a compressed file", "Unpack it; save a compressed SVG (.svgz) as plain SVG."),
    "zip": UnsupportedKind("a ZIP archive or an Office document", "Export the picture from it as PNG or SVG."),
    "web-page": UnsupportedKind("a web page, not the picture itself", "Download the picture again."),
    "unknown": UnsupportedKind("not a picture of a kind that oerbook knows", _SAVE_AS),
}


def identify_image_kind(head: bytes) -> str:
    """Return the kind of a file from its first bytes: one of RASTER_KINDS, "svg", "pdf" or a key of UNSUPPORTED_KINDS.

    >>> [identify_image_kind(head) for head in (b"GIF89a", b"%!PS-Adobe-3.0", b" <svg/>", b"")]
    ['gif', 'postscript', 'svg', 'empty']
    """
    if not head:
        return "empty"
    if head.startswith(LFS_POINTER):
        return "lfs-pointer"
    for signature, kind in KIND_BY_FIRST_BYTES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF":
        return "webp" if head[8:12] == b"WEBP" else "unknown"
    if head[4:8] == b"ftyp":
        return _media_kind(head)
    return _markup_kind(head)


def _media_kind(head: bytes) -> str:
    brands = {head[8:12], *(head[n : n + 4] for n in range(16, min(int.from_bytes(head[:4], "big"), 64), 4))}
    if brands & AVIF_BRANDS:
        return "avif"
    return "heic" if brands & HEIC_BRANDS else "video"


def _markup_kind(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    text = head.removeprefix(b"\xef\xbb\xbf")
    if HTML_PAGE_START.match(text):
        return "web-page"
    if text.lstrip().startswith(b"<") and (SVG_ROOT.search(text) or b"<!ENTITY" in text):
        return "svg"
    return "svg" if text.lstrip()[:5] in (b"<?xml", b"<!--") or text.lstrip()[:9] == b"<!DOCTYPE" else "unknown"
