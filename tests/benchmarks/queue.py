"""python -m tests.benchmarks.queue [CHAPTERS] [BRANCHES]: CPU seconds a branch of oerbook merge, the last to the first.

The book has CHAPTERS chapters at first (60), and BRANCHES (150) people submit one each. Linux only: the time of a process
that still runs is read from /proc.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from oerbook.tasks.submissions.merge import MergeOptions, merge
from tests.benchmarks.generate import NOUNS, VERBS, WORDS, generate
from tests.support.repository import begin, commit

SOME = 20  # branches at each end that are compared


def spent() -> float:
    """Return the CPU seconds of this process and of those it began, ended or not."""
    ticks = 0
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    for pid in (str(os.getpid()), *children):
        cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, cells[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def yardstick() -> float:
    """Return the CPU seconds of a fixed piece of work: how fast this machine is just now, among its neighbours."""
    begun = time.process_time()
    sum(len(f"{n:x}") for n in range(100_000))
    return time.process_time() - begun


class Clock:
    """Keeps what each branch costs, in CPU seconds and in yardsticks."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.yards: list[float] = []
        self._last = 0.0

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Callable[..., None]]:
        self._last = spent()
        yield self._ended

    def _ended(self, *_: object) -> None:
        cost = spent() - self._last
        self.seconds.append(cost)
        self.yards.append(cost / yardstick())
        self._last = spent()


def chapter(number: int) -> str:
    rnd = random.Random(number)
    sentences = [" ".join(rnd.choices([*NOUNS, *VERBS, *WORDS], k=14)).capitalize() + "." for _ in range(60)]
    return f"# Topic {number}\n\n" + "\n\n".join(" ".join(sentences[n : n + 6]) for n in range(0, 60, 6)) + "\n"


def main(chapters: int, branches: int) -> None:
    """Merge a sprint's branches and print what each costs."""
    with tempfile.TemporaryDirectory() as name:
        book, root = generate(Path(name) / "book", chapters), Path(name) / "sprint"
        files = {p.relative_to(book).as_posix(): p.read_bytes() for p in book.rglob("*") if p.is_file()}
        begin(root, files)
        for number in range(branches):
            person = f"{chr(65 + number % 26)}{'aeiou'[number % 5]}n Writer{number // 26 * 'son'}"
            slug = person.lower().replace(" ", "-")
            added = {
                f"chapters/{500 + number // 3}-topic-{number}.md": chapter(number),
                f"contributors/{slug}.md": f"---\nname: {person}\n---\n\n{person} teaches.\n",
            }
            commit(root, f"by-{number:03d}", added, person)
        clock = Clock()
        queue = merge(root, Path(name) / "out", MergeOptions(("by-*",)), clock)
    costs, yards = clock.seconds[1:], clock.yards[1:]  # [0] reads the base
    first, last = median(yards[:SOME]), median(yards[-SOME:])
    print(f"{chapters} chapters, {branches} branches, {len(queue.with_state('merged'))} merged")
    print(f"  {sum(costs) / len(costs):.2f} s CPU a branch")
    print(
        f"  the last {SOME} to the first {SOME}, in a fixed piece of work: {last:.1f} / {first:.1f} = {last / first:.2f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 150)
