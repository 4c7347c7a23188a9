"""Figures are numbered as Sphinx numbers them, and a page that is the same is not walked again."""

from __future__ import annotations

from contextlib import nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sphinx.environment.collectors.toctree import TocTreeCollector

from oerbook.document.resolving import figure_numbers
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.source.book import read_book

ASSIGN_BY_SPHINX = TocTreeCollector.assign_figure_numbers  # before oerbook replaces it
STATEMENTS = (
    "# {0}\n\n```{{table}} Kinds\n:name: kinds-{0}\n\n| a |\n|---|\n| b |\n```\n\n"
    "## Deeper\n\n> ```{{code-block}} python\n> :caption: Some code\n> :name: code-{0}\n> x = 1\n> ```\n\n"
    ":::{{prf:theorem}} One\n:label: thm-{0}\nTrue.\n:::\n\n"
    "```{{table}}\n| no | caption |\n|---|---|\n| b | c |\n```\n\n"
    "### Deepest\n\n```{{exercise}} Try\n:label: ex-{0}\nTry.\n```\n\n"
    ":::{{prf:theorem}} Two\n:label: thm-two-{0}\nTrue.\n:::\n"
)


@pytest.mark.slow
def test_figures_are_numbered_as_sphinx_numbers_them_and_same_pages_are_not_walked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapters = tmp_path / "chapters"
    (chapters / "02-part").mkdir(parents=True)
    (chapters / "index.md").write_text("---\ntitle: Numbers\nlicense: CC-BY-4.0\n---\n\n" + STATEMENTS.format("front"))
    (chapters / "01-one.md").write_text(STATEMENTS.format("one"))
    (chapters / "02-part" / "index.md").write_text("# The part\n\n" + STATEMENTS.format("part"))
    (chapters / "02-part" / "03-two.md").write_text("---\nnumbering: false\n---\n" + STATEMENTS.format("two"))
    (chapters / "02-part" / "04-three.md").write_text(STATEMENTS.format("three"))
    numbers: list[dict[str, Any]] = []
    walked: list[str] = []
    ours = figure_numbers.assign_figure_numbers
    outline = figure_numbers.numbered_outline

    def assign(self: Any, env: Any) -> list[str]:
        before = deepcopy(env.toc_fignumbers)
        stale = ASSIGN_BY_SPHINX(self, env)
        expected, env.toc_fignumbers = env.toc_fignumbers, before
        assert ours(self, env) == stale
        assert env.toc_fignumbers == expected
        assert list(env.toc_fignumbers) == list(expected)
        numbers.append(deepcopy(expected))
        return stale

    def watched(env: Any, tree: Any) -> Any:
        name = tree.settings.env.path2doc(tree["source"]) if tree.parent is None else None
        walked.extend([name] if name else [])  # a page that oerbook makes has no name here
        return outline(env, tree)

    monkeypatch.setattr(figure_numbers, "assign_figure_numbers", assign)
    monkeypatch.setattr(figure_numbers, "numbered_outline", watched)
    read(tmp_path)
    assert set(walked) == {"index", "one", "part/index", "part/two", "part/three"}
    assert numbers[0]["part/three"]["table"] == {"kinds-three": (2, 1)}
    walked.clear()
    read(tmp_path)
    assert walked == []
    (chapters / "00-zero.md").write_text(STATEMENTS.format("zero"))
    read(tmp_path)
    assert set(walked) == {"index", "zero"}
    assert numbers[-1]["part/three"]["table"] == {"kinds-three": (3, 1)}


def read(root: Path) -> None:
    book, _said = read_book(root)
    run_sphinx(book, BuildRequest((), root / "work", 1_700_000_000), lambda *_: nullcontext(lambda *_: None))
