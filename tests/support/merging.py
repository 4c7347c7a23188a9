"""A book and submissions to it, and `oerbook merge` with its report."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import oerbook
from tests.support.histories import STEMS
from tests.support.repository import Tree

INDEX = "---\ntitle: A sprint\nlicense: CC-BY-4.0\n---\n\n# A sprint\n\nWelcome, all of you.\n"
START = "# Start\n\nThis chapter was here before anybody else came. It says how the book began and why it goes on.\n"
BOOK: Tree = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": INDEX,
    "chapters/01-start.md": START,
    "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n\nAda edits.\n",
}


def person(number: int) -> str:
    return f"{'ABCDEFGHIJKLMNO'[number // 10]}{'aeiou'[number % 5]}n Wri{'abcdefghij'[number % 10]}ter{'son' * (number % 3)}"


def prose(seed: int) -> str:
    rnd = random.Random(seed)
    words = [rnd.choice(STEMS) + rnd.choice(("", "s", "ing", "ed", "ful", "less", "ward")) for _ in range(60)]
    return " ".join(words).capitalize() + "."


def chapter(number: int) -> str:
    return f"# Topic {number}\n\n{prose(number)}\n\n{prose(number + 1000)}\n"


def submission(number: int) -> Mapping[str, str]:
    name = person(number)
    return {
        f"chapters/{2 + number // 3:02d}-topic-{number}.md": chapter(number),
        f"contributors/{name.lower().replace(' ', '-')}.md": f"---\nname: {name}\n---\n\n{name} teaches.\n",
    }


def merge(root: Path, *arguments: str) -> tuple[int, dict[str, dict[str, object]]]:
    ran = oerbook("merge", "--format", "json", "-C", root, *arguments)
    assert ran.out, ran.err
    return ran.code, {row["branch"]: row for row in json.loads(ran.out)["branches"]}


def codes(row: Mapping[str, object]) -> set[str]:
    return {f["code"] for f in row["findings"] if f["severity"] == "error"}  # type: ignore[attr-defined]
