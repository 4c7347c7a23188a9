"""The commit graph: git uses it, it grows with the history, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.git import commit_graph, merge_tree, objects
from tests.journeys.repository import begin, commit, git


def graph_chain(folder: Path) -> str:
    chain = folder / "objects" / "info" / "commit-graphs" / "commit-graph-chain"
    return chain.read_text() if chain.is_file() else ""


@pytest.mark.parametrize("name", ["plain", 'a "b": c\\d;é'])
def test_git_uses_the_graph_in_any_folder(tmp_path: Path, name: str) -> None:
    root, folder = tmp_path / "book", tmp_path / name / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "side", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    for number in range(3):
        commit(root, "main", {"chapters/01-a.md": f"# A {number}\n"}, "Ada Lee")
    tip = objects.commit_of(root, "main")
    commit_graph.draw(root, folder, tip)
    assert graph_chain(folder)
    env = commit_graph.shortcut(folder)
    assert objects.commits(root, "main", "side", env) == objects.commits(root, "main", "side")
    with merge_tree.aside(root, env) as with_graph, merge_tree.aside(root, {}) as without:
        assert merge_tree.mix(with_graph, tip, "side") == merge_tree.mix(without, tip, "side")
    middle = objects.commit_of(root, "main~1")
    (root / ".git" / "objects" / middle[:2] / middle[2:]).unlink()
    assert git(root, "rev-list", "--count", "main", **env) == "4"  # works although a commit object is missing


def test_the_graph_grows_after_a_run_was_killed(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    before = graph_chain(folder)
    (folder / "objects/info/commit-graphs/commit-graph-chain.lock").touch()
    commit(root, "main", {"chapters/01-a.md": "# A\n"}, "Ada Lee")
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    assert before and graph_chain(folder) not in ("", before)


def test_a_damaged_or_missing_graph_does_no_harm(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "side", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    for path in (folder / "objects/info/commit-graphs").iterdir():
        path.chmod(0o644)
        path.write_bytes(b"damaged")
    without_graph = objects.commits(root, "main", "side")
    assert objects.commits(root, "main", "side", commit_graph.shortcut(folder)) == without_graph
    commit_graph.draw(root, folder, objects.commit_of(root, "main"))
    assert objects.commits(root, "main", "side", commit_graph.shortcut(folder)) == without_graph
    commit_graph.draw(root, tmp_path / "none", "0" * 40)
    assert not graph_chain(tmp_path / "none")
