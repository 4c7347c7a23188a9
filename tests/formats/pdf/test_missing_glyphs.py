"""Characters that no font of the PDF has are replaced or named."""

from __future__ import annotations

from pathlib import Path

from oerbook.formats.pdf.missing_glyphs import bracketed_name, find_missing, replace_missing, uncommon_characters
from oerbook.storage.cache import Cache


def test_a_character_without_a_font_is_named() -> None:
    blocks = [{"t": "Para", "c": [{"t": "Str", "c": "✨A"}]}]
    assert uncommon_characters(blocks) == {"✨"}
    assert replace_missing(blocks, frozenset("✨")) == [{"t": "Para", "c": [{"t": "Str", "c": "[sparkles]A"}]}]
    assert bracketed_name("\u200d") == ""


def test_a_character_without_a_font_is_replaced_by_a_plainer_one() -> None:
    blocks = [{"t": "Para", "c": [{"t": "Str", "c": "✅A"}]}]
    assert replace_missing(blocks, frozenset("✅")) == [{"t": "Para", "c": [{"t": "Str", "c": "✔A"}]}]
    assert replace_missing(blocks, frozenset("✅✔")) != replace_missing(blocks, frozenset("✅"))


def test_every_character_without_a_glyph_is_found(tmp_path: Path) -> None:
    lacking = {"\u0736", "\ue03f", "\ufe0f", "✨", "水"}  # a combining mark and a private-use character among them
    fonts = ["Libertinus Serif", "DejaVu Sans Mono"]
    assert find_missing({*lacking, "a", "→", "∑"}, fonts, [], Cache(tmp_path)) == lacking
