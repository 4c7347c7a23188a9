"""A textbook of any size, the same for the same arguments: prose, formulas, figures, tables, notes, references."""

from __future__ import annotations

import random
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
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><rect width="300" height="120" fill="#eee"/><circle cx="{x}" cy="60" r="40"/></svg>'


def sentence(dice: random.Random) -> str:
    """Return a sentence of about twelve words."""
    words = [dice.choice(WORDS), dice.choice(NOUNS), dice.choice(VERBS)] + [
        dice.choice(WORDS + NOUNS) for _ in range(9)
    ]
    return " ".join(words).capitalize() + "."


def paragraph(dice: random.Random) -> str:
    """Return a paragraph with a formula in it."""
    return (
        " ".join(sentence(dice) for _ in range(5)) + f" Here $x_{{{dice.randint(1, 99)}}} = {dice.randint(1, 9)}y^2$."
    )


def chapter(number: int, chapters: int) -> str:
    """Return chapter `number` of `chapters` as MyST Markdown, about 2,000 words."""
    dice = random.Random(f"chapter {number}")
    other = dice.randint(1, chapters)
    parts = [f"(c{number})=\n# Chapter {number}: {dice.choice(NOUNS)}\n"]
    for section in range(1, 7):
        parts.append(f"## {sentence(dice)[:-1]}\n\n{paragraph(dice)}\n\n{paragraph(dice)}[^n{section}]\n")
        parts.append(f"$$ \\sum_{{i=1}}^{{{section}}} a_i = \\frac{{{number}}}{{{section}}} $$ (e{number}-{section})\n")
        parts.append(
            f"See {{eq}}`e{number}-{section}`, {{ref}}`c{other}` and {{numref}}`f{other}`.\n\n[^n{section}]: {sentence(dice)}\n"
        )
    parts.append(
        f"```{{figure}} images/{number}.svg\n:name: f{number}\n:alt: a disc on a grey ground\n{sentence(dice)}\n```\n"
    )
    rows = "\n".join(f"| {dice.choice(NOUNS)} | {dice.random():.3f} |" for _ in range(8))
    parts.append(f":::{{table}} {sentence(dice)}\n:name: t{number}\n\n| Name | Value |\n|---|---|\n{rows}\n:::\n")
    parts.append(f"```{{note}}\n{paragraph(dice)}\n```\n\n```python\nfor i in range({number}):\n    print(i)\n```\n")
    parts += [f"{paragraph(dice)}\n\n{paragraph(dice)}\n" for _ in range(8)]
    return "\n".join(parts)


def generate(root: Path, chapters: int) -> Path:
    """Write a book of `chapters` chapters to `root`."""
    folder = root / "chapters"
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(
        "---\ntitle: A generated book\nlicense: CC0-1.0\ndate: 2026-01-01\n---\n\n# A generated book\n"
    )
    for number in range(1, chapters + 1):
        (folder / f"{number:03}-chapter-{number}.md").write_text(chapter(number, chapters))
        (folder / "images" / f"{number}.svg").write_text(SVG.format(x=40 + number % 200))
    return root
