"""The words of pandoc elements."""

from __future__ import annotations

from oerbook.model.untyped import Json

SPACES = ("Space", "SoftBreak", "LineBreak")


def plain_text(value: Json, *, notes: bool = False) -> str:
    """Return the text of inlines or blocks on one line; with `notes` that of notes, too.

    >>> plain_text([{"t": "Str", "c": "Soil"}, {"t": "Space"}, {"t": "Emph", "c": [{"t": "Str", "c": "life"}]}])
    'Soil life'
    """
    return " ".join(_text(value, notes).split())


def _text(value: Json, notes: bool) -> str:
    if isinstance(value, list | tuple):
        return "".join(_text(item, notes) for item in value)
    if not isinstance(value, dict):
        return ""
    kind = value.get("t")
    content: Json = value.get("c")
    if kind == "Str":
        return str(content)
    if kind in SPACES:
        return " "
    if kind in ("Code", "Math", "CodeBlock"):
        return str(content[1])
    if kind == "Note" and not notes:
        return ""
    if kind in ("RawInline", "RawBlock"):
        return ""
    text = _text(content, notes)
    return f"{text} " if kind in ("Para", "Plain", "Header", "Table") else text
