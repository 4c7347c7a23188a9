from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from oerbook.formats.pdf.missing_glyphs import missing, named, replaced, signs
from oerbook.storage.archive import pack, unpack
from oerbook.storage.cache import Shelf


def test_an_archive_depends_on_its_members_alone() -> None:
    members = {"mimetype": b"application/epub+zip", "b": b"2", "a": b"1"}
    assert pack(members, 5) == pack(dict(reversed(members.items())), 5)
    with zipfile.ZipFile(BytesIO(pack(members, 5))) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.date_time[0]) == ("mimetype", zipfile.ZIP_STORED, 1980)
    assert unpack(pack(members, 5)) == members


def test_a_sign_without_a_font_is_named() -> None:
    blocks = [{"t": "Para", "c": [{"t": "Str", "c": "✨A"}]}]
    assert signs(blocks) == {"✨"}
    assert replaced(blocks, frozenset("✨")) == [{"t": "Para", "c": [{"t": "Str", "c": "[sparkles]A"}]}]
    assert named("\u200d") == ""


def test_a_sign_without_a_font_is_printed_as_its_plainer_twin() -> None:
    blocks = [{"t": "Para", "c": [{"t": "Str", "c": "✅A"}]}]
    assert replaced(blocks, frozenset("✅")) == [{"t": "Para", "c": [{"t": "Str", "c": "✔A"}]}]
    assert replaced(blocks, frozenset("✅✔")) != replaced(blocks, frozenset("✅"))


def test_every_character_without_a_glyph_is_found(tmp_path: Path) -> None:
    lacking = {"\u0736", "\ue03f", "\ufe0f", "✨", "水"}  # a combining mark and a private-use character among them
    fonts = ["Libertinus Serif", "DejaVu Sans Mono"]
    assert missing({*lacking, "a", "→", "∑"}, fonts, [], Shelf(tmp_path)) == lacking
