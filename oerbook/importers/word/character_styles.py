"""Turn spans of character styles into emphasis, code and the like, by what the style looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oerbook.importers.conversion.plain_text import plain_text
from oerbook.manuscript.pandoc_ast import Inline
from oerbook.model.untyped import Json

CODE_NAME = re.compile(r"literal|code|verbatim|monospace|keyword|teletype|quelltext|source", re.I)
NAMES_WITHOUT_MEANING = re.compile(
    r"annotation|comment|hyperlink|link|xref|default|footnote|endnote|page ?number|strong|emphasis", re.I
)
KEYS_NAME = re.compile(r"^key(s|caps|stroke|board)?$", re.I)
ELEMENT_BY_TRAIT = {
    "bold": "Strong",
    "italic": "Emph",
    "small-caps": "SmallCaps",
    "struck": "Strikeout",
    "raised": "Superscript",
    "lowered": "Subscript",
}


def apply_character_styles(value: Json, traits: Mapping[str, Mapping[str, bool]]) -> Json:
    """Return a value of pandoc's tree without spans of styles; `traits` are those of the styles by name."""
    if isinstance(value, list):
        result = []
        for item in value:
            changed = apply_character_styles(item, traits)
            result += changed if isinstance(changed, list) and isinstance(item, dict) else [changed]
        return result
    if not isinstance(value, dict):
        return value
    if value.get("t") == "Span":
        return _convert_span(value, traits)
    return {key: apply_character_styles(content, traits) for key, content in value.items()}


def _convert_span(span: Inline, traits: Mapping[str, Mapping[str, bool]]) -> list[Inline]:
    """Return the inlines that a span stands for."""
    (identifier, classes, pairs), content = span["c"]
    content = apply_character_styles(content, traits)
    values = dict(pairs)
    style = values.pop("custom-style", "")
    if any(name.startswith(("comment-", "paragraph-")) for name in classes):
        return []
    if "indexref" in classes:
        entry = re.sub(r"(?<!\\):", "; ", values.get("entry", "")).replace("\\:", ":")
        return [{"t": "Span", "c": [["", ["index"], [["entry", entry]]], []]}, *content]
    if "anchor" in classes:
        return [{"t": "Span", "c": [[identifier, ["target"], []], []]}, *content]
    if not style:
        return (
            [{"t": "Span", "c": [[identifier, classes, list(values.items())], content]}]
            if identifier or classes or values
            else content
        )
    return _apply_style(style, content, traits.get(style, {}))


def _apply_style(style: str, content: list[Inline], traits: Mapping[str, bool]) -> list[Inline]:
    targets = [inline for inline in content if inline["t"] == "Span"]
    others = [inline for inline in content if inline["t"] != "Span"]
    if KEYS_NAME.match(style):
        return [*targets, {"t": "Span", "c": [["", ["kbd"], []], others]}] if others else targets
    if NAMES_WITHOUT_MEANING.search(style):
        return content
    is_code = CODE_NAME.search(style) or traits.get("monospace")
    if is_code and not any(inline["t"] in ("Math", "Image", "Note", "Link") for inline in others):
        text = plain_text(others)
        others = _with_spaces(others, [{"t": "Code", "c": [["", [], []], text]}]) if text else others
    for trait, element in ELEMENT_BY_TRAIT.items():
        if traits.get(trait) and others and not (is_code and trait in ("bold", "small-caps")):
            others = others if all(inline["t"] == element for inline in others) else [{"t": element, "c": others}]
    return [*targets, *others]


def _with_spaces(old: list[Inline], new: list[Inline]) -> list[Inline]:
    """Return new inlines between the spaces that the old ones begin and end with."""
    before = [{"t": "Space"}] if old[0]["t"] == "Space" else []
    after = [{"t": "Space"}] if len(old) > 1 and old[-1]["t"] == "Space" else []
    return [*before, *new, *after]
