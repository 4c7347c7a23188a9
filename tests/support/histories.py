"""Generate git histories of random edits in which the author of every word is known."""

from __future__ import annotations

import random
import subprocess
import textwrap
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

PEOPLE = ("Ada Lee", "Bo Nilsson", "Chi Okafor", "Dora Weiss", "Eli Haddad", "Fay Moreau")
BOT = "tidy[bot]"
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "that",
    "it",
    "for",
    "as",
    "with",
    "on",
    "be",
    "by",
    "this",
    "are",
    "from",
    "at",
    "or",
    "an",
    "which",
    "not",
    "have",
    "was",
]
STEMS = [
    "soil",
    "water",
    "root",
    "leaf",
    "stone",
    "field",
    "river",
    "seed",
    "light",
    "heat",
    "carbon",
    "cell",
    "force",
    "wave",
    "price",
    "trade",
    "law",
    "vote",
    "map",
    "bone",
]
ENDS = ("", "s", "ing", "ed", "er", "like", "less", "ful", "y", "ward", "hood", "al", "ist", "dom", "wise", "age")
BOILERPLATE = (
    "By the end of this chapter you will be able to do the following things",
    "Discuss the following questions with a partner before you read on today",
    "The exercises below are sorted from easy to hard and answers follow",
)

Word = tuple[str, frozenset[str]]
Sentence = list[Word]
Paragraph = list[Sentence]


@dataclass
class Chapter:
    """A chapter being written; `width` is its line length."""

    paragraphs: list[Paragraph]
    width: int = 80
    stressed: bool = False
    opened: set[str] = field(default_factory=set)  # the boilerplate that was typed here once


