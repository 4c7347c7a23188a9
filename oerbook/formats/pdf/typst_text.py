"""Write text as Typst strings and end every expression, so that no word of a book is read as Typst code.

In Typst's markup a call goes on with what directly follows it: `#emph[code].body` reads a field, `#emph[w](x)` passes
an argument. pandoc escapes characters one by one and does not end its calls, so words could vanish or stop a chapter.
"""

from __future__ import annotations

import re

from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.code_lines import code_lines
from oerbook.model.untyped import Json

# Words without any character that means something in Typst's markup; pandoc may write them as they are.
PLAIN_WORD = re.compile(r"[^\W_]+(?:[’-][^\W_]+)*[,.;!?)”’…]?")
END_OF_TYPST_EXPRESSION = pandoc_ast.raw_inline("typst", "/**/")  # a comment: unlike `;` it never prints
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
INLINE_TYPES = SPACES | {
    "Str", "Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Quoted", "Cite",
    "Code", "Math", "RawInline", "Link", "Image", "Note", "Span",
}  # fmt: skip
STRING_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape_text_for_typst(node: Json) -> Json:
    """Return a copy of pandoc JSON in which Typst prints all text as it is."""
    if isinstance(node, list):
        if any(isinstance(item, dict) and item.get("t") in INLINE_TYPES for item in node):
            return _inlines(node)
        return [part for item in node for part in _numbered(item)]
    if not isinstance(node, dict):
        return node
    kind: str = node.get("t", "")
    content: Json = node.get("c")
    if kind == "Str":
        return _text(str(content))
    if kind == "Code":
        return _code(content)
    if kind == "Link" and all(item["t"] in SPACES for item in content[1]):  # nothing to click; Typst can fail at it
        return {"t": "Span", "c": [content[0], content[1]]}
    return {key: escape_text_for_typst(value) for key, value in node.items()}


def _numbered(item: Json) -> list[Json]:
    """Return an item of a list; code with line numbers or marks in a call of the template."""
    lines = code_lines(item) if isinstance(item, dict) and item.get("t") == "CodeBlock" else None
    if lines is None:
        return [escape_text_for_typst(item)]
    first = "none" if lines.first is None else str(lines.first)
    marked = "".join(f"{place}, " for place in lines.marked)
    call = f"#oer-code-lines({first}, ({marked}))["
    return [pandoc_ast.raw_block("typst", call), item, pandoc_ast.raw_block("typst", "]")]


def string_literal(text: str) -> str:
    """Return text as a Typst string literal, every character kept.

    >>> string_literal('a  "b"')
    '"a  \\\\"b\\\\""'
    """
    return '"' + re.sub(r'[\\"\n\r\t]', lambda match: STRING_ESCAPES[match[0]], text) + '"'


def _inlines(items: list[Json]) -> list[Json]:
    """Join neighbouring texts, and end every expression that something directly follows."""
    result: list[Json] = []
    for index, item in enumerate(joined := _joined(items)):
        result.append(escape_text_for_typst(item))
        following = joined[index + 1] if index + 1 < len(joined) else {"t": "Space"}
        if item["t"] not in SPACES | {"Str"} and following["t"] not in SPACES and not _is_open(item, following):
            result.append(END_OF_TYPST_EXPRESSION)
    return result


def _joined(items: list[Json]) -> list[Json]:
    result: list[Json] = []
    for item in items:
        if item["t"] == "Str" and result and result[-1]["t"] == "Str":
            result[-1] = {"t": "Str", "c": result[-1]["c"] + item["c"]}
        elif not (item["t"] == "Str" and not item["c"]):
            result.append(item)
    return result


def _is_open(item: Json, following: Json) -> bool:
    """Return whether two pieces of raw markup are parts of one call: `#f[`, content, `][`, content, `]`."""
    markup = str(item["c"][1]) if item["t"] == "RawInline" else ""
    next_markup = str(following["c"][1]) if following["t"] == "RawInline" else ""
    return markup.endswith(("[", "(")) or next_markup.startswith(("[", "]", "("))


def _text(text: str) -> Json:
    if PLAIN_WORD.fullmatch(text):
        return {"t": "Str", "c": text}
    return pandoc_ast.raw_inline("typst", f"#{string_literal(text)};")


def _code(content: Json) -> Json:
    (_identifier, classes, _pairs), text = content
    language = f", lang: {string_literal(classes[0])}" if classes else ""
    return pandoc_ast.raw_inline("typst", f"#raw({string_literal(' '.join(text.splitlines()))}{language});")
