"""Replace characters that no font of the PDF has.

Their names are printed, since PDF/UA and PDF/A forbid missing glyphs.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from oerbook.model.untyped import Json
from oerbook.storage.cache import Cache, digest
from oerbook.tools import typst

CODE_TYPES = frozenset({"Code", "CodeBlock"})
RAW_TYPES = frozenset({"RawInline", "RawBlock"})
FORMULA_CALLS = ("#oer-math(", "#oer-equation(")  # uncommon characters in formulas stand in strings
# Variation selectors, joiners, skin tones and tags: they only modify another character.
MODIFIER_CODEPOINTS = {0xFE0E, 0xFE0F, 0x200D, 0x20E3, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)}
COMMON_CHARS = re.compile(
    r"[\u0000-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2122]"
)
# Emoji and the older symbols of the same meaning, which more fonts have.
SUBSTITUTES = dict(zip("✅❌❎❗❓⭐🌟➡⬅⬆⬇❤", "✔✘✘!?★★→←↑↓♥", strict=True))


def uncommon_characters(blocks: Json) -> set[str]:
    """Return the uncommon characters in the text of pandoc blocks."""
    found: set[str] = set()

    def collect(text: str) -> str:
        found.update(COMMON_CHARS.sub("", text))
        return text

    _map_text(blocks, collect)
    return found


def replace_missing(blocks: Json, missing: frozenset[str]) -> Json:
    """Return blocks with missing characters replaced by a substitute or a name."""
    if not missing:
        return blocks
    pattern = re.compile("|".join(re.escape(char) for char in sorted(missing)))
    return _map_text(
        blocks,
        lambda text: pattern.sub(lambda match: substitute_for(match[0], missing) or bracketed_name(match[0]), text),
    )


def substitute_for(char: str, missing: frozenset[str]) -> str:
    """Return a symbol of the same meaning that is not missing, or "".

    >>> substitute_for("✅", frozenset("✅")), substitute_for("✅", frozenset("✅✔"))
    ('✔', '')
    >>> substitute_for("✨", frozenset("✨"))
    ''
    """
    substitute = SUBSTITUTES.get(char, "")
    return "" if substitute in missing else substitute


def bracketed_name(char: str) -> str:
    """Return the name of a character in brackets, "" for mere modifiers.

    >>> bracketed_name("✨"), bracketed_name("\\ufe0f")
    ('[sparkles]', '')
    """
    if ord(char) in MODIFIER_CODEPOINTS:
        return ""
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"


def _map_text(node: Json, change: Callable[[str], str]) -> Json:
    """Return a copy of pandoc JSON with a function applied to words and code."""
    if isinstance(node, list):
        return [_map_text(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        return {"t": "Str", "c": change(str(content))}
    if kind in CODE_TYPES and isinstance(content, list):
        return {"t": kind, "c": [content[0], change(str(content[1]))]}
    if kind in RAW_TYPES and isinstance(content, list) and str(content[1]).startswith(FORMULA_CALLS):
        return {"t": kind, "c": [content[0], change(str(content[1]))]}
    return {key: _map_text(value, change) for key, value in node.items()}


def find_missing(
    characters: Iterable[str], fonts: Sequence[str], folders: Sequence[Path], shelf: Cache
) -> frozenset[str]:
    """Return the characters that none of the fonts can display; results are cached.

    `fonts` are family names, `folders` hold their files. Typst falls back to all other fonts that it finds there.
    """
    wanted = sorted(set(characters))
    key = digest("glyphs-2", typst.version(), repr(fonts), repr(sorted(str(folder) for folder in folders)))
    is_missing: dict[str, bool] = shelf.get_json("glyphs", key) or {}
    unknown = [char for char in wanted if char not in is_missing]
    if unknown:
        lacking = _typeset(unknown, fonts, folders)
        is_missing |= {char: char in lacking for char in unknown}
        shelf.put_json("glyphs", key, is_missing)
    return frozenset(char for char in wanted if is_missing[char])


def _typeset(chars: Sequence[str], fonts: Sequence[str], folders: Sequence[Path]) -> set[str]:
    """Return the characters that Typst cannot display, from one run.

    The character maps of the font files would not do: Typst's built-in fonts are inside its binary.
    """
    lacking = {char for char in chars if ord(char) in MODIFIER_CODEPOINTS}
    visible = [char for char in chars if char not in lacking]
    if not visible:
        return lacking
    families = ", ".join(f'"{font}"' for font in fonts)
    head = f'#set document(title: "Characters")\n#set text(font: ({families}))\n'
    lines = [f'#text("\\u{{{ord(char):x}}}")\n' for char in visible]
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_text(head + "\n".join(lines), encoding="utf-8")
        failed = typst.lines_without_glyphs(main, folders)
    first = head.count("\n") + 1  # each character has a line, followed by an empty one
    return lacking | {char for index, char in enumerate(visible) if first + 2 * index in failed}
