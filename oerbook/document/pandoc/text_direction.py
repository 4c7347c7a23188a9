"""Language and direction of passages in pandoc blocks."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from oerbook.document.context.languages import direction_attributes, language_direction
from oerbook.manuscript import pandoc_ast

Blocks = list[dict[str, Any]]


def wrap_direction(node: Any, content: Blocks, *, typst: bool) -> Blocks:
    """Return a node's pandoc blocks, wrapped in its language and direction, if any."""
    attributes = direction_attributes(node.get("classes", [])) if isinstance(node, nodes.Element) and content else {}
    if not attributes or isinstance(node, nodes.literal_block):
        return content
    if not typst:
        return [pandoc_ast.div(content, **attributes)]
    return [
        pandoc_ast.raw_block("typst", f"#[#set text({_typst_arguments(attributes)})"),
        *content,
        pandoc_ast.raw_block("typst", "]"),
    ]


def with_chapter_language(blocks: Blocks, language: str, target: str) -> Blocks:
    """Return a chapter's pandoc blocks, set in a language of its own.

    Typst gets a `set text` rule, DOCX a div around all blocks, and EPUB attributes on the first heading.
    """
    attributes = {"lang": language, "dir": language_direction(language)}
    if target == "docx":
        return [pandoc_ast.div(blocks, **attributes)]
    if target == "typst":
        return [pandoc_ast.raw_block("typst", f"#set text({_typst_arguments(attributes)})"), *blocks]
    first = next((index for index, block in enumerate(blocks) if block["t"] == "Header"), None)
    if first is None:
        return blocks
    level, (identifier, classes, pairs), content = blocks[first]["c"]
    header = {"t": "Header", "c": [level, [identifier, classes, [*pairs, *map(list, attributes.items())]], content]}
    return [*blocks[:first], header, *blocks[first + 1 :]]


def _typst_arguments(attributes: dict[str, str]) -> str:
    """Return `lang` and `dir` as arguments of Typst's `text`.

    Typst takes language codes of two or three letters.
    """
    base = attributes.get("lang", "").partition("-")[0].lower()
    language = f'lang: "{base}", ' if 2 <= len(base) <= 3 else ""
    return f"{language}dir: {attributes['dir']}" if "dir" in attributes else language.rstrip(", ")
