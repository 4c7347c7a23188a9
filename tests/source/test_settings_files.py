"""The title page names files of the book only."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.source.book import read_book
from tests.conftest import INDEX, write

OUTSIDE = {
    "inventory": "references:\n  soil:\n    url: https://soil.example\n    inventory: ../../secret.inv\n",
    "bibliography": "bibliography: ../../secret.bib\n",
    "bibliography from the root": "bibliography: /etc/secret.bib\n",
    "cover": "cover: ../../secret.png\n",
    "logo": "logo: ../.git/config\n",
    "hidden": "cover: .private/cover.png\n",
    "link": "cover: linked/secret.png\n",
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_file_outside_the_book_is_not_read(name: str, make: Callable[..., Path], tmp_path: Path) -> None:
    for secret in ("secret.inv", "secret.bib", "secret.png"):
        write(tmp_path, {secret: "secret"})
    root = make({"chapters/01-a.md": "# A\n"}, INDEX.replace("---\n\n", OUTSIDE[name] + "---\n\n", 1))
    write(root, {"chapters/.private/cover.png": "x", ".git/config": "x"})
    (root / "chapters/linked").symlink_to(tmp_path)
    book, findings = read_book(root)
    settings = book.settings
    assert not settings.cover and not settings.logo and not settings.bibliography_files
    assert [local for _key, _url, local in settings.inventories if local] == []
    found = [f for f in findings if f.code == "file-outside-book"]
    assert len(found) == 1 and found[0].place.path == "chapters/index.md" and found[0].place.line > 1


def test_a_missing_cover_is_reported(make: Callable[..., Path]) -> None:
    root = make({"chapters/01-a.md": "# A\n"}, INDEX.replace("---\n\n", "cover: Cover.png\n---\n\n", 1))
    assert [f.message for f in read_book(root)[1] if f.code == "image-missing"] == ["the cover Cover.png is missing"]


HEADER = b"# Sphinx inventory version 2\n# Project: S\n# Version: 1\n# The remainder of this file is compressed using zlib.\n"
INVENTORIES = {
    "whole": (HEADER + zlib.compress(b"worms std:label 1 worms.html#$ Worms\n"), ""),
    "one that grows": (
        HEADER + zlib.compress(b"worms std:label 1 worms.html#$ Worms\n" * 2_000_000),
        "more than 50 MB",
    ),
    "cut off": (HEADER + zlib.compress(b"worms std:label 1 worms.html#$ Worms\n")[:20], "it is damaged"),
    "not packed": (HEADER + b"worms", "it is damaged"),
    "another file": (b"%PDF-1.7\n", "it is not a Sphinx inventory"),
}


@pytest.mark.parametrize("name", INVENTORIES)
def test_an_inventory_is_used_only_if_it_can_be_read(name: str, make: Callable[..., Path]) -> None:
    data, problem = INVENTORIES[name]
    key = "references:\n  soil:\n    url: https://soil.example\n    inventory: soil.inv\n"
    root = make({"chapters/01-a.md": "# A\n", "chapters/soil.inv": data}, INDEX.replace("---\n\n", key + "---\n\n", 1))
    book, findings = read_book(root)
    assert [bool(local) for _key, _url, local in book.settings.inventories] == [not problem]
    assert [problem in f.message for f in findings if f.code == "inventory-missing"] == [True] * bool(problem)
