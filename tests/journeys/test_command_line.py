from __future__ import annotations

import subprocess
import sys
import time

import pytest

from oerbook.cli import COMMANDS
from tests.conftest import ROOT, oerbook


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


def test_doctor_finds_what_a_build_needs() -> None:
    ran = oerbook("doctor", "--json")
    tools = {tool["name"]: tool for tool in ran.report["tools"]}
    assert ran.code == 0
    assert tools["pandoc"]["version"] == "3.9"
    assert tools["typst"]["version"] == "0.15.2"
