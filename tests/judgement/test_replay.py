"""Real merges of a real book go through the editor's queue, and nobody loses credit by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import oerbook
from tests.judgement.merges import ADDED, LAKE, SPLIT, adopted, found
from tests.support.repository import git

MERGES = {
    SPLIT: "markov",
    ADDED: "",
    LAKE: "",
}
EDITOR = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Cy Ed"), ("EMAIL", "c@e.org"))
}


def credited(root: Path, path: str) -> dict[str, float]:
    """Return the words that survive of each person, in the chapters whose path holds some letters."""
    report = json.loads(oerbook("credits", "--format", "json", "-C", root).out)
    names = {person["id"]: person["name"] for person in report["people"]}
    words: dict[str, float] = {}
    for chapter in report["chapters"]:
        for credit in chapter["credits"] if path in chapter["path"] else ():
            name = names[credit["person"]]
            words[name] = words.get(name, 0) + credit["words"]
    return words


@pytest.mark.judgement
@pytest.mark.parametrize("subject", MERGES)
def test_a_real_merge_goes_through_the_queue_and_nobody_loses_credit(tmp_path: Path, subject: str) -> None:
    source, start, head = found(tmp_path, subject)
    root, later = adopted(source, start, tmp_path / "book"), adopted(source, head, tmp_path / "later")
    git(root, "fetch", "-q", str(later), "HEAD")
    tree = git(root, "rev-parse", "FETCH_HEAD^{tree}")
    branch = git(root, "symbolic-ref", "--short", "HEAD")
    made = git(root, "commit-tree", tree, "-p", branch, "-p", head, "-m", "The book with this submission", **EDITOR)
    git(root, "update-ref", "refs/heads/submission", made)
    before = credited(root, MERGES[subject])

    ran = oerbook("merge", "--format", "json", "-C", root, "submission")
    (row,) = json.loads(ran.out)["branches"]
    assert (ran.code, row["state"]) == (0, "merged"), row
    assert {finding["severity"] for finding in row["findings"]} <= {"warning", "info"}
    people = set(git(root, "log", "--no-merges", "--format=%aN", f"{start}..{head}").splitlines())
    assert people <= set(row["people"])
    git(root, "switch", "-q", branch)
    after = credited(root, MERGES[subject])
    assert "Cy Ed" not in after
    for name, words in before.items():
        assert after.get(name, 0) >= 0.95 * words, (name, words, after.get(name, 0))
