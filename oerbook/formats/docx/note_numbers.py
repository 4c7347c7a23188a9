"""Give the footnotes of a DOCX the numbers of their chapters.

Word counts footnotes through the whole document. The manuscript writes a note's number in a run behind its reference;
here it becomes the custom mark of the reference and of the note.
"""

from __future__ import annotations

import re

NOTE_REFERENCE = re.compile(
    rb'<w:footnoteReference w:id="(?P<id>\d+)" ?/></w:r>'
    rb'<w:r><w:rPr><w:rStyle w:val="FootnoteReference" ?/></w:rPr><w:t>(?P<number>[^<]*)</w:t></w:r>'
)
NOTE_ELEMENT = re.compile(rb'<w:footnote [^<>]*?w:id="(\d+)".*?</w:footnote>', re.S)
NOTE_MARK = re.compile(rb"<w:footnoteRef ?/>")


def write_note_numbers(members: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a DOCX with the numbers of its notes written out."""
    numbers: dict[bytes, bytes] = {}
    completed = dict(members)
    for name in ("word/document.xml", "word/footnotes.xml"):
        if name in members:
            completed[name] = NOTE_REFERENCE.sub(lambda match: _reference(match, numbers), completed[name])
    if "word/footnotes.xml" in members:
        completed["word/footnotes.xml"] = NOTE_ELEMENT.sub(
            lambda match: _note(match, numbers), completed["word/footnotes.xml"]
        )
    return completed


def _reference(match: re.Match[bytes], numbers: dict[bytes, bytes]) -> bytes:
    identifier, number = match["id"], match["number"]
    numbers[identifier] = number
    return b'<w:footnoteReference w:customMarkFollows="1" w:id="' + identifier + b'"/><w:t>' + number + b"</w:t></w:r>"


def _note(match: re.Match[bytes], numbers: dict[bytes, bytes]) -> bytes:
    number = numbers.get(match[1])
    return match[0] if number is None else NOTE_MARK.sub(b"<w:t>" + number + b"</w:t>", match[0], count=1)
