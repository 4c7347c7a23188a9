"""Histories of a second make: several kinds of edits in each commit, natural word frequencies, lines laid in three ways.

Whose a word is, is noted word by word when it is typed; where nobody could tell from the history (a word typed in place
of its like), it is not counted.
"""

from __future__ import annotations

import copy
import random
import subprocess
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

PEOPLE = ("Ines Prado", "Tomas Berg", "Wanjiru Otieno", "Yuki Sato", "Lena Vogt", "Omar Aziz", "Priya Nair")
ONSETS, VOWELS = ("b", "d", "f", "gr", "k", "l", "m", "n", "p", "st", "tr", "v", "sh"), "aeiou"
LIKELY = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "is",
    "that",
    "for",
    "it",
    "as",
    "was",
    "with",
    "be",
    "by",
    "on",
    "not",
    "he",
    "this",
    "are",
    "or",
    "his",
    "from",
    "at",
    "which",
    "but",
    "have",
    "an",
]
OPENINGS = (
    "in this chapter you will learn how the parts of the whole work together",
    "before you go on try to answer these questions without looking back",
    "at the end of the chapter there are exercises for you and your neighbour",
    "this box sums up what every reader should take home from the section",
)
KINDS = {
    "insert": 10, "delete": 8, "replace": 12, "sentence": 10, "drop": 6, "paragraph": 5, "remove": 2, "paraphrase": 6,
    "swap": 3, "join": 4, "cut": 4, "carry": 5, "move": 5, "restore": 4, "reword": 3, "opening": 2, "lay": 4,
    "rename": 2, "divide": 1, "unite": 1,
}  # fmt: skip


@dataclass
class Word:
    """A word and whose it is: nobody's where the history cannot tell; `kind` is the edit that brought it."""

    text: str
    owners: frozenset[str] | None
    kind: str


Sentence = list[Word]


@dataclass
class Chapter:
    title: Sentence
    paragraphs: list[list[Sentence]]
    lines: str = "wrap"
    width: int = 78
    mark: str = "*"
    opened: set[str] = field(default_factory=set)  # lines that stood here once: who types one again may be restoring it


