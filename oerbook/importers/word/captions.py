"""Find the figure, table or listing that a caption belongs to, and give it the caption and its bookmarks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oerbook.importers.conversion.plain_text import plain_text
from oerbook.manuscript.pandoc_ast import Block, Inline

# The words that captions begin with in the languages of word processors -> what they are for.
KIND_BY_WORD = {
    **dict.fromkeys(
        ["figure", "fig", "abbildung", "abb", "figura", "illustration", "afbeelding", "imagen", "bild"], "figure"
    ),
    **dict.fromkeys(["table", "tabelle", "tab", "tabla", "tableau", "tabela", "tabel", "tabella"], "table"),
    **dict.fromkeys(["listing", "code", "quelltext", "programa", "programme"], "listing"),
}
LABEL = re.compile(
    rf"^\s*({'|'.join(sorted(KIND_BY_WORD, key=len, reverse=True))})\.?\s*"
    r"((?:[A-Z\d]+[.\-–‑]?)*\d+|[IVX]+)\s*(?:[.:|–—-]\s*|\s+|$)",
    re.I,
)
CAPTION_ROLES = ("caption", "numbered-caption", "listing-caption")


def is_caption_text(inlines: Sequence[Inline]) -> bool:
    """Say whether a paragraph without a style is a caption: a number follows a word for it, and it has a bookmark."""
    has_bookmark = any(inline["t"] == "Span" and "anchor" in inline["c"][0][1] for inline in inlines)
    return has_bookmark and LABEL.match(plain_text(inlines)) is not None


def is_styled_as_alternative_text(inlines: Sequence[Inline]) -> bool:
    """Say whether a paragraph is the description of a picture: all of it has a character style of that name."""
    styles = [dict(i["c"][0][2]).get("custom-style", "") if i["t"] == "Span" else "" for i in inlines]
    return bool(styles) and all(re.fullmatch(r"alt(ernative)?[ _-]?te?xt", style, re.I) for style in styles)


def attach_captions(pairs: Sequence[tuple[str, Block]]) -> list[Block]:
    """Return blocks in which each caption is part of the figure, table or listing beside it."""
    blocks: list[Block] = []
    waiting: list[Block] = []  # captions that stand above what they belong to
    description = ""
    pairs = [(role, _with_own_caption(block)) for role, block in pairs]
    for number, (role, block) in enumerate(pairs):
        if role == "alternative-text" and number + 1 < len(pairs) and _is_picture(pairs[number + 1][1]):
            description = plain_text(block["c"])
            continue
        if description:
            block, description = _with_description(block, description), ""
        following = next((b for r, b in pairs[number + 1 :] if r not in CAPTION_ROLES), None)
        if role in CAPTION_ROLES and block["t"] in ("Para", "Plain"):
            kind = _kind_of(block, role)
            if blocks and _can_take(blocks[-1], kind):
                blocks[-1] = _with_caption(blocks[-1], block)
            elif following is not None and _can_take(following, kind):
                waiting.append(block)
            else:
                blocks.append(block)
            continue
        if waiting and _can_take(block, "") and role == "text":
            block = _with_caption(block, waiting.pop())
        blocks += waiting
        waiting = []
        blocks.append(block)
    return blocks + waiting


def strip_label(inlines: Sequence[Inline]) -> tuple[list[Inline], list[str], str]:
    """Return a caption without its label ("Figure 3:"), the ids of its bookmarks, and the label."""
    ids = [inline["c"][0][0] for inline in inlines if inline["t"] == "Span" and not inline["c"][1]]
    ids += [inner["c"][0][0] for i in inlines if i["t"] == "Span" for inner in i["c"][1] if inner["t"] == "Span"]
    match = LABEL.match(plain_text(inlines))
    if match is None:
        return list(inlines), [name for name in ids if name], ""
    left, rest = len(re.sub(r"\s", "", match[0])), list(inlines)
    while rest and left > 0:
        first = rest.pop(0)
        length = len(re.sub(r"\s", "", plain_text([first])))
        if length > left and first["t"] == "Str":
            kept = re.sub(rf"^(?:\s*\S){{{left}}}", "", first["c"])
            rest.insert(0, {"t": "Str", "c": kept})
        elif length > left:
            return list(inlines), [name for name in ids if name], ""
        left -= length
    while rest and rest[0]["t"] in ("Space", "SoftBreak", "LineBreak"):
        rest.pop(0)
    return rest, [name for name in ids if name], match[0].strip()


def _with_own_caption(block: Block) -> Block:
    """Return a table or figure whose caption, which pandoc has found, has no label any more."""
    caption = block["c"][1][1] if block["t"] in ("Table", "Figure") else []
    return _with_caption(block, caption[0]) if len(caption) == 1 and caption[0]["t"] in ("Para", "Plain") else block


def _with_description(block: Block, text: str) -> Block:
    """Return a paragraph whose pictures have an alternative text."""
    alt = [{"t": "Str", "c": text}]
    inlines = [
        {"t": "Image", "c": [[i["c"][0][0], i["c"][0][1], [*i["c"][0][2], ["left-out", text]]], alt, i["c"][2]]}
        if i["t"] == "Image"
        else i
        for i in block["c"]
    ]
    return {"t": block["t"], "c": inlines}


def _kind_of(block: Block, role: str) -> str:
    match = LABEL.match(plain_text(block["c"]))
    if match:
        return KIND_BY_WORD[match[1].casefold()]
    return "listing" if role == "listing-caption" else ""


def _can_take(block: Block, kind: str) -> bool:
    """Say whether a block is of the kind that a caption is for, and has none yet."""
    if block["t"] == "Figure":
        return kind in ("", "figure") and not block["c"][1][1]
    if block["t"] == "Table":
        return kind in ("", "table") and not block["c"][1][1]
    if block["t"] == "CodeBlock":
        return kind == "listing" and not dict(block["c"][0][2]).get("caption")
    return kind in ("", "figure") and _is_picture(block)


def _is_picture(block: Block) -> bool:
    if block["t"] not in ("Para", "Plain"):
        return False
    kinds = [i["t"] for i in block["c"] if i["t"] not in ("Space", "SoftBreak", "LineBreak", "Span")]
    return bool(kinds) and set(kinds) == {"Image"}


def _with_caption(block: Block, caption: Block) -> Block:
    """Return a block with a caption; the bookmarks of the caption become its id."""
    content, ids, label = strip_label(caption["c"])
    content = [inline for inline in content if not (inline["t"] == "Span" and "anchor" in inline["c"][0][1])]
    left_out = [["left-out", label]] if label else []
    identifier = ids[0] if ids else ""
    described = [{"t": "Plain", "c": content}] if content else []
    if block["t"] == "CodeBlock":
        (old, classes, pairs), text = block["c"]
        return {
            "t": "CodeBlock",
            "c": [[identifier or old, classes, [*pairs, ["caption", plain_text(content)], *left_out]], text],
        }
    if block["t"] == "Table":
        attributes, _caption, *rest = block["c"]
        return {
            "t": "Table",
            "c": [[identifier or attributes[0], attributes[1], [*attributes[2], *left_out]], [None, described], *rest],
        }
    if block["t"] == "Figure":
        attributes, _caption, inner = block["c"]
        return {
            "t": "Figure",
            "c": [[identifier or attributes[0], attributes[1], [*attributes[2], *left_out]], [None, described], inner],
        }
    return {"t": "Figure", "c": [[identifier, [], left_out], [None, described], [{"t": "Plain", "c": block["c"]}]]}
