"""Let links to figures, tables and listings show their numbers, where the source shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.importers.conversion.labels import iterate_elements
from oerbook.importers.conversion.plain_text import plain_text
from oerbook.importers.word.captions import LABEL
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.untyped import Json

NUMBER = re.compile(r"\(?[\dA-Z]+(?:[.\-–‑]\d+)*\)?\.?")
NUMBERED_KINDS = ("figure", "table", "listing", "equation")


def number_links(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks whose links to numbered things are by number, unless they show other words."""
    kinds = {element.identifier: element.kind for element in iterate_elements(blocks)}
    changed: list[Block] = _change(list(blocks), {name: kind for name, kind in kinds.items() if kind in NUMBERED_KINDS})
    return changed


def _change(value: Json, kinds: dict[str, str]) -> Json:
    if isinstance(value, list):
        return [_change(item, kinds) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("t") == "Link":
        (identifier, classes, pairs), content, (target, title) = value["c"]
        text = plain_text(content)
        match = LABEL.match(text)
        if (
            target[:1] == "#"
            and target[1:] in kinds
            and (NUMBER.fullmatch(text) or (match and match.end() == len(text)))
        ):
            return {"t": "Link", "c": [[identifier, [*classes, "number"], pairs], content, [target, title]]}
    return {key: _change(content, kinds) for key, content in value.items()}
