"""Identify the kind of a video or sound file by its content, and say whether browsers play it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

HEAD_BYTES = 4096  # how much of a file `identify_media_kind` needs
# Suffixes by which an image or a frame in a chapter is known to be a video or a recording, even if its file is missing.
VIDEO_SUFFIXES = frozenset([".mp4", ".m4v", ".webm", ".mov", ".ogv", ".mkv", ".avi", ".wmv", ".flv", ".mpg", ".mpeg"])
AUDIO_SUFFIXES = frozenset([".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".aac", ".wma", ".aif", ".aiff"])
SOUND_HANDLER = re.compile(rb"hdlr.{8}soun", re.S)  # ISO/IEC 14496-12: how a track says that it is sound
MATROSKA_SOUND_CODECS = (b"A_OPUS", b"A_VORBIS", b"A_AAC", b"A_MPEG")
HEVC_SAMPLE_ENTRY = re.compile(rb"stsd.{12}(?:hvc1|hev1)", re.S)  # ISO/IEC 14496-15: how tracks of H.265 are named

_AS_MP4 = "Save it as MP4 (H.264), for example with HandBrake: ffmpeg -i {name} -c:v libx264 {stem}-h264.mp4"
_AS_MP3 = "Save it as MP3, for example with Audacity."


@dataclass(frozen=True, slots=True)
class MediaKind:
    """A kind of file: its name for readers, its media type, whether it holds moving pictures.

    `problem` says why browsers do not play it; "" if they do.
    """

    name: str
    mime_type: str
    is_video: bool
    problem: str = ""
    hint: str = ""

    @property
    def is_for_epub(self) -> bool:
        """Whether reading systems play it: any video, and the core media types of sound (EPUB 3.3, section 3.2)."""
        return self.is_video or self.mime_type in ("audio/mpeg", "audio/mp4")


def _unplayable(name: str, mime_type: str, hint: str = _AS_MP4) -> MediaKind:
    return MediaKind(name, mime_type, hint == _AS_MP4, f"a file of the kind {name}, which browsers do not play", hint)


MP4, M4A = MediaKind("MP4", "video/mp4", True), MediaKind("M4A", "audio/mp4", False)
WEBM, MP3 = MediaKind("WebM", "video/webm", True), MediaKind("MP3", "audio/mpeg", False)
OGG, OGG_VIDEO = MediaKind("Ogg", "audio/ogg", False), _unplayable("Ogg video", "video/ogg")
HEVC_KIND = MediaKind("MP4", "video/mp4", True, "compressed as H.265 (HEVC), which many browsers do not play", _AS_MP4)
KIND_BY_FIRST_BYTES: tuple[tuple[bytes, MediaKind], ...] = (
    (b"ID3", MP3),
    (b"fLaC", MediaKind("FLAC", "audio/flac", False)),
    (b"0&\xb2u\x8ef\xcf\x11", _unplayable("Windows Media", "video/x-ms-wmv")),
    (b"FLV\x01", _unplayable("Flash Video", "video/x-flv")),
    (b"\0\0\x01\xba", _unplayable("MPEG", "video/mpeg")),
    (b"\0\0\x01\xb3", _unplayable("MPEG", "video/mpeg")),
    (b"MThd", _unplayable("MIDI", "audio/midi", _AS_MP3)),
    (b"FORM", _unplayable("AIFF", "audio/aiff", _AS_MP3)),
)


def is_media_name(name: str) -> bool:
    """Return whether a file is a video or a recording by its name.

    >>> is_media_name("films/worm.MP4"), is_media_name("worm.png")
    (True, False)
    """
    return PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES | AUDIO_SUFFIXES


def is_video_name(name: str) -> bool:
    """Return whether a file is a video by its name."""
    return PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES


def identify_media_kind(data: bytes) -> MediaKind | None:
    """Return the kind of a file from its content, or at least its first bytes; None for anything else.

    >>> identify_media_kind(b"ID3\\x04").name, identify_media_kind(b"RIFF....WAVE").name, identify_media_kind(b"GIF89a")
    ('MP3', 'WAV', None)
    """
    head = data[:HEAD_BYTES]
    if head[4:8] == b"ftyp":
        return _iso_kind(data)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM if b"webm" in head[:64] else _unplayable("Matroska", "video/x-matroska")
    if head.startswith(b"OggS"):
        return OGG_VIDEO if b"theora" in head[:128] else OGG
    if head.startswith(b"RIFF"):
        return {b"WAVE": MediaKind("WAV", "audio/wav", False), b"AVI ": _unplayable("AVI", "video/x-msvideo")}.get(
            head[8:12]
        )
    for signature, kind in KIND_BY_FIRST_BYTES:
        if head.startswith(signature):
            return kind
    return _framed_kind(head)


def has_sound(data: bytes) -> bool:
    """Return whether a file has a track of sound; True if that cannot be told.

    >>> has_sound(b"....ftypmp42"), has_sound(b"....ftypmp42....hdlr........soun"), has_sound(b"ID3")
    (False, True, True)
    """
    if data[4:8] == b"ftyp":
        return SOUND_HANDLER.search(data) is not None
    if data.startswith(b"\x1aE\xdf\xa3"):
        return any(codec in data for codec in MATROSKA_SOUND_CODECS)
    return True


def _iso_kind(data: bytes) -> MediaKind | None:
    """Return the kind of an ISO base media file (https://mp4ra.org) that is no picture."""
    brand = data[8:12]
    if brand in (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"):
        return None
    if brand.startswith((b"M4A", b"M4B")):
        return M4A
    if HEVC_SAMPLE_ENTRY.search(data):
        return HEVC_KIND
    return MediaKind("QuickTime", "video/quicktime", True) if brand == b"qt  " else MP4


def _framed_kind(head: bytes) -> MediaKind | None:
    """Return the kind of a file that begins with a frame of MPEG sound."""
    if len(head) < 2 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return MediaKind("AAC", "audio/aac", False)
    return MP3 if head[1] & 0xE0 == 0xE0 and head[1] & 0x06 else None