@dataclass
class Writer:
    """Writes a history of `commits` random edits."""

    seed: int
    commits: int = 300
    people: tuple[str, ...] = PEOPLE
    chapters_at_first: int = 4
    chapters: dict[str, Chapter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.words = [stem + end for stem in STEMS for end in ENDS]
        self.removed: list[Sentence] = []
        self.before: list[dict[str, Chapter]] = []
        self.stream: list[str] = []
        self.mark = 0
        self.names = 0
        self.committed: set[str] = set()
        self.co: tuple[str, ...] = ()

    # --- making text ---------------------------------------------------------------------------------------------

    def fresh(self, who: str, count: int) -> Sentence:
        """Return new random words by a person."""
        owner = frozenset((who, *self.co))
        pick = lambda: self.rng.choice(COMMON) if self.rng.random() < 0.4 else self.rng.choice(self.words)  # noqa: E731
        return [(pick(), owner) for _ in range(count)]

    def another(self, who: str, old: Word) -> Word:
        """Return a word that differs from the one it replaces."""
        return next(word for word in iter(lambda: self.fresh(who, 1)[0], None) if word[0] != old[0])

    def paragraph(self, who: str) -> Paragraph:
        return [self.fresh(who, self.rng.randint(7, 18)) for _ in range(self.rng.randint(2, 5))]

    # --- edits: each changes self.chapters in the name of `who` ------------------------------------------------------

    def spot(self) -> tuple[Chapter, Paragraph, int]:
        chapter = self.rng.choice([c for c in self.chapters.values() if c.paragraphs])
        paragraph = self.rng.choice(chapter.paragraphs)
        return chapter, paragraph, self.rng.randrange(len(paragraph))

    def insert_words(self, who: str) -> None:
        _, paragraph, at = self.spot()
        place = self.rng.randint(0, len(paragraph[at]))
        around = {word for word, _ in paragraph[at][max(0, place - 1) : place + 1]}
        paragraph[at][place:place] = [w for w in self.fresh(who, self.rng.randint(1, 4)) if w[0] not in around]

    def delete_words(self, who: str) -> None:
        _, paragraph, at = self.spot()
        if len(paragraph[at]) > 8:
            place = self.rng.randrange(len(paragraph[at]) - 3)
            del paragraph[at][place : place + self.rng.randint(1, 3)]

    def replace_words(self, who: str) -> None:
        _, paragraph, at = self.spot()
        place = self.rng.randrange(len(paragraph[at]))
        size = min(self.rng.randint(1, 3), len(paragraph[at]) - place)
        old = {word for word, _ in paragraph[at][place : place + size]}
        paragraph[at][place : place + size] = [w for w in self.fresh(who, size) if w[0] not in old]
        if not paragraph[at]:
            paragraph[at] = self.fresh(who, 8)

    def insert_sentence(self, who: str) -> None:
        _, paragraph, at = self.spot()
        paragraph.insert(at, self.fresh(who, self.rng.randint(7, 18)))

    def delete_sentence(self, who: str) -> None:
        _, paragraph, at = self.spot()
        if len(paragraph) > 1:
            gone = paragraph.pop(at)
            if len(gone) > 7 and self.stood(gone):
                self.removed.append(gone)

    def stood(self, sentence: Sentence) -> bool:
        """Return whether a sentence was in the last commit, so that it can be restored."""
        return " ".join(word for word, _ in sentence) in self.committed

    def restore_sentence(self, who: str) -> None:
        if self.removed:
            _, paragraph, at = self.spot()
            paragraph.insert(at, self.removed.pop(self.rng.randrange(len(self.removed))))

    def paraphrase(self, who: str) -> None:
        _, paragraph, at = self.spot()
        paragraph[at] = [self.another(who, word) if self.rng.random() < 0.5 else word for word in paragraph[at]]

    def swap_clauses(self, who: str) -> None:
        _, paragraph, at = self.spot()
        half = len(paragraph[at]) // 2
        paragraph[at] = paragraph[at][half:] + paragraph[at][:half]

    def merge_sentences(self, who: str) -> None:
        _, paragraph, at = self.spot()
        if at + 1 < len(paragraph):
            paragraph[at : at + 2] = [[*paragraph[at], ("and", frozenset((who, *self.co))), *paragraph[at + 1]]]

    def split_sentence(self, who: str) -> None:
        _, paragraph, at = self.spot()
        if len(paragraph[at]) > 14:
            half = len(paragraph[at]) // 2
            paragraph[at : at + 1] = [paragraph[at][:half], paragraph[at][half:]]

    def insert_paragraph(self, who: str) -> None:
        chapter, _, _ = self.spot()
        chapter.paragraphs.insert(self.rng.randint(0, len(chapter.paragraphs)), self.paragraph(who))

    def move_paragraph(self, who: str) -> None:
        one, other = self.rng.choice(list(self.chapters.values())), self.rng.choice(list(self.chapters.values()))
        if len(one.paragraphs) > 2:
            moved = one.paragraphs.pop(self.rng.randrange(len(one.paragraphs)))
            other.paragraphs.insert(self.rng.randint(0, len(other.paragraphs)), moved)

    def boilerplate(self, who: str) -> None:
        """Type a line that others typed elsewhere, in a commit of its own."""
        name, line = self.rng.choice(sorted(self.chapters)), self.rng.choice(BOILERPLATE)
        if line not in self.chapters[name].opened:
            self.chapters[name].opened.add(line)
            words = [(word.lower(), frozenset((who, *self.co))) for word in line.split()]
            self.chapters[name].paragraphs.insert(0, [words])

    def rename(self, who: str) -> None:
        name = self.rng.choice(list(self.chapters))
        self.chapters[self.name()] = self.chapters.pop(name)

    def split_chapter(self, who: str) -> None:
        chapter = self.rng.choice(list(self.chapters.values()))
        if len(chapter.paragraphs) > 5:
            half = len(chapter.paragraphs) // 2
            self.chapters[self.name()] = Chapter(chapter.paragraphs[half:], chapter.width, opened=set(chapter.opened))
            del chapter.paragraphs[half:]

    def merge_chapters(self, who: str) -> None:
        if len(self.chapters) > 3:
            one, other = self.rng.sample(list(self.chapters), 2)
            gone = self.chapters.pop(other)
            self.chapters[one].paragraphs += gone.paragraphs
            self.chapters[one].opened |= gone.opened

    def rewrap(self, who: str) -> None:
        self.rng.choice(list(self.chapters.values())).width = self.rng.randint(40, 100)

    def stress(self, who: str) -> None:
        chapter = self.rng.choice(list(self.chapters.values()))
        chapter.stressed = not chapter.stressed

    # --- commits -----------------------------------------------------------------------------------------------------

    def name(self) -> str:
        self.names += 1
        return f"chapters/{self.names:02d}-topic.md"

    def text(self, chapter: Chapter) -> str:
        shown = []
        for paragraph in chapter.paragraphs:
            sentences = [" ".join(w for w, _ in sentence).capitalize() + "." for sentence in paragraph if sentence]
            text = " ".join(sentences)
            words = text.split()
            if chapter.stressed and len(words) > 4:
                words[2] = f"**{words[2].strip('.')}**" + ("." if words[2].endswith(".") else "")
            shown.append("\n".join(textwrap.wrap(" ".join(words), chapter.width, break_long_words=False)))
        return "\n\n".join(shown) + "\n"

    def commit(self, who: str, message: str, parents: tuple[int, ...] = (), branch: str = "main") -> int:
        self.mark += 1
        message += "".join(
            f"\n\nCo-authored-by: {n} <{address(n)}>" if i == 0 else f"\nCo-authored-by: {n} <{address(n)}>"
            for i, n in enumerate(self.co)
        )
        stamp = f"{who} <{address(who)}> {1_700_000_000 + self.mark * 600} +0000"
        lines = [f"commit refs/heads/{branch}", f"mark :{self.mark}", f"author {stamp}", f"committer {stamp}"]
        lines += [f"data {len(message.encode())}", message]
        lines += [f"{'merge' if i else 'from'} :{parent}" for i, parent in enumerate(parents)]
        lines.append("deleteall")
        index = "---\ntitle: A book\nlicense: CC-BY-4.0\n---\n\n# Title\n"
        for path, content in [("chapters/index.md", index), *((p, self.text(c)) for p, c in self.chapters.items())]:
            lines += [f"M 100644 inline {path}", f"data {len(content.encode())}", content]
        self.stream.append("\n".join(lines) + "\n")
        paragraphs = [p for chapter in self.chapters.values() for p in chapter.paragraphs]
        self.committed = {" ".join(word for word, _ in sentence) for p in paragraphs for sentence in p}
        return self.mark

    EASY = ("insert_words", "delete_words", "replace_words", "insert_sentence", "delete_sentence", "insert_paragraph",
            "move_paragraph")  # fmt: skip
    HARD = ("paraphrase", "swap_clauses", "merge_sentences", "split_sentence")
    SHAPES = ("rename", "split_chapter", "merge_chapters", "rewrap", "stress")

    def step(self, who: str) -> None:
        kind = self.rng.choices((self.EASY, self.HARD, self.SHAPES), (50, 38, 12))[0]
        edit: Callable[[str], None] = getattr(self, self.rng.choice(kind))
        edit(who)

    def make(self) -> Writer:
        """Write the whole history."""
        for _ in range(self.chapters_at_first):
            who = self.rng.choice(self.people)
            self.chapters[self.name()] = Chapter([self.paragraph(who) for _ in range(self.rng.randint(4, 8))])
        # Each of the first chapters has one author: commit them one by one.
        everything, self.chapters = self.chapters, {}
        last: tuple[int, ...] = ()
        for path, chapter in everything.items():
            self.chapters[path] = chapter
            owner = next(iter(chapter.paragraphs[0][0][0][1]))
            for paragraph in chapter.paragraphs:
                for sentence in paragraph:
                    sentence[:] = [(word, frozenset((owner,))) for word, _ in sentence]
            last = (self.commit(owner, "A chapter", last),)
        while self.mark < self.commits:
            last = (self._next(last),)
        return self

    def _next(self, last: tuple[int, ...]) -> int:
        who, dice = self.rng.choice(self.people), self.rng.random()
        if dice < 0.05:
            self.rng.choice([self.rewrap, self.stress])(BOT)
            return self.commit(BOT, "Tidy", last)
        if dice < 0.10:
            return self._revert(last)
        if dice < 0.18:
            return self._branches(last)
        if dice < 0.26:
            self.co = tuple(self.rng.sample([p for p in self.people if p != who], self.rng.randint(1, 2)))
            for _ in range(self.rng.randint(2, 4)):
                self.step(who)
            made = self.commit(who, "Several things (#7)\n\n* one\n\n* two", last)
            self.co = ()
            return made
        if dice > 0.9:
            self.rng.choice((self.boilerplate, self.restore_sentence))(who)
            return self.commit(who, "Add a line", last)
        for _ in range(self.rng.randint(1, 3)):
            self.step(who)
        return self.commit(who, "Edit", last)

    def _revert(self, last: tuple[int, ...]) -> int:
        """Commit an edit, then revert it as another person."""
        one, other = self.rng.sample(self.people, 2)
        kept, removed = deepcopy(self.chapters), list(self.removed)
        for _ in range(2):
            self.step(one)
        made = self.commit(one, "Edit", last)
        self.chapters, self.removed = kept, removed
        return self.commit(other, 'Revert "Edit"', (made,))

    def _branches(self, last: tuple[int, ...]) -> int:
        """Let two people edit different chapters on two branches, and merge."""
        one, other, editor = self.rng.sample(self.people, 3)
        names = sorted(self.chapters)
        mine = {name: self.chapters[name] for name in names[::2]}
        theirs = {name: self.chapters[name] for name in names[1::2]}
        base = deepcopy(theirs)
        tips = []
        for who, own, rest in ((one, mine, base), (other, theirs, deepcopy(mine))):
            self.chapters = {**own}
            at = last
            for _ in range(self.rng.randint(1, 3)):
                for _ in range(2):
                    getattr(self, self.rng.choice(self.EASY[:5] + self.HARD))(who)
                work, self.chapters = self.chapters, {**self.chapters, **rest}
                at = (self.commit(who, "On a branch", at),)
                self.chapters = work
            tips.append(at[0])
        self.chapters = {**mine, **theirs}
        return self.commit(editor, "Merge", tuple(tips))

    def write(self, root: Path) -> Path:
        """Make the repository."""
        root.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
        stream = "".join(self.stream).encode()
        subprocess.run(
            ["git", "-C", str(root), "fast-import", "--quiet", "--done"], input=stream + b"done\n", check=True
        )
        subprocess.run(["git", "-C", str(root), "reset", "-q", "--hard", "main"], check=True)
        return root

    def truth(self) -> dict[str, list[Word]]:
        """Return the words of every chapter with their authors."""
        return {
            path: [word for paragraph in chapter.paragraphs for sentence in paragraph for word in sentence]
            for path, chapter in self.chapters.items()
        }


def address(name: str) -> str:
    return f"{name.replace(' ', '.').lower().strip('[]')}@example.org"
