"""The examples of conversions: texts in another markup, and the same in MyST."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Conversion:
    """A title, the old text and the new one."""

    title: str
    old: str
    new: str


def conversions(name: str) -> list[Conversion]:
    """Return the examples of a file in tests/importers/examples."""
    text = (ROOT / "tests/importers/examples" / name).read_text(encoding="utf-8")
    parts = re.split(r"^==== (\S.*)\n", text, flags=re.M)[1:]
    examples = []
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        old, new = re.split(r"^\.\n", body, flags=re.M)[:2]
        examples.append(Conversion(title, old, new))
    return examples
