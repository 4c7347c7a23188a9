"""Reduce the front matter of a page to the keys that oerbook reads."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from oerbook.importers.common import parse_front_matter
from oerbook.model.untyped import Yaml
from oerbook.source.front_matter import split_front_matter
from oerbook.source.schema import PAGE_KEYS

KEYS_OF_TITLE_PAGE_ONLY = frozenset(
    ["bibliography", "numbering", "license", "toc", "solutions"]
)  # other meanings in Quarto


def split_page(text: str) -> tuple[dict[str, Yaml], list[str], int]:
    """Return the front matter of a page, the lines below it, and the number of the first of them."""
    yaml_text, body_line = split_front_matter(text)
    facts = parse_front_matter(yaml_text or "")
    lines = text.split("\n")
    first = max(body_line, 1)
    return facts, lines[first - 1 :], first


def page_front_matter(facts: Mapping[str, Yaml], unnumbered: bool) -> list[str]:
    """Return the front matter to write, nothing if it is empty."""
    kept = {
        key: value for key, value in facts.items() if key in PAGE_KEYS and key not in KEYS_OF_TITLE_PAGE_ONLY and value
    }
    if isinstance(kept.get("date"), str) and not kept["date"][:4].isdigit():
        del kept["date"]
    if unnumbered:
        kept["numbering"] = False
    if not kept:
        return []
    text = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=110)
    return ["---", *text.rstrip("\n").split("\n"), "---", ""]
