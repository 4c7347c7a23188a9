"""Replace characters that no font of the PDF has.

Their names are printed, since PDF/UA and PDF/A forbid missing glyphs. Characters are looked at with the marks that
follow them: an accent or a vowel sign can only be shaped together with its letter.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from oerbook.formats.pdf.typst_text import string_literal
from oerbook.model.untyped import Json
from oerbook.storage.cache import Cache, make_cache_key
from oerbook.tools import typst

CODE_TYPES = frozenset({"Code", "CodeBlock"})
RAW_TYPES = frozenset({"RawInline", "RawBlock"})
TYPST_IMAGE_CALLS = ("#oer-image(", "#oer-inline-image(")  # their text is the description, which is not printed
ZERO_WIDTH_JOINERS = "\u200c\u200d"
# Variation selectors, joiners, skin tones and tags: they only modify another character.
MODIFIER_CODEPOINTS = {0xFE0E, 0xFE0F, 0x200C, 0x200D, 0x20E3, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)}
COMMON_RANGES = r"\u0000-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2122"
UNCOMMON_RUN = re.compile(rf"[^\s{COMMON_RANGES}]|[{COMMON_RANGES}][\u0300-\u036f\u20d0-\u20ff]+")
COMMON_CHARS = re.compile(f"[{COMMON_RANGES}]")
# Emoji and the older symbols of the same meaning, which more fonts have.
SUBSTITUTE_BY_CHAR = dict(zip("✅❌❎❗❓⭐🌟➡⬅⬆⬇❤", "✔✘✘!?★★→←↑↓♥", strict=True))


def uncommon_characters(blocks: Json) -> set[str]:
    """Return the uncommon characters in the text of pandoc blocks, each with its marks."""
    found: set[str] = set()

    def collect(text: str) -> str:
        found.update(uncommon_clusters(text))
        return text

    _map_text(blocks, collect)
    return found


def uncommon_in_markup(blocks: Json) -> set[str]:
    """Return the uncommon characters in raw markup: formulas, index entries, names."""
    found: set[str] = set()
    pending = [blocks]
    while pending:
        node = pending.pop()
        if isinstance(node, dict) and node.get("t") in RAW_TYPES:
            if not node["c"][1].startswith(TYPST_IMAGE_CALLS):
                found.update(uncommon_clusters(node["c"][1]))
        elif isinstance(node, dict):
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return found


def uncommon_clusters(text: str) -> Iterator[str]:
    """Yield the uncommon characters of a text, each with the marks that follow it.

    >>> list(uncommon_clusters("soil: মাটি")), list(uncommon_clusters("e\\u0301 x\\u20dd")) == ["e\\u0301", "x\\u20dd"]
    (['মা', 'টি'], True)
    """
    position = 0
    while match := UNCOMMON_RUN.search(text, position):
        end = match.end()
        while end < len(text) and (unicodedata.category(text[end])[0] == "M" or text[end] in ZERO_WIDTH_JOINERS):
            end += 1
        yield text[match.start() : end]
        position = end


def replace_missing(blocks: Json, missing: Collection[str]) -> Json:
    """Return blocks with missing characters replaced by a substitute or a name."""
    if not missing:
        return blocks
    pattern, names = _pattern(missing), replacement_texts(missing)
    return _map_text(blocks, lambda text: pattern.sub(lambda match: names[match[0]], text))


def replacement_texts(missing: Collection[str]) -> dict[str, str]:
    """Return what is printed instead of each missing character: a substitute, or its name.

    >>> replacement_texts({"✅", "✨", "x\\u20dd"})["x\\u20dd"]
    'x[combining enclosing circle]'
    """
    return {
        cluster: "".join(
            char
            if char != cluster and COMMON_CHARS.match(char)
            else substitute_for(char, missing) or bracketed_name(char)
            for char in cluster
        )
        for cluster in missing
    }


def replacement_show_rule(missing: Collection[str]) -> str:
    """Return a rule for Typst that replaces missing characters in whatever it prints: formulas, titles, the cover."""
    if not missing:
        return ""
    entries = "".join(
        f"{string_literal(char)}: {string_literal(name)}, " for char, name in sorted(replacement_texts(missing).items())
    )
    pattern = string_literal(_pattern(missing).pattern)
    return f"#let oer-names = ({entries})\n#show regex({pattern}): it => oer-names.at(it.text, default: it.text)\n"


def _pattern(missing: Collection[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in sorted(missing, key=lambda text: (-len(text), text))))


def substitute_for(char: str, missing: Collection[str]) -> str:
    """Return a symbol of the same meaning that is not missing, or "".

    >>> substitute_for("✅", {"✅"}), substitute_for("✅", {"✅", "✔"}), substitute_for("✨", {"✨"})
    ('✔', '', '')
    """
    substitute = SUBSTITUTE_BY_CHAR.get(char, "")
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
    return {key: _map_text(value, change) for key, value in node.items()}


def find_missing(
    characters: Iterable[str], fonts: Sequence[str], folders: Sequence[Path], cache: Cache
) -> frozenset[str]:
    """Return the characters that none of the fonts can display; results are cached.

    `fonts` are family names, `folders` hold their files. Typst falls back to all other fonts that it finds there.
    """
    wanted = sorted(set(characters))
    key = make_cache_key(
        "glyphs-3", typst.typst_version(), repr(fonts), repr(sorted(str(folder) for folder in folders))
    )
    is_missing: dict[str, bool] = cache.get_json("glyphs", key) or {}
    unknown = [char for char in wanted if char not in is_missing]
    if unknown:
        lacking = _typeset(unknown, fonts, folders)
        is_missing |= {char: char in lacking for char in unknown}
        cache.put_json("glyphs", key, is_missing)
    return frozenset(char for char in wanted if is_missing[char])


def _typeset(chars: Sequence[str], fonts: Sequence[str], folders: Sequence[Path]) -> set[str]:
    """Return the characters that Typst cannot display, from one run.

    The character maps of the font files would not do: Typst's built-in fonts are inside its binary.
    """
    lacking = {char for char in chars if all(ord(sign) in MODIFIER_CODEPOINTS for sign in char)}
    visible = [char for char in chars if char not in lacking]
    if not visible:
        return lacking
    families = ", ".join(f'"{font}"' for font in fonts)
    head = f'#set document(title: "Characters")\n#set text(font: ({families}))\n'
    lines = ['#text("' + "".join(f"\\u{{{ord(sign):x}}}" for sign in char) + '")\n' for char in visible]
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_text(head + "\n".join(lines), encoding="utf-8")
        failed = typst.lines_without_glyphs(main, folders)
    first = head.count("\n") + 1  # each character has a line, followed by an empty one
    return lacking | {char for index, char in enumerate(visible) if first + 2 * index in failed}


def missing_scripts(chars: Collection[str]) -> Mapping[str, list[str]]:
    """Return letters by their script, as Unicode names it, and other characters under "".

    >>> missing_scripts(["ক", "✨", "水"])
    {'Bengali': ['ক'], '': ['✨'], 'CJK': ['水']}
    """
    scripts: dict[str, list[str]] = {}
    for char in chars:
        words = unicodedata.name(char[0], "").split()
        is_letter = bool(words) and unicodedata.category(char[0])[0] in "LM"
        name = words[0] if is_letter else ""
        scripts.setdefault(name if name == "CJK" else name.title(), []).append(char)
    return scripts
