"""Texts that somebody could write by accident take time in proportion to their length."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable

import pytest
from docutils import nodes
from docutils.utils import new_document
from myst_parser.slugs import unique_slug as slug_of_myst
from sphinx import addnodes
from sphinx.transforms import _reorder_index_target_nodes

from oerbook.document.patches import myst_unique_slugs, sphinx_target_order
from tests.conftest import Files, oerbook

REPEATED = {
    "rules": "---\n" * 10_000,
    "equal headings": "## a\n\n" * 7_000,
    "struck words": "~~a~~ " * 8_000,
    "raw markup": "<b>a</b> " * 5_000,
    "unknown sources": "{cite}`a` " * 4_000,
    "labels in a row": "".join(f"(l{n})=\n" for n in range(6_000)) + "\n## H\n",
    "labels": "".join(f"(l{n})=\n## H {n}\n\nText.\n\n" for n in range(2_000)),
    "links": "[soil](https://example.org/a) " * 5_000,
    "stars": "*a " * 20_000,
}
MAX_CPU_S = 20  # each took two to five times as long when it was quadratic


@pytest.mark.slow
@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_a_long_repetitive_chapter_is_checked_in_reasonable_time(make: Callable[[Files], object], text: str) -> None:
    root = make({"chapters/01-a.md": f"# A\n\n{text}\n"})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = oerbook("check", "-q", "-C", root)  # type: ignore[arg-type]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.code in (0, 1) and "it takes too long" not in ran.out, ran.err
    assert after.ru_utime - before.ru_utime < MAX_CPU_S


@pytest.mark.slow
def test_a_table_with_a_very_long_word_is_laid_out_in_reasonable_time(make: Callable[[Files], object]) -> None:
    table = f"```{{csv-table}}\n:header: a, b\n\n{'x' * 10_000}, y\n```\n"
    root = make({"chapters/01-a.md": f"# A\n\n{table}"})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = oerbook("build", "pdf", "-q", "-C", root)  # type: ignore[arg-type]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.code == 0, ran.err
    assert after.ru_utime - before.ru_utime < MAX_CPU_S


def test_slugs_are_those_of_myst() -> None:
    rnd = random.Random(5)
    for _ in range(50):
        ours: dict[str, int] = {}
        theirs: dict[str, int] = {}
        for number in range(60):
            slug = rnd.choice(["a", "b", "a-1", "a-2", "b-1", ""])
            ours[myst_unique_slugs.unique_slug(slug, ours)] = number
            theirs[slug_of_myst(slug, theirs)] = number
        assert ours == theirs


def test_labels_and_index_entries_have_the_order_of_sphinx() -> None:
    rnd = random.Random(6)
    for _ in range(100):
        kinds = [rnd.choice([nodes.target, nodes.target, addnodes.index, nodes.paragraph]) for _ in range(12)]
        trees = []
        for _copy in range(2):
            tree = new_document("a")
            tree += [kind(ids=[str(n)]) for n, kind in enumerate(kinds)]
            trees.append(tree)
        for target in list(trees[0].findall(nodes.target)):
            _reorder_index_target_nodes(target)
        sphinx_target_order.apply_once(type("Transform", (), {"document": trees[1]})())
        assert [node["ids"] for node in trees[0].children] == [node["ids"] for node in trees[1].children]
