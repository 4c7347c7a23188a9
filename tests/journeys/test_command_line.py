from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from oerbook.cli import COMMANDS
from oerbook.cli.locations import describe_other_places
from oerbook.cli.output import group_findings
from oerbook.model.findings import Finding, Place
from tests.conftest import INDEX, ROOT, oerbook, write


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_heavy(command: str) -> None:
    arguments = [command, "--help"] if command else ["--help"]
    script = (
        "import sys\nfrom oerbook.cli import run\n"
        f"code = run({arguments!r})\n"
        "heavy = {'sphinx', 'docutils', 'typst', 'git', 'PIL', 'lxml', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    begun = time.process_time()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "Usage: oerbook" in done.stdout
    assert time.process_time() - begun < 1


def test_a_mistyped_command_is_guessed() -> None:
    ran = oerbook("bild")
    assert ran.code == 2
    assert "Did you mean 'build'?" in ran.err


def test_findings_go_to_standard_output_in_any_encoding(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"chapters/index.md": INDEX, "chapters/01-a.md": "# A ✓\n\nSee {ref}`✓` and [here](https://a.org/).\n"},
    )
    ran = oerbook("check", "-C", tmp_path, PYTHONIOENCODING="latin-1")
    assert ran.code == 0 and "the book has no label ?" in ran.out and "[link-text-generic]" in ran.out
    assert "2 warnings" in ran.err and "[link-text-generic]" not in ran.err


def test_a_repeated_message_is_printed_once() -> None:
    found = [
        Finding("role-unknown", "unknown role {pr}", Place(f"{page}.md", line)) for page in "abcd" for line in (1, 2)
    ]
    found += [Finding("role-unknown", "unknown role {qr}", Place(f"{page}.md", 5)) for page in "ab"]
    groups = group_findings(found)
    assert [[str(f.place) for f in group] for group in groups[1:]] == [["a.md:5"], ["b.md:5"]]
    (first, *others) = [f.place for f in groups[0]]
    assert (
        describe_other_places(first, others) == "Also in line 2; in b.md:1 and :2; in c.md:1 and :2; in d.md:1 and :2"
    )
    assert describe_other_places(first, [Place("a.md", line) for line in range(2, 32)]).endswith(
        "12 and 13; and in 18 more places"
    )
    assert describe_other_places(first, [Place("a.ipynb", 9, "cell 3, line 2")]) == "Also in a.ipynb (cell 3, line 2)"


def test_doctor_finds_what_a_build_needs() -> None:
    ran = oerbook("doctor", "--format", "json")
    tools = {tool["name"]: tool for tool in ran.report["tools"]}
    assert ran.code == 0
    assert tools["pandoc"]["version"] == "3.9"
    assert tools["typst"]["version"] == "0.15.2"
