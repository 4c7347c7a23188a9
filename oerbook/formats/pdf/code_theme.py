"""Code colors in the PDF: the theme's highlighting as a TextMate theme."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path

# pandoc's token types and the scopes of TextMate grammars.
TEXTMATE_SCOPES = {
    "Keyword": "keyword, storage.modifier, storage.type.function, storage.type.class",
    "DataType": "storage.type, support.type, entity.name.type, entity.name.class",
    "Function": "entity.name.function, support.function, variable.function",
    "DecVal": "constant.numeric, constant.language, constant.character",
    "String": "string",
    "Comment": "comment, punctuation.definition.comment",
    "Operator": "keyword.operator",
    "Attribute": "entity.other.attribute-name, entity.name.tag",
    "Variable": "variable, support.variable",
    "Error": "invalid",
}


def textmate_theme(code_theme: Path, plain: bool) -> bytes:
    """Return a TextMate theme made from pandoc's theme for code.

    `plain` keeps bold and italic, but no colors.
    """
    theme = json.loads(code_theme.read_text(encoding="utf-8"))
    text_color = str(theme.get("text-color") or "#000000")
    settings: list[dict[str, object]] = [{"settings": {"foreground": "#000000" if plain else text_color}}]
    for token_type, scope in TEXTMATE_SCOPES.items():
        style = theme.get("text-styles", {}).get(token_type, {})
        font_style = " ".join(name for name in ("bold", "italic") if style.get(name))
        color = "#000000" if plain else str(style.get("text-color") or text_color)
        settings.append({"scope": scope, "settings": {"foreground": color, "fontStyle": font_style}})
    return plistlib.dumps({"name": "book", "settings": settings})
