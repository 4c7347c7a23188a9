"""Kinds of media are read from the content of files; what a camera adds to a video is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.media.kinds import identify_media_kind
from oerbook.media.private_data import remove_private_data

MEDIA = Path(__file__).parents[1] / "support" / "media"


@pytest.mark.parametrize(("name", "kind"), [("film.mp4", "MP4"), ("film.webm", "WebM"), ("sound.mp3", "MP3")])
def test_a_file_that_browsers_play_is_known(name: str, kind: str) -> None:
    found = identify_media_kind((MEDIA / name).read_bytes())
    assert found is not None
    assert (found.name, found.problem) == (kind, "")


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\0\0\0\0AVI LIST",
        b"0&\xb2u\x8ef\xcf\x11",
        b"\0\0\0\x18ftypisom\0\0\0\0stsd............hvc1",
        b"\x1aE\xdf\xa3matroska",
    ],
)
def test_a_file_that_many_browsers_do_not_play_has_a_problem(data: bytes) -> None:
    found = identify_media_kind(data)
    assert found is not None
    assert found.problem
    assert "{name}" in found.hint


@pytest.mark.parametrize(
    "data", [b"", b"soil", b"\x89PNG\r\n\x1a\n", b"<html>", b"\xff\xd8\xff\xe0", b"\0\0\0\x18ftypavif"]
)
def test_another_file_is_no_medium(data: bytes) -> None:
    assert identify_media_kind(data) is None


def box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content


def test_the_place_where_a_video_was_taken_is_removed_and_nothing_moves() -> None:
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+52.5200+013.4000/"))
    film = box(b"ftyp", b"mp42\0\0\0\0") + box(b"moov", box(b"mvhd", b"1" * 20) + box(b"trak", place) + place)
    film += box(b"uuid", b"<xmp>Ada</xmp>") + box(b"mdat", b"udta+52.5200")
    clean = remove_private_data(film)
    assert len(clean) == len(film)
    assert b"+52.5200+013" not in clean
    assert b"Ada" not in clean
    assert clean.endswith(box(b"mdat", b"udta+52.5200"))
    assert remove_private_data(clean) == clean


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0\x10ftypmp42", b"\0\0\0\x10ftypmp42\0\0\0\0\0\0\0\x02moov" + b"\xff" * 40]
)
def test_a_damaged_video_stays_as_it_is(data: bytes) -> None:
    assert remove_private_data(data) == data
