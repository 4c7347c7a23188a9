"""A page that is looked at again is resolved again when what it refers to has come or gone, and only then."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from oerbook.document.resolving.builder import BookBuilder
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.source.book import read_book

INDEX = "---\ntitle: Needs\nlicense: CC-BY-4.0\n---\n\n# Needs\n\nWords.\n"
PAGES = {
    "index.md": INDEX,
    "01-a.md": "# A\n\nSee {doc}`b`, [this](02-b.md#deep), {ref}`here` and {term}`soil`.\n",
    "02-b.md": "# B\n\n## Deep\n\n(here)=\n## Here\n\nWords.\n",
    "03-c.md": "# C\n\nNothing of the others.\n",
    "04-d.md": "# D\n\n```{glossary}\nSoil\n  Earth.\n```\n",
}


def looked(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], set[str]]:
    """Return the pages that were resolved, and the files with findings."""
    seen: set[str] = set()
    plain = BookBuilder.resolve_page

    def resolve(self: BookBuilder, name: str):  # type: ignore[no-untyped-def]
        seen.add(name)
        return plain(self, name)

    with monkeypatch.context() as patch:
        patch.setattr(BookBuilder, "resolve_page", resolve)
        book, _found = read_book(root)
        order = BuildRequest((), root / "work", 1_700_000_000, with_check_input=True)
        understood = run_sphinx(book, order, lambda *_: nullcontext(lambda *_: None))
    assert understood.check_input is not None and len(understood.check_input.pages) == len(book.chapters) + 1
    return seen, {finding.place.path for finding in understood.findings if "soil" not in finding.message}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("02-b.md", "# B\n\n## Deep\n\n## Here\n\nWords.\n"),
        ("02-b.md", "# B\n\n## Deeper\n\n(here)=\n## Here\n\nWords.\n"),
        ("04-d.md", "# D\n\n```{glossary}\nWater\n  Wet.\n```\n"),
        ("02-b.md", ""),
    ],
)
def test_a_page_is_resolved_anew_when_what_it_names_is_gone(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    for page, words in PAGES.items():
        (chapters / page).write_text(words)
    seen, found = looked(tmp_path, monkeypatch)
    assert {"a", "b", "c"} <= {page.rpartition("-")[2] for page in seen} and not found
    (chapters / "03-e.md").write_text("# E\n\n(new)=\n## New\n\nA new page with a label.\n")
    seen, found = looked(tmp_path, monkeypatch)
    assert not found and not {"a", "b", "c", "d"} & {page.rpartition("-")[2] for page in seen}
    if text:
        (chapters / name).write_text(text)
    else:
        (chapters / name).unlink()
    seen, found = looked(tmp_path, monkeypatch)
    assert any(page.endswith("a") for page in seen) and not any(page.endswith("c") for page in seen)
