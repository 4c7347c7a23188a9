"""Read captions in WebVTT or SubRip, and write them again with allowed content only.

WebVTT: https://www.w3.org/TR/webvtt1/. Style sheets, regions and comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

MAX_CAPTION_BYTES = 2_000_000
CAPTION_SUFFIXES = (".vtt", ".srt")
TIMESTAMP = r"(?:\d{1,4}:)?[0-5]\d:[0-5]\d[.,]\d{3}"
TIMING_LINE = re.compile(rf"\s*({TIMESTAMP})[ \t]+-->[ \t]+({TIMESTAMP})(.*)")
CUE_SETTING = re.compile(r"(?:vertical:(?:rl|lr)|(?:line|position):-?[\d.]+%?(?:,[a-z-]+)?|size:[\d.]+%|align:[a-z]+)")
CUE_TAG = re.compile(r"</?(?:[ibu]|ruby|rt)>|<v(?:\.[\w.]+)? [^<>&\n]{1,80}>|</v>|<lang [\w-]{1,20}>|</lang>")
ANY_TAG = re.compile(r"</?[A-Za-z\d][^<>]*>|</>|\{\\an?\d\}")  # the last is SubRip's: where the words stand
SPEAKER = re.compile(r"<v(?:\.[\w.]+)? ([^<>&\n]{1,80})>")
SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)]*$")
MAX_PARAGRAPH_CHARS = 500  # of a transcript made from captions


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption: when it is shown, its settings and its lines, with tags of WebVTT."""

    start: str
    end: str
    settings: str
    text: str


def decode_captions(data: bytes) -> str:
    """Return the text of a caption file: UTF-8, as WebVTT must be, else as old editors for SubRip write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_cues(text: str) -> tuple[Cue, ...]:
    """Return the captions of a WebVTT or SubRip file; () if it has none.

    >>> read_cues("1\\n00:00:01,000 --> 00:00:02,500\\nA <b>worm</b> <script>x</script>")[0].text
    'A <b>worm</b> x'
    """
    cues = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")):
        lines = block.strip("\n").split("\n")
        index = next((number for number, line in enumerate(lines[:3]) if "-->" in line), None)
        match = TIMING_LINE.fullmatch(lines[index]) if index is not None else None
        if match is None or index is None:
            continue
        settings = " ".join(part for part in match[3].split() if CUE_SETTING.fullmatch(part))
        words = "\n".join(line for line in map(_allowed_text, lines[index + 1 :]) if line.strip())
        if words:
            cues.append(Cue(_timestamp(match[1]), _timestamp(match[2]), settings, words))
    return tuple(cues)


def write_webvtt(cues: Sequence[Cue]) -> str:
    """Return captions as a WebVTT file."""
    blocks = [f"{cue.start} --> {cue.end}{' ' if cue.settings else ''}{cue.settings}\n{cue.text}" for cue in cues]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def transcript_paragraphs(cues: Sequence[Cue]) -> list[str]:
    """Return the words of captions as paragraphs: one for each speaker, and divided at ends of sentences.

    >>> cues = read_cues("00:01.000 --> 00:02.000\\n<v Ada>Dig\\n\\n00:03.000 --> 00:04.000\\ndeep!")
    >>> transcript_paragraphs(cues)
    ['Ada: Dig deep!']
    """
    paragraphs: list[str] = []
    speaker = ""
    for cue in cues:
        named = SPEAKER.search(cue.text)
        words = " ".join(unescape(ANY_TAG.sub("", cue.text)).split())
        starts_new = bool(named and named[1] != speaker)
        if named:
            speaker = named[1]
        if starts_new:
            words = f"{speaker}: {words}"
        is_full = bool(paragraphs) and len(paragraphs[-1]) > MAX_PARAGRAPH_CHARS and SENTENCE_END.search(paragraphs[-1])
        if not paragraphs or starts_new or is_full:
            paragraphs.append(words)
        elif not paragraphs[-1].endswith(words):  # captions that roll up repeat the line before
            paragraphs[-1] += f" {words}"
    return paragraphs


def _timestamp(text: str) -> str:
    """Return a time as hours with two digits or more, minutes, seconds and milliseconds."""
    hours, minutes, rest = ("00:" * (2 - text.count(":")) + text.replace(",", ".")).split(":")
    return f"{hours:0>2}:{minutes}:{rest}"


def _allowed_text(line: str) -> str:
    """Return a line of a caption with allowed tags only, and other angle brackets and ampersands escaped."""
    parts: list[str] = []
    position = 0
    for tag in ANY_TAG.finditer(line):
        parts.append(_escaped(line[position : tag.start()]))
        if CUE_TAG.fullmatch(tag[0]):
            parts.append(tag[0])
        position = tag.end()
    return "".join(parts) + _escaped(line[position:])


def _escaped(text: str) -> str:
    plain = unescape(text).replace("-->", "→")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