@dataclass
class Story:
    """A book while it is written; `seed` decides everything."""

    seed: int
    commits: int = 250
    chapters: dict[str, Chapter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"mixed {self.seed}")
        made = {"".join(self.dice.choice(ONSETS) + self.dice.choice(VOWELS) for _ in range(n)) for n in (2, 3) * 900}
        self.vocabulary = [*LIKELY, *sorted(made - set(LIKELY), key=lambda word: self.dice.random())]
        self.weights = [1 / (rank + 2.7) for rank in range(len(self.vocabulary))]
        self.gone: list[Sentence] = []  # committed, then taken out
        self.out: list[str] = []
        self.mark = self.files = 0
        self.told: dict[str, str] = {}
        self.owners: frozenset[str] = frozenset()
        self.kind = ""
        self.typed: list[tuple[str, Sentence]] = []  # lines that others typed elsewhere, in this commit
        self.counted: dict[str, int] = {}
        self.open: set[int] | None = None  # on a branch: the paragraphs that may be touched

    # --- words -------------------------------------------------------------------------------------------------------

    def type(self, count: int, unlike: set[str] | None = None) -> Sentence:
        """Return words as somebody types them; those that nobody could tell from what stood there are nobody's."""
        words = self.dice.choices(self.vocabulary, self.weights, k=count)
        return [Word(word, None if word in (unlike or ()) else self.owners, self.kind) for word in words]

    def sentence(self) -> Sentence:
        return self.type(self.dice.choice((6, 8, 9, 11, 13, 15, 18, 22)))

    def paragraph(self) -> list[Sentence]:
        return [self.sentence() for _ in range(self.dice.randint(2, 6))]

    def somewhere(self) -> tuple[Chapter, list[Sentence], int]:
        """Return a place: a chapter, one of its paragraphs, a sentence there."""
        found = [
            (chapter, paragraph)
            for chapter in self.chapters.values()
            for paragraph in chapter.paragraphs
            if self.open is None or id(paragraph) in self.open
        ]
        chapter, paragraph = self.dice.choice(found)
        return chapter, paragraph, self.dice.randrange(len(paragraph))

    # --- edits -------------------------------------------------------------------------------------------------------

    def insert(self) -> None:
        _, paragraph, at = self.somewhere()
        place = self.dice.randint(0, len(paragraph[at]))
        near = {word.text for word in paragraph[at][max(0, place - 3) : place + 3]}
        paragraph[at][place:place] = [word for word in self.type(self.dice.randint(1, 5)) if word.text not in near]

    def delete(self) -> None:
        _, paragraph, at = self.somewhere()
        if len(paragraph[at]) > 7:
            place = self.dice.randrange(1, len(paragraph[at]) - 4)
            gone = {word.text for word in paragraph[at][place : place + 3]}
            del paragraph[at][place : place + self.dice.randint(1, 3)]
            for word in paragraph[at][max(0, place - 2) : place + 2]:
                word.owners = None if word.text in gone else word.owners  # which of two was taken out?

    def replace(self) -> None:
        _, paragraph, at = self.somewhere()
        place = self.dice.randrange(len(paragraph[at]))
        size = min(self.dice.randint(1, 4), len(paragraph[at]) - place)
        unlike = {word.text for word in paragraph[at][max(0, place - 2) : place + size + 2]}
        paragraph[at][place : place + size] = self.type(size, unlike)

    def sentence_in(self) -> None:
        _, paragraph, at = self.somewhere()
        paragraph.insert(at + self.dice.randint(0, 1), self.sentence())

    def drop(self) -> None:
        _, paragraph, at = self.somewhere()
        if len(paragraph) > 1:
            self.lose(paragraph.pop(at))

    def lose(self, sentence: Sentence) -> None:
        shown = " ".join(word.text for word in sentence)
        if len(sentence) >= 8 and shown in self.standing and shown not in OPENINGS:
            self.gone.append(sentence)

    def paragraph_in(self) -> None:
        chapter, _, _ = self.somewhere()
        if self.open is None:
            chapter.paragraphs.insert(self.dice.randint(0, len(chapter.paragraphs)), self.paragraph())

    def remove(self) -> None:
        chapter, paragraph, _ = self.somewhere()
        if self.open is None and len(chapter.paragraphs) > 3:
            chapter.paragraphs = [one for one in chapter.paragraphs if one is not paragraph]
            for sentence in paragraph:
                self.lose(sentence)

    def paraphrase(self) -> None:
        _, paragraph, at = self.somewhere()
        unlike = {word.text for word in paragraph[at]}
        paragraph[at] = [self.type(1, unlike)[0] if self.dice.random() < 0.5 else word for word in paragraph[at]]

    def swap(self) -> None:
        _, paragraph, at = self.somewhere()
        place = len(paragraph[at]) // 2 + self.dice.randint(-2, 2)
        paragraph[at] = paragraph[at][place:] + paragraph[at][:place]

    def join(self) -> None:
        _, paragraph, at = self.somewhere()
        if at + 1 < len(paragraph):
            between = [Word("and", self.owners, self.kind)] if self.dice.random() < 0.6 else []
            paragraph[at : at + 2] = [[*paragraph[at], *between, *paragraph[at + 1]]]

    def cut(self) -> None:
        _, paragraph, at = self.somewhere()
        if len(paragraph[at]) > 11:
            place = self.dice.randint(4, len(paragraph[at]) - 4)
            paragraph[at : at + 1] = [paragraph[at][:place], paragraph[at][place:]]

    def carry(self) -> None:
        _, paragraph, at = self.somewhere()
        if len(paragraph) > 1:
            sentence = paragraph.pop(at)
            _, other, there = self.somewhere()
            other.insert(there, sentence)

    def move(self) -> None:
        chapter, paragraph, _ = self.somewhere()
        other, _, _ = self.somewhere()
        if self.open is None and len(chapter.paragraphs) > 2:
            chapter.paragraphs = [one for one in chapter.paragraphs if one is not paragraph]
            other.paragraphs.insert(self.dice.randint(0, len(other.paragraphs)), paragraph)

    def restore(self) -> Sentence | None:
        if not self.gone or self.open is not None:
            return None
        _, paragraph, at = self.somewhere()
        paragraph.insert(at, self.gone.pop(self.dice.randrange(len(self.gone))))
        return paragraph[at]

    def reword(self) -> None:
        sentence = self.restore()
        for _ in range(self.dice.randint(1, 2) if sentence and len(sentence) > 10 else 0):
            assert sentence
            place = self.dice.randrange(len(sentence))
            sentence[place] = self.type(1, {word.text for word in sentence})[0]

    def opening(self) -> None:
        """Type a line that stands in another chapter already, typed there by somebody else."""
        line = self.dice.choice(OPENINGS)
        chapter = self.dice.choice(list(self.chapters.values()))
        if self.open is None and line not in chapter.opened:
            typed = [Word(word, self.owners, self.kind) for word in line.split()]
            chapter.paragraphs.insert(0, [typed])
            self.typed.append((line, typed))

    def look(self) -> None:
        """Note which lines stand where; those typed while their like went away elsewhere may have been moved."""
        for chapter in self.chapters.values():
            shown = " ".join(word.text for p in chapter.paragraphs for sentence in p for word in sentence)
            for line in OPENINGS:
                words = line.split()
                if any(" ".join(words[at : at + 3]) in shown for at in range(len(words) - 2)):
                    chapter.opened.add(line)
        for line, typed in self.typed:
            before = self.counted.get(line, 0)
            if self.count(line) <= before:
                for word in typed:
                    word.owners = None
        self.typed = []

    def count(self, line: str) -> int:
        shown = [[w.text for w in s] for c in self.chapters.values() for p in c.paragraphs for s in p]
        return sum(" ".join(sentence) == line for sentence in shown)

    def lay(self) -> None:
        chapter = self.dice.choice(list(self.chapters.values()))
        chapter.lines = self.dice.choice(("wrap", "sentence", "paragraph"))
        chapter.width, chapter.mark = self.dice.randint(50, 110), self.dice.choice("*_")

    def rename(self) -> None:
        if self.open is None:
            self.chapters[self.path()] = self.chapters.pop(self.dice.choice(sorted(self.chapters)))

    def divide(self) -> None:
        chapter = self.dice.choice(list(self.chapters.values()))
        if self.open is None and len(chapter.paragraphs) > 7:
            half = len(chapter.paragraphs) // 2
            self.chapters[self.path()] = Chapter(
                self.type(3), chapter.paragraphs[half:], chapter.lines, opened=set(chapter.opened)
            )
            chapter.paragraphs = chapter.paragraphs[:half]

    def unite(self) -> None:
        if self.open is None and len(self.chapters) > 4:
            one, other = self.dice.sample(sorted(self.chapters), 2)
            self.chapters[one].opened |= self.chapters[other].opened
            self.chapters[one].paragraphs += self.chapters.pop(other).paragraphs

    # --- commits -----------------------------------------------------------------------------------------------------

    def path(self) -> str:
        self.files += 1
        return f"chapters/{self.files:02}-{self.dice.choice(self.vocabulary[40:])}.md"

    def edit(self, owners: frozenset[str], times: int) -> list[str]:
        """Make several edits of different kinds in somebody's name."""
        self.owners = owners
        self.counted = {line: self.count(line) for line in OPENINGS}
        kinds = self.dice.choices(list(KINDS), list(KINDS.values()), k=times)
        for self.kind in kinds:
            names = {"sentence": "sentence_in", "paragraph": "paragraph_in"}
            getattr(self, names.get(self.kind, self.kind))()
        for chapter in self.chapters.values():
            for paragraph in chapter.paragraphs:
                paragraph[:] = [sentence for sentence in paragraph if sentence] or [self.sentence()]
        self.look()
        return kinds

    def shown(self, chapter: Chapter) -> str:
        parts = ["# " + " ".join(word.text for word in chapter.title).capitalize()]
        for number, paragraph in enumerate(chapter.paragraphs):
            sentences = [" ".join(word.text for word in sentence).capitalize() + "." for sentence in paragraph]
            if number % 3 == 0 and " " in sentences[0]:
                first, _, rest = sentences[0].partition(" ")
                sentences[0] = f"{chapter.mark}{first}{chapter.mark} {rest}"
            lines = {
                "sentence": sentences,
                "paragraph": [" ".join(sentences)],
                "wrap": textwrap.wrap(" ".join(sentences), chapter.width),
            }
            parts.append("\n".join(lines[chapter.lines]))
        return "\n\n".join(parts) + "\n"

    def commit(self, who: str, message: str, *parents: int, branch: str = "main") -> int:
        self.mark += 1
        stamp = f"{who} <{who.split()[-1].lower()}@example.org> {1_650_000_000 + 900 * self.mark} +0000"
        data = f"data {len(message.encode())}\n{message}"
        lines = [f"commit refs/heads/{branch}\nmark :{self.mark}\nauthor {stamp}\ncommitter {stamp}\n{data}"]
        lines += [f"{'merge' if place else 'from'} :{parent}" for place, parent in enumerate(parents)]
        index = "---\ntitle: Mixed\nlicense: CC-BY-4.0\n---\n\n# Mixed\n"
        pages = {"chapters/index.md": index, **{path: self.shown(c) for path, c in self.chapters.items()}}
        lines += ["deleteall", *(f"M 100644 inline {p}\ndata {len(t.encode())}\n{t}" for p, t in pages.items())]
        self.out.append("\n".join(lines) + "\n")
        return self.mark

    @property
    def standing(self) -> set[str]:
        """Return the sentences of the latest commit, of which alone something can be restored."""
        return self._standing

    def settle(self) -> None:
        pages = self.chapters.values()
        self._standing = {" ".join(w.text for w in s) for chapter in pages for p in chapter.paragraphs for s in p}

    def make(self) -> Story:
        """Write the whole history."""
        self._standing: set[str] = set()
        last = 0
        for _ in range(5):
            who = self.dice.choice(PEOPLE)
            self.owners, self.kind = frozenset((who,)), "first"
            chapter = Chapter(self.type(3), [self.paragraph() for _ in range(self.dice.randint(4, 8))])
            chapter.lines = self.dice.choice(("wrap", "sentence", "paragraph"))
            self.chapters[self.path()] = chapter
            last = self.commit(who, "A chapter", *([last] if last else []))
        while self.mark < self.commits:
            self.settle()
            last = self.go_on(last)
        return self

    def go_on(self, last: int) -> int:
        who, chance = self.dice.choice(PEOPLE), self.dice.random()
        if chance < 0.06:
            for _ in range(3):
                self.lay()
            return self.commit("tidy-bot[bot]", "Format", last)
        if chance < 0.12:
            before = copy.deepcopy((self.chapters, self.gone))
            middle = self.commit(who, "Try", last) if self.edit(frozenset((who,)), 3) else last
            self.chapters, self.gone = before
            return self.commit(self.dice.choice(PEOPLE), 'Revert "Try"', middle)
        if chance < 0.22:
            return self.branches(last)
        if chance < 0.32:
            others = self.dice.sample([one for one in PEOPLE if one != who], self.dice.randint(1, 2))
            kinds = self.edit(frozenset((who, *others)), self.dice.randint(3, 6))
            named = "\n".join(f"Co-authored-by: {one} <{one.split()[-1].lower()}@example.org>" for one in others)
            return self.commit(who, f"{' '.join(kinds)} (#{self.mark})\n\n* one\n* two\n\n{named}\n", last)
        return self.commit(who, " ".join(self.edit(frozenset((who,)), self.dice.randint(1, 5))), last)

    def branches(self, last: int) -> int:
        """Let two people write side by side, in different paragraphs of the same chapters, and a third one merge."""
        one, other, editor = self.dice.sample(PEOPLE, 3)
        base = self.chapters
        sides, tips = [], []
        for parity, who in enumerate((one, other)):
            self.chapters = copy.deepcopy(base)
            kept = [p for chapter in self.chapters.values() for p in chapter.paragraphs]
            self.open, at = {id(p) for place, p in enumerate(kept) if place % 2 == parity}, last
            for _ in range(self.dice.randint(1, 2)):
                kinds = [kind for kind in self.edit(frozenset((who,)), 3) if kind]
                at = self.commit(who, " ".join(kinds), at, branch=f"side{parity}")
            sides.append(kept)
            tips.append(at)
        self.open, place = None, 0
        self.chapters = copy.deepcopy(base)
        for chapter in self.chapters.values():
            for number in range(len(chapter.paragraphs)):
                chapter.paragraphs[number] = sides[place % 2][place]
                place += 1
        return self.commit(editor, "Merge", *tips)

    def write(self, root: Path) -> Path:
        """Make the repository."""
        root.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
        fast = ["git", "-C", str(root), "fast-import", "--quiet", "--force", "--done"]
        subprocess.run(fast, input=("".join(self.out) + "done\n").encode(), check=True)
        subprocess.run(["git", "-C", str(root), "reset", "-q", "--hard", "main"], check=True)
        return root

    def truth(self) -> dict[str, list[Word]]:
        """Return, for every chapter, its words."""
        return {
            path: [*chapter.title, *(word for p in chapter.paragraphs for sentence in p for word in sentence)]
            for path, chapter in self.chapters.items()
        }
