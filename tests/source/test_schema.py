"""The handbook's tables of front matter hold every key of the schema; OERBOOK_REFRESH=1 writes them anew."""

from __future__ import annotations

import os
import re

import pytest

from oerbook.source.schema import BOOK_KEYS, EXAMPLE_BY_KIND, IMAGE_KEYS, NESTED_KEYS, PAGE_KEYS, PERSON_KEYS, Schema
from tests.conftest import ROOT

HANDBOOK = ROOT / "chapters" / "05-reference" / "02-front-matter.md"
TABLES: dict[str, Schema] = {
    "book": {name: key for name, key in BOOK_KEYS.items() if name not in PAGE_KEYS},
    "page": PAGE_KEYS,
    "person": PERSON_KEYS,
    **{name: NESTED_KEYS[name] for name in ("submissions", "back_matter", "accessibility")},
    "print": NESTED_KEYS["print"],
    "credit": NESTED_KEYS["credit"],
    "image": IMAGE_KEYS,
}


def value_text(kind: str) -> str:
    if "|" in kind:
        *first, last = [f"`{choice}`" for choice in kind.split("|")]
        return f"{', '.join(first)} or {last}"
    return "" if kind == "any" else EXAMPLE_BY_KIND[kind].split(", for example")[0]


def table(schema: Schema) -> str:
    rows = [f"| `{name}` | {value_text(key.kind)} | {key.help} |" for name, key in schema.items()]
    return "\n".join(["| Key | Value | What it is for |", "|---|---|---|", *rows])


@pytest.mark.parametrize("name", TABLES)
def test_the_handbook_has_the_table_of_keys(name: str) -> None:
    page = HANDBOOK.read_text(encoding="utf-8")
    marked = re.compile(rf"(?<=\n% keys: {name}\n\n).*?(?=\n\n)", re.S)
    assert marked.search(page), f"the page has no line “% keys: {name}” above a table"
    expected = table(TABLES[name])
    if os.environ.get("OERBOOK_REFRESH"):
        page = marked.sub(lambda _match: expected, page)
        HANDBOOK.write_text(page, encoding="utf-8")
    assert marked.search(page)[0] == expected  # type: ignore[index]


def test_every_kind_has_an_example() -> None:
    kinds = {
        key.kind for schema in (BOOK_KEYS, PERSON_KEYS, IMAGE_KEYS, *NESTED_KEYS.values()) for key in schema.values()
    }
    assert {kind for kind in kinds if "|" not in kind} == set(EXAMPLE_BY_KIND)
