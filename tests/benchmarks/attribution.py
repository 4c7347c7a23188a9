"""How many words come to the right person, and what that costs, beside `git blame -w -M -C`.

python -m tests.benchmarks.attribution            accuracy on generated histories, cost on a large one
python -m tests.benchmarks.attribution BOOK ...   cost on books of yours, in their git repositories
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from oerbook.attribution.inline_markup import split_blanked_words
from oerbook.source.book import read_book
from oerbook.tasks.credits.authorship import compute_authorship
from tests.benchmarks.mixed import Story
from tests.support.histories import Writer

SEEDS = range(1, 6)
BEST_OF = 3  # the least of so many runs: what else the machine does only ever adds


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True).stdout


def ours(root: Path, work: Path) -> dict[str, list[frozenset[str]]]:
    """Return, for every chapter, who wrote each of its words."""
    book, _ = read_book(root)
    found = compute_authorship(book, work)
    names = {person.id: person.name for person in found.credits.people}
    return {
        page.path: [
            frozenset(names[one] for one in run.people)
            for run in found.words_by_author(page.path)
            for _ in run.text.split()
        ]
        for page in book.chapters
    }


def blamed(root: Path, path: str) -> list[frozenset[str]]:
    """Return whom git blame names for each word of a chapter, co-authors included."""
    found: list[frozenset[str]] = []
    who: dict[str, frozenset[str]] = {}
    sha = ""
    for line in git(root, "blame", "-w", "-M", "-C", "--line-porcelain", "--", path).split("\n"):
        if line.startswith("\t"):
            found += [who[sha]] * len(split_blanked_words(line.replace("*", "\0")))
        elif line[:40].isalnum() and len(line.split()[0]) == 40:
            sha = line.split()[0]
            if sha not in who:
                message = git(root, "log", "-1", "--format=%an%n%b", sha)
                co = [
                    row[15:].split(" <")[0].strip() for row in message.split("\n") if row.startswith("Co-authored-by:")
                ]
                who[sha] = frozenset((message.split("\n")[0], *co))
    return found


Owners = frozenset[str] | None


def right(found: list[frozenset[str]], truth: list[Owners]) -> float:
    """Return the share of words that came to the right people, of those whose truth is known."""
    assert len(found) == len(truth)
    known = [(people, owners) for people, owners in zip(found, truth, strict=True) if owners is not None]
    return sum(people == owners for people, owners in known) / max(1, len(known))


def judged(root: Path, work: Path, truth: dict[str, list[Owners]]) -> tuple[float, float, int]:
    """Return our share of right words, git blame's, and the number of words, for one history."""
    found = ours(root, work)
    words = [owners for path in truth for owners in truth[path]]
    mine = [people for path in truth for people in found[path]]
    theirs = [people for path in truth for people in blamed(root, path)]
    return right(mine, words), right(theirs, words), len(words)


def accuracy(seed: int, folder: Path) -> tuple[float, float, int]:
    """Judge a history of single edits."""
    writer = Writer(seed).make()
    truth = writer.truth()
    root = writer.write(folder / f"history-{seed}")
    return judged(root, folder / f"work-{seed}", {p: [owners for _, owners in truth[p]] for p in truth})


def mixed(seed: int, folder: Path) -> tuple[float, float, int]:
    """Judge a history of the second make: several kinds of edits in each commit."""
    story = Story(seed).make()
    truth = story.truth()
    root = story.write(folder / f"mixed-{seed}")
    return judged(root, folder / f"mixed-work-{seed}", {p: [word.owners for word in truth[p]] for p in truth})


def cpu(action: Callable[[], object]) -> float:
    """Return the seconds of processor that an action takes, its children's included."""

    def spent() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    before = spent()
    action()
    return spent() - before


def cost(root: Path, name: str) -> None:
    """Print what a cold run, a run after one commit and git blame over the same chapters cost."""
    book, _ = read_book(root)
    chapters = [chapter.path for chapter in book.chapters if (root / chapter.path).is_file()]
    with tempfile.TemporaryDirectory() as folder:
        copy, work = Path(folder) / "book", Path(folder) / "work"
        subprocess.run(["git", "clone", "-q", str(root), str(copy)], check=True)
        book, _ = read_book(copy)
        cold = min(cpu(partial(compute_authorship, book, work / str(run))) for run in range(BEST_OF))
        compute_authorship(book, work)
        page, after = copy / chapters[0], []
        for run in range(BEST_OF):
            page.write_text(page.read_text() + f"\nOne more sentence, number {run}, stands here now.\n")
            git(copy, "-c", "user.name=Ada", "-c", "user.email=a@example.org", "commit", "-qam", "One more")
            after.append(cpu(partial(compute_authorship, book, work)))
        warm = min(after)
        command = ("blame", "-w", "-M", "-C", "--line-porcelain", "--")
        blame = min(cpu(lambda: [git(copy, *command, path) for path in chapters]) for _ in range(BEST_OF))
    commits = int(git(root, "rev-list", "--count", "HEAD"))
    print(f"{name}: {commits} commits, {len(chapters)} chapters: cold {cold:.2f} s, after one commit {warm:.2f} s")
    print(f"  git blame {blame:.2f} s: cold is {cold / blame:.2f} of it; after one commit {warm / cold:.2f} of cold")


def main() -> None:
    given = [Path(name) for name in sys.argv[1:]]
    for root in given:
        cost(root, root.name)
    if given:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("share of words that come to the right people       oerbook   git blame -w -M -C")
        for title, judge in (("single edits", accuracy), ("mixed edits", mixed)):
            rows = [judge(seed, folder) for seed in SEEDS]
            for seed, (mine, theirs, count) in zip(SEEDS, rows, strict=True):
                print(f"  {title:12} {seed:3}, {count:5} words                        {mine:.2%}   {theirs:.2%}")
            ours_, blames = (sum(row[which] for row in rows) / len(rows) for which in (0, 1))
            print(f"  {title:12} mean                                   {ours_:.2%}   {blames:.2%}")
        people = [f"Author Number{n}" for n in range(150)]
        large = Writer(7, commits=5000, people=tuple(people), chapters_at_first=60).make().write(folder / "large")
        cost(large, "150 authors")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory of this process {peak:.0f} MB")


if __name__ == "__main__":
    main()
