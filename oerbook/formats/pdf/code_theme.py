"""The colours of code in the PDF: the theme's code colours, in the form that Typst reads."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path

# pandoc's kinds of token and the scopes that editors know them by.
SCOPES = {
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


def tm_theme(colours: Path, plain: bool) -> bytes:
    """Return a tmTheme from pandoc's theme for code; `plain` keeps weight and slope and leaves colours out."""
    given = json.loads(colours.read_text(encoding="utf-8"))
    ink = str(given.get("text-color") or "#000000")
    settings: list[dict[str, object]] = [{"settings": {"foreground": "#000000" if plain else ink}}]
    for kind, scope in SCOPES.items():
        style = given.get("text-styles", {}).get(kind, {})
        slope = " ".join(name for name in ("bold", "italic") if style.get(name))
        colour = "#000000" if plain else str(style.get("text-color") or ink)
        settings.append({"scope": scope, "settings": {"foreground": colour, "fontStyle": slope}})
    return plistlib.dumps({"name": "book", "settings": settings})
