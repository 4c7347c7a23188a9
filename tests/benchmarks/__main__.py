"""python -m tests.benchmarks [CHAPTERS]: CPU seconds and memory of every kind of build of a heavy book, as ratios.

Each build runs in a process of its own. The peers are pandoc (EPUB), and pandoc with Typst (PDF), on the same chapters.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from oerbook.tools.pandoc import pandoc_executable
from tests.benchmarks.generate import generate
from tests.conftest import ROOT

ALL = ("html", "epub", "pdf")
COMMAND = (sys.executable, "-c", "from oerbook.cli import main; main()", "build", "-q")
TYPST = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[1] + '.pdf')"


def cost(command: Sequence[str | Path], folder: Path, **variables: str) -> tuple[float, float]:
    """Run a command; return the CPU seconds of all its processes, and the MiB of the largest."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


class Table:
    """Prints rows: what was done, CPU seconds, memory, and the ratio to another row."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        print(f"{'work':<44}{'CPU s':>8}{'MiB':>8}   ratio")

    def row(self, name: str, measured: tuple[float, float], base: str = "") -> None:
        self._seconds[name] = measured[0]
        ratio = f"{measured[0] / self._seconds[base]:.2f} of {base}" if base else ""
        print(f"{name:<44}{measured[0]:>8.1f}{measured[1]:>8.0f}   {ratio}", flush=True)


def build(root: Path, *formats: str, clean: bool = False, **variables: str) -> tuple[float, float]:
    """Build formats, on request without anything of an earlier build."""
    if clean:
        shutil.rmtree(root / "_build", ignore_errors=True)
    return cost([*COMMAND, *formats], root, **variables)


def edit(root: Path) -> None:
    """Add a sentence to a chapter."""
    with (root / "chapters/002-chapter-2.md").open("a") as file:
        file.write("\nOne more sentence.\n")


def pandoc_cost(root: Path, ending: str) -> tuple[float, float]:
    """Return what pandoc takes for the chapters as an EPUB, or with Typst as a PDF."""
    files = [*sorted((root / "chapters").glob("0*.md")), "--citeproc", f"--bibliography={root}/chapters/references.bib"]
    arguments: list[str | Path] = [
        "-f",
        "markdown",
        "-s",
        "--toc",
        "--mathml",
        f"--resource-path={root}/chapters",
        *files,
    ]
    seconds, memory = cost([pandoc_executable(), *arguments, "-o", f"peer.{ending}"], root / "chapters")
    if ending == "typ":
        more, typst_memory = cost([sys.executable, "-c", TYPST, "peer.typ"], root / "chapters")
        seconds, memory = seconds + more, max(memory, typst_memory)
    (root / "chapters" / f"peer.{ending}").unlink()
    (root / "chapters" / f"peer.{ending}.pdf").unlink(missing_ok=True)
    return seconds, memory


def main(chapters: int) -> None:
    """Measure a book of `chapters` chapters, and its HTML against one of a quarter of them."""
    with tempfile.TemporaryDirectory() as name:
        folder, table = Path(name), Table()
        root = generate(folder / "book", chapters)
        small = generate(folder / "small", max(1, chapters // 4))
        table.row("html, first build on a machine", build(root, "html", XDG_CACHE_HOME=str(folder / "cache")))
        table.row("html", build(root, "html", clean=True))
        table.row("html of a quarter of the chapters", build(small, "html"), "html")
        table.row("pandoc's epub", pandoc_cost(root, "epub"))
        table.row("epub", build(root, "epub", clean=True), "pandoc's epub")
        table.row("pandoc's and Typst's pdf", pandoc_cost(root, "typ"))
        table.row("pdf", build(root, "pdf", clean=True), "pandoc's and Typst's pdf")
        table.row("html, epub and pdf", build(root, *ALL, clean=True), "html")
        table.row("html, epub and pdf, nothing changed", build(root, *ALL), "html, epub and pdf")
        table.row("html, nothing changed", build(root, "html"), "html")
        edit(root)
        table.row("html, a sentence added", build(root, "html"), "html")
        edit(root)
        table.row("html, epub and pdf, a sentence added", build(root, *ALL), "html, epub and pdf")
        table.row("a command that fails at once", cost([*COMMAND, "html"], folder))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
