"""The graph of a history: git finds its way by it, it grows with the history, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.git import commit_graph, merge_tree, objects
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
    tip = objects.commit_of(root, "main")
    commit_graph.draw(root, folder, tip)
    assert drawn(folder)
    quick = commit_graph.shortcut(folder)
    assert objects.commits(root, "main", "side", quick) == objects.commits(root, "main", "side")
    with merge_tree.aside(root, quick) as with_graph, merge_tree.aside(root, {}) as without:
        assert merge_tree.mix(with_graph, tip, "side") == merge_tree.mix(without, tip, "side")
    middle = objects.commit_of(root, "main~1")
    (root / ".git" / "objects" / middle[:2] / middle[2:]).unlink()
    assert git(root, "rev-list", "--count", "main", **quick) == "4"  # no commit was opened on the way


def test_the_graph_grows_though_a_run_was_killed_while_it_drew(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    before = drawn(folder)
    (folder / "objects/info/commit-graphs/commit-graph-chain.lock").touch()
    commit(root, "main", {"chapters/01-a.md": "# A\n"}, "Ada Lee")
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    assert before and drawn(folder) not in ("", before)


def test_a_graph_that_is_spoilt_or_cannot_be_drawn_stops_nothing(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "side", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    for piece in (folder / "objects/info/commit-graphs").iterdir():
        piece.chmod(0o644)
        piece.write_bytes(b"spoilt")
    plain = objects.commits(root, "main", "side")
    assert objects.commits(root, "main", "side", commit_graph.shortcut(folder)) == plain
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    assert objects.commits(root, "main", "side", commit_graph.shortcut(folder)) == plain
    commit_graph.draw(root, tmp_path / "none", "0" * 40)
    assert not drawn(tmp_path / "none")
