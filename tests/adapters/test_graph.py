"""The graph of a history: git finds its way by it, it grows with the history, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.adapters import graph, mixing, trees
from tests.journeys.repository import begin, commit, git


def drawn(folder: Path) -> str:
    chain = folder / "objects" / "info" / "commit-graphs" / "commit-graph-chain"
    return chain.read_text() if chain.is_file() else ""


@pytest.mark.parametrize("name", ["plain", 'a "b": c\\d;é'])
def test_git_goes_by_the_graph_wherever_it_lies(tmp_path: Path, name: str) -> None:
    root, folder = tmp_path / "book", tmp_path / name / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "side", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    for number in range(3):
        commit(root, "main", {"chapters/01-a.md": f"# A {number}\n"}, "Ada Lee")
    tip = trees.commit_of(root, "main")
    graph.draw(root, folder, tip)
    assert drawn(folder)
    quick = graph.shortcut(folder)
    assert trees.commits(root, "main", "side", quick) == trees.commits(root, "main", "side")
    with mixing.aside(root, quick) as with_graph, mixing.aside(root, {}) as without:
        assert mixing.mix(with_graph, tip, "side") == mixing.mix(without, tip, "side")
    middle = trees.commit_of(root, "main~1")
    (root / ".git" / "objects" / middle[:2] / middle[2:]).unlink()
    assert git(root, "rev-list", "--count", "main", **quick) == "4"  # no commit was opened on the way


def test_the_graph_grows_though_a_run_was_killed_while_it_drew(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    graph.draw(root, folder, trees.commit_of(root, "main"))
    before = drawn(folder)
    (folder / "objects/info/commit-graphs/commit-graph-chain.lock").touch()
    commit(root, "main", {"chapters/01-a.md": "# A\n"}, "Ada Lee")
    graph.draw(root, folder, trees.commit_of(root, "main"))
    assert before and drawn(folder) not in ("", before)


def test_a_graph_that_is_spoilt_or_cannot_be_drawn_stops_nothing(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "side", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    graph.draw(root, folder, trees.commit_of(root, "main"))
    for piece in (folder / "objects/info/commit-graphs").iterdir():
        piece.chmod(0o644)
        piece.write_bytes(b"spoilt")
    plain = trees.commits(root, "main", "side")
    assert trees.commits(root, "main", "side", graph.shortcut(folder)) == plain
    graph.draw(root, folder, trees.commit_of(root, "main"))
    assert trees.commits(root, "main", "side", graph.shortcut(folder)) == plain
    graph.draw(root, tmp_path / "none", "0" * 40)
    assert not drawn(tmp_path / "none")
