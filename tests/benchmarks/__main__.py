"""python -m tests.benchmarks [CHAPTERS]: CPU seconds of each stage, cold, unchanged and after one edit, as ratios; how HTML grows."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.generate import generate
from tests.conftest import ROOT

SCRIPT = "import sys; from tests.benchmarks.__main__ import stages; stages(sys.argv[1], sys.argv[2], sys.argv[3:])"


def spent() -> float:
    """Return the CPU seconds of this process and its children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


class Clock:
    """Prints the CPU seconds of each stage."""

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[..., None]]:
        begun = spent()
        yield lambda *_: None
        print(f"    {name:<18}{spent() - begun:7.2f} s")


def stages(root: str, out: str, formats: list[str]) -> None:
    """Build once and print the stages."""
    from oerbook.tasks.build.build import build

    build(Path(root), formats, Path(out), Clock())
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"    {'peak memory':<18}{memory / 1024:7.0f} MB")


def run(title: str, root: Path, out: Path, formats: tuple[str, ...]) -> float:
    """Build in a process of its own and return its CPU seconds."""
    print(f"  {title}")
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-c", SCRIPT, str(root), str(out), *formats], check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"    {'all':<18}{cost:7.2f} s CPU, {time.monotonic() - begun:.2f} s")
    return cost


def weight(folder: Path) -> int:
    """Return the bytes of the files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main(chapters: int) -> None:
    """Measure a book of `chapters` chapters, and its HTML against one a quarter of the size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{chapters} chapters")
        root = generate(folder / "book", chapters)
        formats = ("html", "epub", "pdf", "docx")
        cold = run("cold, all formats", root, folder / "out", formats)
        same = run("unchanged", root, folder / "out", formats)
        (root / "chapters/002-chapter-2.md").open("a").write("\nOne more sentence.\n")
        edit = run("one chapter edited", root, folder / "out", formats)
        html = run("cold, html alone", root, folder / "html", ("html",))
        small = run(
            "cold, html, a quarter of the book", generate(folder / "small", chapters // 4), folder / "s", ("html",)
        )
        print(
            f"  unchanged/cold {same / cold:.2f}, edited/cold {edit / cold:.2f}, html x4 book {html / small:.2f} (at most 4.4)"
        )
        print(f"  bytes of html x4 book {weight(folder / 'html/html') / weight(folder / 's/html'):.2f} (at most 4.2)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
