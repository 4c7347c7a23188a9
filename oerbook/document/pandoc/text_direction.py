"""Language and direction of passages in pandoc blocks."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.context.languages import spoken, way_of
from oerbook.manuscript import pandoc_ast

Blocks = list[dict[str, Any]]


def turned(node: Any, content: Blocks, *, typst: bool) -> Blocks:
    """Return the blocks of a node in its own language and way."""
    said = spoken(node.get("classes", [])) if isinstance(node, nodes.Element) and content else {}
    if not said or isinstance(node, nodes.literal_block):
        return content
    if not typst:
        return [pandoc_ast.div(content, **said)]
    return [pandoc_ast.raw_block("typst", f"#[#set text({_typst(said)})"), *content, pandoc_ast.raw_block("typst", "]")]


def of_chapter(blocks: Blocks, language: str, *, typst: bool) -> Blocks:
    """Return a chapter's blocks in a language of its own."""
    said = {"lang": language, "dir": way_of(language)}
    if typst:
        return [pandoc_ast.raw_block("typst", f"#set text({_typst(said)})"), *blocks]
    first = next((place for place, block in enumerate(blocks) if block["t"] == "Header"), None)
    if first is None:
        return blocks
    level, (identifier, classes, pairs), words = blocks[first]["c"]
    header = {"t": "Header", "c": [level, [identifier, classes, [*pairs, *map(list, said.items())]], words]}
    return [*blocks[:first], header, *blocks[first + 1 :]]


def _typst(said: dict[str, str]) -> str:
    base = said.get("lang", "").partition("-")[0].lower()
    named = f'lang: "{base}", ' if 2 <= len(base) <= 3 else ""
    return f"{named}dir: {said['dir']}" if "dir" in said else named.rstrip(", ")
