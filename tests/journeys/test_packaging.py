"""Other ways to run oerbook: a GitHub Action, a hook of pre-commit, a container."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from tests.conftest import ROOT, need
from tests.journeys.test_github import shell, tool


def program(name: str) -> str:
    """Return the path of a program that is a package for tests."""
    return need(str(Path(sys.executable).with_name(name)))


def test_the_action_keeps_to_its_schema_and_to_the_rules_of_security() -> None:
    path = str(ROOT / "action.yml")
    for command in (
        [program("check-jsonschema"), "--builtin-schema", "vendor.github-actions", path],
        [program("zizmor"), "--offline", "--persona", "pedantic", path],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_passes_its_inputs_to_the_check_and_to_no_shell(tmp_path: Path) -> None:
    steps = {step.get("name"): step for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]}
    script = steps["Check the book"]["run"]
    assert "${{" not in script + steps["Install oerbook"]["run"]
    tool(tmp_path / "bin", "oerbook", 'printf "%s\n" "$@"')
    known = {"PROGRAM": str(tmp_path), "FOLDER": "my book", "STRICT": "true"}
    done = shell(script, tmp_path, tmp_path, BASE="origin/a; touch owned", **known)
    assert done.stdout.splitlines() == [
        "check",
        "--root",
        "my book",
        "--format",
        "github",
        "--strict",
        "--base=origin/a; touch owned",
    ]
    known["STRICT"] = "false"
    assert shell(script, tmp_path, tmp_path, BASE="", **known).stdout.splitlines()[-1] == "github"


def test_the_hook_checks_the_whole_book() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "oerbook check" and hook["pass_filenames"] is False
    assert re.match(hook["files"], "chapters/01-a.md") and not re.match(hook["files"], "README.md")


def test_the_container_is_built_from_what_exists() -> None:
    done = subprocess.run([program("hadolint"), str(ROOT / "Dockerfile")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    text = (ROOT / "Dockerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert copied and all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.search(r"/source\[([\w,]+)\]", text)
    assert extras and set(extras[1].split(",")) <= set(project["optional-dependencies"])
    assert project["readme"] in copied and set(project["license-files"]) <= set(copied)
