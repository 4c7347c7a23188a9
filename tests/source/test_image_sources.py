"""A file beside an image says where the image comes from; mistakes in it cost that file alone."""

from __future__ import annotations

from pathlib import Path

from oerbook.source.book import read_book
from tests.conftest import INDEX, write


def test_a_broken_record_is_reported_at_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "chapters/index.md": INDEX,
        "chapters/01-a.md": "# A\n\nWords.\n",
        "chapters/good.png.yml": "title: Good\ncreator: Ada Lee\nlicense: CC-BY-4.0\n",
        "chapters/latin.png.yml": "title: Caf\u00e9\n".encode("latin-1"),
        "chapters/key.png.yml": "title: Key\nlicence: CC-BY-4.0\n",
        "chapters/open.png.yml": "title: [Open\n",
    }
    book, findings = read_book(write(tmp_path, files))
    assert [(name, work.title) for name, work in book.image_sources] == [("good.png", "Good"), ("key.png", "Key")]
    places = {(f.place.path, f.place.line, f.code) for f in findings if ".png.yml" in f.place.path}
    assert places == {
        ("chapters/key.png.yml", 2, "front-matter-key"),
        ("chapters/latin.png.yml", 0, "front-matter"),
        ("chapters/open.png.yml", 1, "front-matter"),
    }
