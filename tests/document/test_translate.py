"""The translator turns MyST into these pandoc blocks: the cases of `examples/translate.txt`.

A case is a title with its target, MyST, a line with a dot, the blocks in pandoc's native format, and a line with a dot.
To add one, write anything as its blocks, run the test, and copy the right blocks from its message. All cases are
chapters of one book.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.source.book import read_book
from oerbook.tools import pandoc

EXAMPLES = Path(__file__).parent / "examples" / "translate.txt"
INDEX = "---\ntitle: Examples\nlicense: CC-BY-4.0\n---\n\n# Examples\n"
CASE = re.compile(r"^==== ([^\n]+) \((epub|docx|typst)\)\n(.*?)^\.\n(.*?)^\.\n", re.M | re.S)


class Case(NamedTuple):
    title: str
    target: str
    source: str
    expected: str

    @property
    def slug(self) -> str:
        return re.sub(r"\W+", "-", self.title.lower())


CASES = [Case(*match.groups()) for match in CASE.finditer(EXAMPLES.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """Return the blocks of every case below its heading and the id of that, by target and slug."""
    root = tmp_path_factory.mktemp("translate")
    chapters = root / "chapters"
    chapters.mkdir()
    (chapters / "index.md").write_text(INDEX)
    for number, case in enumerate(CASES):
        page = f"---\nnumbering: false\n---\n\n# Page\n\n{case.source}"
        (chapters / f"{number:02}-{case.slug}.md").write_text(page)
    targets = sorted({case.target for case in CASES})
    result = run_sphinx(
        read_book(root)[0], BuildRequest(targets, root / "work", 0), lambda *_: nullcontext(lambda *_: None)
    )
    manuscripts = result.manuscripts.items()
    return {(target, section.slug): section.blocks[2:] for target, book in manuscripts for section in book.sections}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.title} ({case.target})")
def test_myst_is_translated_to_pandoc(case: Case, blocks: dict[tuple[str, str], list[Any]]) -> None:
    document = pandoc.encode_document(blocks[case.target, case.slug])
    native = pandoc.run_pandoc(["-f", "json", "-t", "native", "--columns", "100"], document).output.decode()
    assert native.strip() == case.expected.strip()
