"""A dry render writes pages with the theme of the book and deletes them."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from oerbook.document.resolving.builder import BookBuilder
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.source.book import read_book

INDEX = "---\ntitle: Tried\nlicense: CC-BY-4.0\ntheme: own\n---\n\n# Tried\n\nWords.\n"


def test_a_page_that_cannot_be_rendered_is_a_finding_and_no_page_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters = tmp_path / "chapters"
    theme = tmp_path / "themes" / "own"
    (theme / "html").mkdir(parents=True)
    (theme / "theme.toml").write_text('base = "classic"\n')
    chapters.mkdir()
    (chapters / "index.md").write_text(INDEX)
    for name in "ab":
        (chapters / f"01-{name}.md").write_text(f"# {name}\n\nWords of {name}.\n")
    written: dict[str, str] = {}
    original = BookBuilder.write_doc

    def write(self: BookBuilder, docname: str, tree: object) -> None:
        original(self, docname, tree)  # type: ignore[arg-type]
        written[docname] = Path(self.get_output_path(docname)).read_text()
        if docname == "b":
            raise ValueError("no rule for this node")

    monkeypatch.setattr(BookBuilder, "write_doc", write)
    book, _findings = read_book(tmp_path)
    cache_dir = tmp_path / "work"
    order = BuildRequest((), cache_dir, 1_700_000_000, with_check_input=True, pages_to_test_render=("a", "b"))
    result = run_sphinx(book, order, lambda *_: nullcontext(lambda *_: None))
    assert set(written) == {"a", "b"} and "Words of a." in written["a"] and "<html" in written["a"]
    assert [(f.code, f.place.path) for f in result.findings] == [("chapter-unreadable", "chapters/01-b.md")]
    assert not list((cache_dir / "site").rglob("*.html"))
