"""A second build of the same folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from filelock import FileLock

REFUSED_BUILD = """
import sys
from oerbook.cli import run
code = run(["build", "html", "-C", sys.argv[1]])
print(code, sorted({"sphinx", "docutils", "PIL", "lxml", "pikepdf", "babel", "git"} & set(sys.modules)))
"""


def test_a_second_build_is_refused_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "_build").mkdir()
    with FileLock(tmp_path / "_build" / ".lock"):
        command = [sys.executable, "-c", REFUSED_BUILD, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "another build is using" in done.stderr and done.stdout.strip() == "1 []", done
