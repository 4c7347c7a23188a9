"""The commit graph: git uses it, it grows with the history, and nothing depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oerbook.git import commit_graph, commits, merge_tree, objects
from tests.support.repository import begin, commit, git


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
    tip = objects.resolve_commit(root, "main")
    commit_graph.write_graph(root, folder, tip)
    assert graph_chain(folder)
    env = commit_graph.graph_env(folder)
    assert commits.submission_commits(root, "main", "side", env) == commits.submission_commits(root, "main", "side")
    with merge_tree.scratch_repository(root, env) as with_graph, merge_tree.scratch_repository(root, {}) as without:
        assert merge_tree.merge_trees(with_graph, tip, "side") == merge_tree.merge_trees(without, tip, "side")
    middle = objects.resolve_commit(root, "main~1")
    (root / ".git" / "objects" / middle[:2] / middle[2:]).unlink()
    assert git(root, "rev-list", "--count", "main", **env) == "4"  # works although a commit object is missing


def test_the_graph_grows_after_a_run_was_killed(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit_graph.write_graph(root, folder, objects.resolve_commit(root, "main"))
    before = graph_chain(folder)
    (folder / "objects/info/commit-graphs/commit-graph-chain.lock").touch()
    commit(root, "main", {"chapters/01-a.md": "# A\n"}, "Ada Lee")
    commit_graph.write_graph(root, folder, objects.resolve_commit(root, "main"))
    assert before and graph_chain(folder) not in ("", before)


def test_a_damaged_or_missing_commit_graph_is_ignored(tmp_path: Path) -> None:
    root, folder = tmp_path / "book", tmp_path / "graph"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "side", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    commit_graph.write_graph(root, folder, objects.resolve_commit(root, "main"))
    for path in (folder / "objects/info/commit-graphs").iterdir():
        path.chmod(0o644)
        path.write_bytes(b"damaged")
    without_graph = commits.submission_commits(root, "main", "side")
    assert commits.submission_commits(root, "main", "side", commit_graph.graph_env(folder)) == without_graph
    commit_graph.write_graph(root, folder, objects.resolve_commit(root, "main"))
    assert commits.submission_commits(root, "main", "side", commit_graph.graph_env(folder)) == without_graph
    commit_graph.write_graph(root, tmp_path / "none", "0" * 40)
    assert not graph_chain(tmp_path / "none")
