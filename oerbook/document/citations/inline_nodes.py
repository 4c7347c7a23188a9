"""Turn pandoc's inlines into docutils nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from docutils import nodes

Inline = dict[str, Any]
LinkNode = Callable[[str, list[nodes.Node]], nodes.Node]
QUOTATION_MARKS = {"DoubleQuote": "“”", "SingleQuote": "‘’"}
LEAF_NODES: dict[str, Callable[[Any], nodes.Node]] = {
    "Str": lambda content: nodes.Text(str(content)),
    "Math": lambda content: nodes.math(content[1], content[1]),
    "Code": lambda content: nodes.literal(content[1], content[1]),
} | dict.fromkeys(("Space", "SoftBreak", "LineBreak"), lambda _content: nodes.Text(" "))
STYLED_NODES: dict[str, Callable[[], nodes.Element]] = {
    "Emph": nodes.emphasis,
    "Strong": nodes.strong,
    "Superscript": nodes.superscript,
    "Subscript": nodes.subscript,
    "SmallCaps": lambda: nodes.inline(classes=["smallcaps"]),
    "Underline": lambda: nodes.inline(classes=["underline"]),
    "Strikeout": lambda: nodes.inline(classes=["deleted"]),
}


def inlines_to_nodes(inlines: Iterable[Inline], link: LinkNode) -> list[nodes.Node]:
    """Return inlines as nodes; `link` makes the node of a link from its target and content."""
    return _joined(_nodes(_without_nested_emphasis(list(inlines)), link))


def inlines_to_text(inlines: Iterable[Inline]) -> str:
    """Return the words of inlines.

    >>> inlines_to_text([{"t": "Emph", "c": [{"t": "Str", "c": "Soil"}]}, {"t": "Space"}, {"t": "Str", "c": "lives"}])
    'Soil lives'
    """
    return "".join(
        node.astext() for node in _nodes(list(inlines), lambda _target, content: nodes.inline("", "", *content))
    )


def _nodes(inlines: Sequence[Inline], link: LinkNode) -> list[nodes.Node]:
    return [node for inline in inlines for node in _node(inline, link)]


def _node(inline: Inline, link: LinkNode) -> list[nodes.Node]:
    kind: str = inline["t"]
    content: Any = inline.get("c")
    if kind == "Quoted":
        marks = QUOTATION_MARKS[content[0]["t"]]
        return [nodes.Text(marks[0]), *_nodes(content[1], link), nodes.Text(marks[1])]
    if kind == "Link":
        return [link(content[2][0], _nodes(content[1], link))]
    if kind in {"Span", "Cite"}:
        return _nodes(content[1], link)
    if kind in STYLED_NODES:
        return [_filled(STYLED_NODES[kind](), _nodes(content, link))]
    leaf = LEAF_NODES.get(kind)  # None: notes, pictures and raw markup, which come from no work
    return [leaf(content)] if leaf else []


def _filled(element: nodes.Element, children: Sequence[nodes.Node]) -> nodes.Element:
    element.extend(_joined(children))
    return element


def _joined(children: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return nodes in which texts side by side are one."""
    joined: list[nodes.Node] = []
    for node in children:
        if isinstance(node, nodes.Text) and joined and isinstance(joined[-1], nodes.Text):
            joined[-1] = nodes.Text(joined[-1].astext() + node.astext())
        else:
            joined.append(node)
    return joined


def _without_nested_emphasis(inlines: list[Inline], emphasised: bool = False) -> list[Inline]:
    """Return inlines in which what is emphasised within emphasis is upright: a species in the title of a book."""
    out: list[Inline] = []
    for inline in inlines:
        kind = inline["t"]
        if kind == "Emph":
            for upright, pieces in _divided(inline["c"]):
                inner = _without_nested_emphasis(pieces, True)
                out += inner if upright else [{"t": "Emph", "c": inner}]
        elif kind in STYLED_NODES:
            out.append({"t": kind, "c": _without_nested_emphasis(inline["c"], emphasised)})
        else:
            out.append(inline)
    return out


def _divided(inlines: Sequence[Inline]) -> list[tuple[bool, list[Inline]]]:
    """Return the content of an emphasis in runs, each with whether it is emphasised once more."""
    runs: list[tuple[bool, list[Inline]]] = []
    for upright, inline in _flat(inlines):
        if runs and runs[-1][0] == upright:
            runs[-1][1].append(inline)
        else:
            runs.append((upright, [inline]))
    return runs


def _flat(inlines: Sequence[Inline]) -> Iterable[tuple[bool, Inline]]:
    for inline in inlines:
        if inline["t"] == "Emph":
            yield from ((True, inner) for inner in inline["c"])
        elif inline["t"] == "Span":
            yield from _flat(inline["c"][1])
        else:
            yield False, inline
