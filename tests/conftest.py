"""What tests share: small books on the disk, the command line as users type it, programs that must be there in CI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
INDEX = "---\ntitle: A small book\nauthors: [Ada Lee]\nlicense: CC-BY-4.0\ndate: 2026-01-02\n---\n\n# A small book\n\nWelcome.\n"
Files = Mapping[str, str | bytes]


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Return what `--format json` printed."""
        found: dict[str, Any] = json.loads(self.out)
        # Most small books of these tests are in no repository, which each of them would say.
        found["findings"] = [f for f in found.get("findings", []) if f["code"] != "history-missing"]
        return found

    def findings(self, code: str) -> list[dict[str, Any]]:
        """Return the findings with a code."""
        return [finding for finding in self.report["findings"] if finding["code"] == code]


def write(root: Path, files: Files) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def oerbook(*arguments: str | Path, cwd: Path | None = None, **extra: str) -> Ran:
    """Run the command line in a process of its own, as users do."""
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT), **extra}
    command = [sys.executable, "-c", "from oerbook.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=900)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def make(tmp_path: Path) -> Callable[[Files], Path]:
    """Return a function that lays out a book with an index and the given files."""

    def lay_out(files: Files, index: str | bytes = INDEX) -> Path:
        return write(tmp_path / "book", {"conf.py": 'extensions = ["oerbook"]\n', "chapters/index.md": index, **files})

    return lay_out


def need(program: str) -> str:
    """Return a program's path; without it the test is skipped, or fails where everything must be there."""
    found = shutil.which(program)
    if found:
        return found
    reason = f"{program} is not installed"
    if os.environ.get("OERBOOK_REQUIRE_TOOLS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def corpora() -> Path:
    """Return the folder of real books, which lies beside the project where it is to be had."""
    folder = Path(os.environ.get("OERBOOK_CORPORA", ROOT.parent / "shared" / "corpora"))
    if not (folder / "unpack").is_file():
        pytest.skip(f"no real books in {folder.parent.name}/{folder.name} beside the project")
    return folder


def judges() -> Path:
    """Return the folder of the judges from the npm registry; without it the test is skipped, in CI it fails."""
    folder = Path(os.environ.get("OERBOOK_JUDGES", ROOT / ".judges"))
    if not (folder / "node_modules").is_dir():
        reason = "the judges are not installed (npm install in tests/judgement, or .ci/run)"
        if os.environ.get("OERBOOK_REQUIRE_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
