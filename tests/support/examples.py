"""The examples of findings: texts with a problem, and without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.conftest import INDEX, ROOT

EXAMPLES = ROOT / "tests" / "checks" / "examples"
DISC = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
SHARED = {
    "chapters/index.md": INDEX.replace("---\n\n", "bibliography: refs.bib\n---\n\n", 1),
    "chapters/worm.svg": DISC,
    "chapters/words.inc": "Words to take in.\n",
    "chapters/refs.bib": "@book{lee2020, author={Lee, Ada}, title={Soil}, publisher={P}, year={2020}}\n",
    "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n\nAda writes about soil.\n",
}
PAGE = "chapters/{:02}-{}.md"


@dataclass(frozen=True, slots=True)
class Example:
    """A code, files with and without the problem, and where the finding is expected: (path, line)."""

    code: str
    wrong: dict[str, str]
    right: dict[str, str]
    places: frozenset[tuple[str, int]]


def examples(name: str) -> Iterator[Example]:
    """Yield the examples of a file."""
    blocks = re.split(r"^==== (\S+)\n", (EXAMPLES / name).read_text(encoding="utf-8"), flags=re.M)[1:]
    for number, (code, body) in enumerate(zip(blocks[::2], blocks[1::2], strict=True), start=1):
        sides: dict[str, dict[str, str]] = {"wrong": {}, "right": {}}
        marked = set()
        parts = re.split(r"^---- (wrong|right) ?(\S*)\n", body, flags=re.M)[1:]
        for side, path, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            path = path or PAGE.format(number, code)
            text = text.rstrip("\n") + "\n"
            marked |= {(path, n) for n, line in enumerate(text.split("\n"), start=1) if line.startswith("»")}
            sides[side][path] = re.sub(r"^»", "", text, flags=re.M)
        yield Example(code, sides["wrong"], sides["right"], frozenset(marked))


BOOKS = tuple(examples("1-books.txt"))
PAGES = tuple(examples("2-pages.txt"))
