"""Captions in WebVTT and SubRip are read and written again, with allowed content only."""

from __future__ import annotations

import pytest

from oerbook.media.captions import decode_captions, read_cues, transcript_paragraphs, write_webvtt

WEBVTT = """WEBVTT - Worms

STYLE
::cue { background: url(https://evil.example/x) }

NOTE a comment

intro
00:01.000 --> 00:02.000 align:start evil:1 position:10%
<v Ada>A <b onclick="f()">worm</b> <i>digs</i>.
<script>alert(1)</script> 1 < 2 &amp; 3 --> 4
"""


def test_a_style_sheet_a_comment_and_unknown_tags_are_left_out() -> None:
    (cue,) = read_cues(WEBVTT)
    assert (cue.start, cue.end, cue.settings) == ("00:00:01.000", "00:00:02.000", "align:start position:10%")
    assert cue.text == "<v Ada>A worm</b> <i>digs</i>.\nalert(1) 1 &lt; 2 &amp; 3 → 4"
    assert write_webvtt((cue,)).startswith("WEBVTT\n\n00:00:01.000 --> 00:00:02.000 align:start position:10%\n<v Ada>")


def test_subrip_of_an_old_editor_becomes_webvtt() -> None:
    data = "1\r\n00:00:01,500 --> 00:00:02,000\r\nDer Wurm gräbt.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}Tief.\r\n"
    cues = read_cues(decode_captions(data.encode("cp1252")))
    assert [(cue.start, cue.text) for cue in cues] == [("00:00:01.500", "Der Wurm gräbt."), ("00:00:03.000", "Tief.")]


@pytest.mark.parametrize("text", ["", "WEBVTT", "words", "00:01 --> 00:02\nwords", "\0" * 9, "-->" * 5000])
def test_a_text_without_times_has_no_captions(text: str) -> None:
    assert read_cues(text) == ()


def test_written_captions_are_read_as_the_same() -> None:
    cues = read_cues(WEBVTT)
    assert read_cues(write_webvtt(cues)) == cues


def test_captions_become_paragraphs_by_speaker() -> None:
    text = "00:01.000 --> 00:02.000\n<v Ada>A worm\n\n00:02.000 --> 00:03.000\ndigs.\n\n00:03.000 --> 00:04.000\n<v Bo>Where?\n"
    assert transcript_paragraphs(read_cues(text)) == ["Ada: A worm digs.", "Bo: Where?"]
