"""Tidy pandoc's tree of a word processor's text: code lines join, captions find their figures, boxes their text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oerbook.importers.conversion.plain_text import plain_text
from oerbook.importers.word.captions import attach_captions, is_caption_text, is_styled_as_alternative_text
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.model.untyped import Json

RoleOf = Callable[[str], str]
NAMED_BOXES = {"tip": "tip", "warn": "warning", "caution": "caution", "important": "important", "achtung": "warning"}


def tidy_blocks(blocks: Sequence[Block], role_of: RoleOf) -> list[Block]:
    """Return blocks in which the divs of paragraph styles have become what their styles mean."""
    roles: list[tuple[str, Block]] = []
    for block in blocks:
        roles += _with_roles(block, role_of)
    return attach_captions(_join_roles(roles))


def _with_roles(block: Block, role_of: RoleOf) -> list[tuple[str, Block]]:
    """Return a block with its role; a div of a style gives its role to what is in it."""
    if block["t"] == "Div":
        (identifier, classes, pairs), content = block["c"]
        style = dict(pairs).get("custom-style", "")
        if style:
            role = role_of(style)
            if style.casefold().startswith(tuple(NAMED_BOXES)):
                role = f"named-box {style}"
            if role == "text" and len(content) == 1:
                return _with_roles(content[0], role_of)
            return [(role, inner) for inner in tidy_inner(content, role_of)]
        return [("text", {"t": "Div", "c": [[identifier, classes, pairs], tidy_blocks(content, role_of)]})]
    if block["t"] == "OrderedList" and len(block["c"][1]) == 1:
        inner = [pair for item in block["c"][1][0] for pair in _with_roles(item, role_of)]
        if all(role in ("caption", "listing-caption", "box-title") for role, _block in inner):
            return inner  # a caption with an automatic number
    if block["t"] in ("Para", "Plain") and is_styled_as_alternative_text(block["c"]):
        return [("alternative-text", block)]
    if block["t"] in ("Para", "Plain") and is_caption_text(block["c"]):
        return [("numbered-caption", block)]
    return [("text", tidy_inner([block], role_of)[0])]


def tidy_inner(blocks: Sequence[Block], role_of: RoleOf) -> list[Block]:
    """Return blocks with tidy lists, tables, quotations and notes."""
    return [_tidy_nested(block, role_of) for block in blocks]


def _tidy_nested(value: Json, role_of: RoleOf) -> Json:
    if isinstance(value, list):
        if value and all(isinstance(item, dict) and item.get("t") in BLOCK_KINDS for item in value):
            return tidy_blocks(value, role_of)
        return [_tidy_nested(item, role_of) for item in value]
    if isinstance(value, dict):
        return {key: _tidy_nested(content, role_of) for key, content in value.items()}
    return value


BLOCK_KINDS = frozenset(
    {"Para", "Plain", "Div", "Header", "BulletList", "OrderedList", "Table", "Figure", "BlockQuote"}
)
BLOCK_KINDS |= {"CodeBlock", "LineBlock", "DefinitionList", "RawBlock", "HorizontalRule"}


def _join_roles(pairs: Sequence[tuple[str, Block]]) -> list[tuple[str, Block]]:
    """Join neighbors of the same role: lines of code, paragraphs of a quotation or of a box."""
    result: list[tuple[str, Block]] = []
    position = 0
    while position < len(pairs):
        role, _block = pairs[position]
        end = position + 1
        while end < len(pairs) and pairs[end][0] == role:
            end += 1
        group = [inner for _role, inner in pairs[position:end]]
        if role == "code":
            result.append(("text", _join_code(group)))
        elif role == "quote":
            result.append(("text", {"t": "BlockQuote", "c": group}))
        elif role.startswith("named-box"):
            result.append(("text", _box(_named_box(role), "", group)))
        elif role == "note":
            result += (
                [("text", _note_box([inner])) for inner in group[:1]]
                if len(group) == 1
                else [("text", _note_box(group))]
            )
        elif role == "box-title":
            end, box = _titled_box(pairs, position, end, group)
            result.append(("text", box))
        elif role == "box":
            result.append(("text", _box("note", "", group)))
        elif role == "drop":
            pass
        else:
            result += pairs[position:end]
        position = end
    return result


def _titled_box(pairs: Sequence[tuple[str, Block]], start: int, end: int, titles: Sequence[Block]) -> tuple[int, Block]:
    """Return where the box ends, and the box of titles and the paragraphs that follow them."""
    while end < len(pairs) and pairs[end][0] == "box":
        end += 1
    body = [block for role, block in pairs[start:end] if role == "box"]
    words = [plain_text(title) for title in titles]
    targets = [span for title in titles for span in _spans(title)]
    shown = [text for text in words if text.casefold() not in ("box", "sidebar")]
    content = [{"t": "Para", "c": targets}, *body] if targets else body
    box = _box("admonition", " ".join(shown), content)
    box["c"][0][2].append(["left-out", " ".join(text for text in words if text not in shown)])
    return end, box


def _spans(block: Block) -> list[Inline]:
    """Return the index entries and targets of a paragraph."""
    content = block["c"] if block["t"] in ("Para", "Plain") else []
    return [inline for inline in content if inline["t"] == "Span" and not plain_text([inline])]


def _note_box(blocks: Sequence[Block]) -> Block:
    """Return a note, without a first word that only says that it is one."""
    first = blocks[0]
    content = list(first["c"]) if first["t"] in ("Para", "Plain") else []
    if content and plain_text([content[0]]).strip(": ").casefold() in ("note", "hinweis", "remark"):
        content = content[1:]
        while content and content[0]["t"] in ("Space", "LineBreak", "SoftBreak"):
            content = content[1:]
        box = _box("note", "", [{"t": first["t"], "c": content}, *blocks[1:]])
        box["c"][0][2].append(["left-out", "note"])
        return box
    return _box("note", "", list(blocks))


def _named_box(role: str) -> str:
    style = role.partition(" ")[2].casefold()
    return next((box for start, box in NAMED_BOXES.items() if style.startswith(start)), "note")


def _box(kind: str, title: str, content: list[Block]) -> Block:
    return {"t": "Div", "c": [["", [kind], [["title", title]] if title else []], content]}


def _join_code(blocks: Sequence[Block]) -> Block:
    """Return one code block of paragraphs, each a line; index entries in code stand above it."""
    lines = []
    for block in blocks:
        content = block["c"] if block["t"] in ("Para", "Plain") else [{"t": "Str", "c": plain_text(block)}]
        lines.append("".join(_code_text(inline) for inline in content))
    code: Block = {"t": "CodeBlock", "c": [["", [], []], "\n".join(lines).replace("\u00a0", " ")]}
    targets = [span for block in blocks for span in _spans(block)]
    return {"t": "Div", "c": [["", [], []], [{"t": "Para", "c": targets}, code]]} if targets else code


def _code_text(inline: Inline) -> str:
    kind = inline["t"]
    content: Json = inline.get("c")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "LineBreak":
        return "\n"
    if kind in ("Code", "Math"):
        return str(content[1])
    if kind in ("Span", "Link", "Quoted", "Cite"):
        return "".join(map(_code_text, content[1]))
    return "".join(map(_code_text, content)) if isinstance(content, list) and kind != "Note" else ""
