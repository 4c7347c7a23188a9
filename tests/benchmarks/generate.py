"""A textbook of any size, the same for the same arguments, as heavy as those of the sciences.

Each chapter has some 3,500 words, 40 formulas, three pictures, two tables, ten citations and links to the glossary,
notes, boxes, code and exercises.
"""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

NOUNS = [
    "model",
    "system",
    "boundary",
    "gradient",
    "estimate",
    "sample",
    "energy",
    "field",
    "particle",
    "medium",
    "reaction",
    "solution",
    "surface",
]
VERBS = ["describes", "determines", "limits", "follows", "precedes", "explains", "bounds", "moves", "holds", "measures"]
WORDS = [
    "linear",
    "stable",
    "finite",
    "open",
    "random",
    "steady",
    "local",
    "global",
    "exact",
    "dense",
    "simple",
    "slow",
    "the",
    "a",
    "every",
    "some",
    "no",
]
KINDS = ["inner", "outer", "upper", "lower", "early", "late", "deep", "flat", "wide", "narrow", "hot", "cold"]
SHORT_FORMULAS = [
    r"a_{%d}",
    r"x^{%d} + y",
    r"\beta_{%d}",
    r"\frac{1}{%d}",
    r"\sqrt{%d z}",
    r"p(x \mid %d)",
    r"\bar{q}_{%d}",
]
LONG_FORMULAS = [
    r"\sum_{i=1}^{%d} a_i = \int_0^1 f(t)\,dt",
    r"\frac{\partial h}{\partial t} = %d\,\nabla^2 h - \lambda h",
    r"\begin{pmatrix} a & b \\ c & %d \end{pmatrix} v = w",
    r"g(x) = \begin{cases} x^{%d} & x > 1 \\ 0 & x \le 1 \end{cases}",
]
SECTIONS, PARAGRAPHS = 6, 4  # of a chapter, of a section
CODE = "def measure(values, limit=%d):\n    kept = [value for value in values if value < limit]\n    return sum(kept)"
SOURCES, TERMS, PICTURE_PX = 120, 60, (640, 400)


def picture(number: int) -> bytes:
    """Return a PNG of a curve."""
    dice = random.Random(f"picture {number}")
    width, height = PICTURE_PX
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    level = height / 2
    for column in range(20, width - 20):
        level = min(max(level + dice.uniform(-6, 6), 10), height - 10)
        for row in range(int(level), int(level) + 3):
            rows[row][column] = 60

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def sentence(dice: random.Random) -> str:
    """Return a sentence of about thirteen words."""
    words = [dice.choice(WORDS), f"{dice.choice(KINDS)} {dice.choice(NOUNS)}", dice.choice(VERBS)]
    words += [dice.choice(WORDS + NOUNS + KINDS) for _ in range(9)]
    return " ".join(words).capitalize() + "."


def term(number: int) -> str:
    """Return a term of the glossary."""
    return f"{KINDS[number % len(KINDS)]} {NOUNS[number // len(KINDS)]}"


def formula(dice: random.Random) -> str:
    """Return a short formula."""
    return f"${dice.choice(SHORT_FORMULAS) % dice.randint(1, 99)}$"


def paragraph(dice: random.Random) -> str:
    """Return a paragraph of some 110 words with a formula, and sometimes a citation, a term, code or emphasis."""
    words = [sentence(dice) for _ in range(8)]
    words.insert(2, f"Here {formula(dice)} holds.")
    if dice.random() < 0.4:
        words.insert(4, f"This is shown elsewhere {{cite:p}}`source{dice.randint(1, SOURCES)}`.")
    if dice.random() < 0.4:
        words.insert(5, f"It is a {{term}}`{term(dice.randint(0, TERMS - 1))}`, *{dice.choice(NOUNS)}* or **cold**.")
    if dice.random() < 0.4:
        words.insert(6, f"Call `measure_{dice.choice(NOUNS)}()`, and see {formula(dice)}.")
    return " ".join(words)


def figure(dice: random.Random, name: str) -> str:
    """Return a figure with a caption."""
    options = f":name: f{name}\n:alt: a curve that rises and falls\n:width: 80%\n"
    return f"```{{figure}} images/{name}.png\n{options}{sentence(dice)}\n```\n"


def table(dice: random.Random, name: str) -> str:
    """Return a table with a caption."""
    rows = "\n".join(f"| {dice.choice(KINDS)} {dice.choice(NOUNS)} | {dice.random():.3f} |" for _ in range(8))
    return f":::{{table}} {sentence(dice)}\n:name: t{name}\n\n| Name | Value |\n|---|---|\n{rows}\n:::\n"


def section(dice: random.Random, place: tuple[int, int], other: int) -> str:
    """Return a section, given its chapter and number, with links to another chapter."""
    name, number = f"{place[0]}-{place[1]}", place[1]
    parts = [f"## {sentence(dice)[:-1]}\n", paragraph(dice) + "\n"]
    parts.append(f"{paragraph(dice)}[^n{number}]\n\n$$ {dice.choice(LONG_FORMULAS) % number} $$ (e{name})\n")
    parts.append(
        f"See {{eq}}`e{name}`, {{ref}}`c{other}` and {{numref}}`f{other}-1`.\n\n[^n{number}]: {sentence(dice)}\n"
    )
    parts += [figure(dice, name)] if number % 2 else []
    parts += [paragraph(dice) + "\n" for _ in range(PARAGRAPHS - 2)]
    parts += [table(dice, name)] if number % 3 == 0 else []
    parts += [f"```{{note}}\n{sentence(dice)} {sentence(dice)}\n```\n"] if number % 2 == 0 else []
    parts += [f"```python\n{CODE % number}\n```\n"] if number % 3 == 1 else []
    return "\n".join(parts)


def chapter(number: int, chapters: int) -> str:
    """Return chapter `number` of `chapters` as MyST Markdown, about 3,500 words."""
    dice = random.Random(f"chapter {number}")
    parts = [f"(c{number})=\n# Chapter {number}: {dice.choice(NOUNS)}\n"]
    parts += [section(dice, (number, one), dice.randint(1, chapters)) for one in range(1, SECTIONS + 1)]
    exercises = "\n".join(f"{one}. {sentence(dice)}" for one in range(1, 7))
    return "\n".join([*parts, f"## Exercises\n\n{exercises}\n"])


def generate(root: Path, chapters: int) -> Path:
    """Write a book of `chapters` chapters to `root`."""
    folder = root / "chapters"
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(
        "---\ntitle: A generated book\nlicense: CC0-1.0\ndate: 2026-01-01\n---\n\n# A generated book\n"
    )
    terms = "".join(f"{term(number)}\n  {sentence(random.Random(number))}\n\n" for number in range(TERMS))
    (folder / "glossary.md").write_text(f"# Glossary\n\n:::{{glossary}}\n{terms}:::\n")
    entry = (
        "@article{{source{0},\n  title = {{On the {1} {2}}},\n  author = {{Writer{0}, Ada}},\n  year = {{{3}}}\n}}\n"
    )
    sources = (entry.format(n, KINDS[n % 12], NOUNS[n % 13], 1900 + n) for n in range(1, SOURCES + 1))
    (folder / "references.bib").write_text("".join(sources))
    for number in range(1, chapters + 1):
        (folder / f"{number:03}-chapter-{number}.md").write_text(chapter(number, chapters))
        for one in range(1, SECTIONS + 1, 2):
            (folder / "images" / f"{number}-{one}.png").write_bytes(picture(number * SECTIONS + one))
    return root
