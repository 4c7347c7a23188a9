"""The built wheel, in an empty environment: it carries the themes and builds a book outside the repository."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
@pytest.mark.judgement
def test_the_wheel_builds_a_book_by_itself(make: Callable[..., Path], tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(wheels), str(ROOT)], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    pip, program = tmp_path / "venv/bin/pip", tmp_path / "venv/bin/oerbook"
    subprocess.run([str(pip), "install", "-q", str(next(wheels.glob("*.whl")))], check=True)
    root = make({"chapters/01-a.md": "# A\n\nText with $x^2$.\n"})
    done = subprocess.run([str(program), "build", "all", "-C", str(root)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in (root / "_build").iterdir()} >= {".epub", ".pdf", ".docx"}
    assert (root / "_build/html/_static/pygments.css").exists()
