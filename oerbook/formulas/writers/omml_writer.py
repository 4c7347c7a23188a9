"""A formula for word processors (OMML), written from its MathML, so that DOCX shows what the other formats show.

Source: ECMA-376, part 1, section 22.1 (Math).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.sax.saxutils import quoteattr

from oerbook.formulas.mathml import UnknownMathMLError, length_em
from oerbook.formulas.writers.omml_runs import column_justification, letter_run, space_run, text_run, with_borders
from oerbook.model.untyped import MathmlNode

COMBINING_ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303", "˘": "\u0306", "˙": "\u0307",
    "¨": "\u0308", "˚": "\u030a", "ˇ": "\u030c",
    "´": "\u0301", "`": "\u0300", "→": "\u20d7", "⃗": "\u20d7", "←": "\u20d6", "⃛": "\u20db"}  # fmt: skip
BAR_CHARS = "‾¯ˉ_"
BRACE_CHARS = "⏞⏟⏜⏝⎴⎵"
LARGE_OPERATORS = "∑∏∐∫∬∭∮⋃⋂⨁⨂⨀⋁⋀⨆"


def write_omml(root: MathmlNode, display: bool) -> str:
    """Return a formula as an <m:oMath> element, in an <m:oMathPara> when it is displayed.

    Raises UnknownMathMLError when the tree holds an element that has no form in OMML.
    """
    inside = f"<m:oMath>{_row(list(root), '')}</m:oMath>"
    return f"<m:oMathPara>{inside}</m:oMathPara>" if display else inside


def _row(nodes: Sequence[MathmlNode], look: str) -> str:
    """Return a row; fences that grow hold what is between them, a large operator what follows it."""
    nodes = [node for node in nodes if isinstance(node.tag, str)]
    if len(nodes) == 1 and nodes[0].tag == "mrow":
        return _row(list(nodes[0]), _look(nodes[0], look))
    if len(nodes) > 1 and _grows(nodes[0], "prefix") and _grows(nodes[-1], "postfix"):
        return _fenced(nodes, look)
    out: list[str] = []
    place = 0
    while place < len(nodes):
        node = nodes[place]
        place += 1
        if (
            node.tag in ("munder", "mover", "munderover", "msub", "msup", "msubsup")
            and _sign(node[0]) in LARGE_OPERATORS
            and _sign(node[0])
        ):
            operand = nodes[place] if place < len(nodes) and nodes[place].tag not in ("mo", "mspace") else None
            place += operand is not None
            out.append(_large(node, operand, look))
        else:
            out.append(_node(node, look))
    return "".join(out)


def _grows(node: MathmlNode, form: str) -> bool:
    return bool(node.tag == "mo" and node.get("stretchy") == "true" and node.get("form") == form)


def _sign(node: MathmlNode) -> str:
    return (node.text or "").strip() if node.tag == "mo" and not len(node) else ""


def _fenced(nodes: Sequence[MathmlNode], look: str) -> str:
    parts: list[list[MathmlNode]] = [[]]
    middle = ""
    for node in nodes[1:-1]:
        if (
            node.tag == "mo"
            and node.get("form") == "infix"
            and node.get("stretchy") == "true"
            and middle in ("", node.text)
        ):
            middle = node.text or ""
            parts.append([])
        else:
            parts[-1].append(node)
    marks = [
        ("begChr", nodes[0].text or ""),
        *([("sepChr", middle)] if middle else []),
        ("endChr", nodes[-1].text or ""),
    ]
    properties = "".join(f"<m:{name} m:val={quoteattr(value)}/>" for name, value in marks)
    inside = "".join(f"<m:e>{_row(part, look)}</m:e>" for part in parts)
    return f"<m:d><m:dPr>{properties}<m:grow/></m:dPr>{inside}</m:d>"


def _large(node: MathmlNode, operand: MathmlNode, look: str) -> str:
    low, high = {"munder": (1, 0), "msub": (1, 0), "mover": (0, 1), "msup": (0, 1)}.get(node.tag, (1, 2))
    place = "undOvr" if node.tag.startswith("mu") or node.tag == "mover" else "subSup"
    properties = f'<m:chr m:val={quoteattr(_sign(node[0]))}/><m:limLoc m:val="{place}"/>'
    properties += ("" if low else '<m:subHide m:val="1"/>') + ("" if high else '<m:supHide m:val="1"/>')
    parts = "".join(
        f"<m:{name}>{_node(node[n], look) if n else ''}</m:{name}>" for name, n in (("sub", low), ("sup", high))
    )
    inside = "" if operand is None else _node(operand, look)
    return f"<m:nary><m:naryPr>{properties}</m:naryPr>{parts}<m:e>{inside}</m:e></m:nary>"


def _node(node: MathmlNode, look: str) -> str:
    rule = RULE_BY_ELEMENT.get(node.tag)
    if rule is None:
        raise UnknownMathMLError(f"<{node.tag}>")
    return rule(node, _look(node, look))


def _look(node: MathmlNode, look: str) -> str:
    """Return the properties of runs inside a node: its color and background, or those of what contains it."""
    for name, form in (
        ("mathcolor", '<w:color w:val="{}"/>'),
        ("mathbackground", '<w:shd w:val="clear" w:color="auto" w:fill="{}"/>'),
    ):
        color = node.get(name, "")
        if re.fullmatch(r"#[0-9a-f]{6}", color):
            look = re.sub(rf"<w:{form[3:8]}[^>]*/>", "", look) + form.format(color[1:].upper())
        elif color:
            raise UnknownMathMLError(f"the color {color}")
    return look


def _operator(node: MathmlNode, look: str) -> str:
    text = node.text or ""
    return "" if text in "\u2061\u2062\u2063\u2064" else text_run(text, look, '<m:sty m:val="p"/>')


def _part(name: str, node: MathmlNode, look: str) -> str:
    return f"<m:{name}>{_node(node, look)}</m:{name}>"


def _fraction(node: MathmlNode, look: str) -> str:
    bare = length_em(node.get("linethickness", "1")) == 0
    kind = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if bare else ""
    return f"<m:f>{kind}{_part('num', node[0], look)}{_part('den', node[1], look)}</m:f>"


def _scripts(node: MathmlNode, look: str) -> str:
    element, names = {
        "msub": ("sSub", ("e", "sub")),
        "msup": ("sSup", ("e", "sup")),
        "msubsup": ("sSubSup", ("e", "sub", "sup")),
    }[node.tag]
    return (
        f"<m:{element}>"
        + "".join(_part(name, child, look) for name, child in zip(names, node, strict=True))
        + f"</m:{element}>"
    )


def _over(node: MathmlNode, look: str) -> str:
    sign, stretched = _sign(node[1]), node[1].get("stretchy") == "true"
    if sign and sign in BAR_CHARS and (stretched or node.get("accent") == "true"):
        return f'<m:bar><m:barPr><m:pos m:val="top"/></m:barPr>{_part("e", node[0], look)}</m:bar>'
    if sign and sign in BRACE_CHARS:
        properties = f'<m:chr m:val="{sign}"/><m:pos m:val="top"/><m:vertJc m:val="bot"/>'
        return f"<m:groupChr><m:groupChrPr>{properties}</m:groupChrPr>{_part('e', node[0], look)}</m:groupChr>"
    if node.get("accent") == "true" and sign in COMBINING_ACCENTS:
        return (
            f'<m:acc><m:accPr><m:chr m:val="{COMBINING_ACCENTS[sign]}"/></m:accPr>{_part("e", node[0], look)}</m:acc>'
        )
    if node[1].tag == "mspace":
        return _node(node[0], look)
    return f"<m:limUpp>{_part('e', node[0], look)}{_part('lim', node[1], look)}</m:limUpp>"


def _under(node: MathmlNode, look: str) -> str:
    sign = _sign(node[1])
    if sign and sign in BAR_CHARS:
        return f'<m:bar><m:barPr><m:pos m:val="bot"/></m:barPr>{_part("e", node[0], look)}</m:bar>'
    if sign and sign in BRACE_CHARS:
        return (
            f'<m:groupChr><m:groupChrPr><m:chr m:val="{sign}"/></m:groupChrPr>{_part("e", node[0], look)}</m:groupChr>'
        )
    if node[1].tag == "mspace":
        return _node(node[0], look)
    return f"<m:limLow>{_part('e', node[0], look)}{_part('lim', node[1], look)}</m:limLow>"


def _under_over(node: MathmlNode, look: str) -> str:
    low = f"<m:limLow>{_part('e', node[0], look)}{_part('lim', node[1], look)}</m:limLow>"
    return f"<m:limUpp><m:e>{low}</m:e>{_part('lim', node[2], look)}</m:limUpp>"


def _prescripts(node: MathmlNode, look: str) -> str:
    base, *rest = node
    split = next((place for place, child in enumerate(rest) if child.tag == "mprescripts"), len(rest))
    inside = _node(base, look)
    if len(rest[:split]) == 2:
        inside = f"<m:sSubSup><m:e>{inside}</m:e>{_part('sub', rest[0], look)}{_part('sup', rest[1], look)}</m:sSubSup>"
    before = rest[split + 1 :]
    if len(before) == 2:
        inside = f"<m:sPre>{_part('sub', before[0], look)}{_part('sup', before[1], look)}<m:e>{inside}</m:e></m:sPre>"
    return inside


def _enclosed(node: MathmlNode, look: str) -> str:
    notation = set(node.get("notation", "").split())
    strikes = {
        "updiagonalstrike": "strikeBLTR",
        "downdiagonalstrike": "strikeTLBR",
        "horizontalstrike": "strikeH",
        "verticalstrike": "strikeV",
    }
    sides = {"top", "bottom", "left", "right"} if "box" in notation else {"top", "bottom", "left", "right"} & notation
    if not notation <= {"box", "top", "bottom", "left", "right", *strikes}:
        raise UnknownMathMLError(f"<menclose notation={' '.join(sorted(notation))}>")
    return with_borders(_row(list(node), look), sides, [strikes[name] for name in sorted(notation & strikes.keys())])


def _table(node: MathmlNode, look: str) -> str:
    rows = [list(row) for row in node if row.tag == "mtr"]
    columns = max(map(len, rows), default=0)
    sides = ["".join(rows[0][n].get("class", "")) if n < len(rows[0]) else "" for n in range(columns)] if rows else []
    kinds = "".join(
        f'<m:mc><m:mcPr><m:count m:val="1"/><m:mcJc m:val="{column_justification(side)}"/></m:mcPr></m:mc>'
        for side in sides
    )
    close = '<m:cGpRule m:val="3"/><m:cGp m:val="0"/>' if "math-rows" in node.get("class", "") else ""
    body = "".join(
        "<m:mr>"
        + "".join(f"<m:e>{_cell(cell, look)}</m:e>" for cell in row)
        + "<m:e/>" * (columns - len(row))
        + "</m:mr>"
        for row in rows
    )
    return f"<m:m><m:mPr>{close}<m:mcs>{kinds}</m:mcs></m:mPr>{body}</m:m>"


def _cell(cell: MathmlNode, look: str) -> str:
    inside = _row(list(cell), look)
    sides = set(re.findall(r"math-line-(\w+)", cell.get("class", "")))
    if "math-wide-left" in cell.get("class", ""):
        inside = text_run("\u2003", look) + inside
    return with_borders(inside, sides) if sides else inside


def _inside(node: MathmlNode, look: str) -> str:
    return _row(list(node), look)


RULE_BY_ELEMENT: dict[str, Callable[[MathmlNode, str], str]] = {
    "mrow": _inside,
    "mpadded": _inside,
    "mstyle": _inside,
    "mi": letter_run,
    "mn": lambda node, look: text_run(node.text or "", look, '<m:sty m:val="p"/>'),
    "mo": _operator,
    "mtext": lambda node, look: text_run("".join(node.itertext()), look, words=True),
    "ms": lambda node, look: text_run("".join(node.itertext()), look, words=True),
    "mspace": space_run,
    "mfrac": _fraction,
    "msqrt": lambda node, look: (
        f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>{_row(list(node), look)}</m:e></m:rad>'
    ),
    "mroot": lambda node, look: f"<m:rad>{_part('deg', node[1], look)}{_part('e', node[0], look)}</m:rad>",
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _under,
    "mover": _over,
    "munderover": _under_over,
    "mmultiscripts": _prescripts,
    "menclose": _enclosed,
    "mtable": _table,
    "mphantom": lambda node, look: (
        f'<m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e>{_row(list(node), look)}</m:e></m:phant>'
    ),
    "none": lambda _node, _look: "",
    "mprescripts": lambda _node, _look: "",
}
