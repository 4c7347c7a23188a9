"""Random hostile books: every format is made, nothing runs in it, and nothing outside the book is reached."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.conftest import Files, write
from tests.fuzz.books import books
from tests.support.commands import Commands, commands
from tests.support.outputs import active_content

FUZZ_S = int(os.environ.get("OERBOOK_FUZZ_SECONDS", "300"))
FORMATS = ("html", "epub", "pdf", "docx")
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
QUICK = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def runner() -> Iterator[Commands]:
    with commands() as found:
        yield found


def check(runner: Commands, folder: Path, files: Files) -> None:
    """Build and check a book; fail when anything is not as it must be."""
    shutil.rmtree(folder, ignore_errors=True)
    root = write(folder / "book", files)
    secret = write(folder, {"secret.txt": "hush-b7e1"}) / "secret.txt"
    for command in (("build", "all", "--format", "json"), ("check", "--format", "json")):
        ran = runner.run(*command, cwd=root)
        assert ran.code in (0, 1), f"{command}: exit code {ran.code}\n{ran.out[-2000:]}\n{ran.err[-4000:]}"
        assert "Traceback" not in ran.out + ran.err, ran.out + ran.err
        assert not ran.reached, ran.reached
        assert ran.report["findings"] is not None
        if command[0] == "build":
            made = {row["format"] for row in ran.report["artifacts"]}
            assert made == set(FORMATS) or ran.findings("format-failed") or not made, ran.out[-3000:]
            assert active_content(root / "_build") == []
    assert secret.read_text() == "hush-b7e1"
    assert {path.name for path in folder.iterdir()} == {"book", "secret.txt", "out.txt", "err.txt"}


@pytest.mark.slow
def test_a_few_random_books_are_built_safely(runner: Commands, tmp_path: Path) -> None:
    @settings(QUICK, max_examples=6, derandomize=True, phases=[Phase.generate])
    @given(books())
    def build(files: Files) -> None:
        check(runner, tmp_path / "work", files)

    build()


@pytest.mark.judgement
def test_many_random_books_are_built_safely(runner: Commands, tmp_path: Path) -> None:
    end = time.monotonic() + FUZZ_S

    @settings(QUICK, max_examples=25)
    @given(books())
    def build(files: Files) -> None:
        check(runner, tmp_path / "work", files)

    while time.monotonic() < end:
        build()
