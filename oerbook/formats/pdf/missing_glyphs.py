"""Signs that no font of the PDF has: their names are printed, since PDF/UA and PDF/A allow no empty boxes."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from oerbook.storage.cache import Shelf, digest
from oerbook.tools import typst

WRITTEN = frozenset({"Str", "Code", "CodeBlock"})
SILENT = {0xFE0E, 0xFE0F, 0x200D, 0x20E3, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)}
COMMON = re.compile(r"[\u0000-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2122]")
# Pictures of signs that are older than they are, and in more fonts.
TWINS = dict(zip("✅❌❎❗❓⭐🌟➡⬅⬆⬇❤", "✔✘✘!?★★→←↑↓♥", strict=True))
REFUSED = re.compile(r"the text `?\"(.+?)\"`? could not be displayed", re.S)
MOST_ROUNDS = 400


def signs(blocks: Any) -> set[str]:
    """Return the uncommon characters in the text of pandoc blocks."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(COMMON.sub("", text))
        return text

    _each(blocks, note)
    return found


def replaced(blocks: Any, missing: frozenset[str]) -> Any:
    """Return blocks with every missing sign replaced by its twin, or by its name in brackets."""
    if not missing:
        return blocks
    pattern = re.compile("|".join(re.escape(sign) for sign in sorted(missing)))
    return _each(blocks, lambda text: pattern.sub(lambda match: twin(match[0], missing) or named(match[0]), text))


def twin(sign: str, missing: frozenset[str]) -> str:
    """Return a plainer sign of the same meaning that the fonts have, or nothing.

    >>> twin("✅", frozenset("✅")), twin("✅", frozenset("✅✔")), twin("✨", frozenset("✨"))
    ('✔', '', '')
    """
    other = TWINS.get(sign, "")
    return "" if other in missing else other


def named(sign: str) -> str:
    """Return the name of a sign in brackets; signs that only change another are left out.

    >>> named("✨"), named("\\ufe0f")
    ('[sparkles]', '')
    """
    if ord(sign) in SILENT:
        return ""
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"


def _each(node: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of plain pandoc JSON with the text of its words and code changed."""
    if isinstance(node, list):
        return [_each(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        return {"t": "Str", "c": change(str(content))}
    if kind in WRITTEN and isinstance(content, list):
        return {"t": kind, "c": [content[0], change(str(content[1]))]}
    return {key: _each(value, change) for key, value in node.items()}


def missing(characters: Iterable[str], fonts: Sequence[str], folders: Sequence[Path], shelf: Shelf) -> frozenset[str]:
    """Return those characters that none of the fonts can show; what was asked once is known for good."""
    wanted = sorted(set(characters))
    key = digest("glyphs", typst.version(), repr(fonts), repr(sorted(str(folder) for folder in folders)))
    known: dict[str, bool] = shelf.get_json("glyphs", key) or {}
    asked = [sign for sign in wanted if sign not in known]
    if asked:
        lacking = _probe(asked, fonts, folders)
        known |= {sign: sign in lacking for sign in asked}
        shelf.put_json("glyphs", key, known)
    return frozenset(sign for sign in wanted if known[sign])


def _probe(asked: Sequence[str], fonts: Sequence[str], folders: Sequence[Path]) -> set[str]:
    """Ask Typst to set the characters under PDF/UA until it no longer refuses one."""
    lacking = {sign for sign in asked if ord(sign) in SILENT}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        main, out = folder / "main.typ", folder / "out.pdf"
        for _ in range(MOST_ROUNDS):
            rest = [sign for sign in asked if sign not in lacking]
            lines = [f'#text("\\u{{{ord(sign):x}}}")' for sign in rest]
            families = ", ".join(f'"{font}"' for font in fonts)
            head = f'#set document(title: "signs")\n#set text(font: ({families}))\n'
            main.write_text(head + "\n\n".join(lines) + "\n", encoding="utf-8")
            fault = typst.compile_pdf(main, folder, out, 315532800, ("ua-1",), folders) if rest else None
            refused = REFUSED.search(fault.message) if fault else None
            new = set(refused[1]) & set(rest) if refused else set()
            if not new:
                return lacking
            lacking |= new
    return lacking
