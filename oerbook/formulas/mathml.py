"""Convert Temml's MathML to MathML Core: inline styles become attributes and a few class names.

The class names, which the themes' style sheets and the writers of the other formats know:

- on `menclose`: `math-box`, `math-strike` and its forms by `notation`;
- on `mtd`: `math-left`, `math-right` (a cell without them is centred), `math-line-left|right|top|bottom`,
  `math-tight-left|right`
  (no space to the next column), `math-wide-left` (a wide space);
- on `mtable`: `math-rows` (rows of equations, further apart than those of a matrix);
- on `mspace`: `math-back-N` (N eighteenths of an em backwards, which no browser draws from a negative width).
"""

from __future__ import annotations

import re

from lxml import etree

from oerbook.formulas.chemistry import (
    FIXED_ARITY_ELEMENTS,
    attach_scripts_to_previous_letters,
    remove_overlapping_boxes,
    replace_with_children,
    set_prescripts,
)
from oerbook.formulas.colors import HEX_BY_COLOR_NAME
from oerbook.model.untyped import MathmlNode

KEPT_ATTRIBUTES = {
    "accent", "accentunder", "columnspan", "depth", "display", "displaystyle", "fence", "form", "height", "largeop",
    "linethickness",
    "lspace", "mathbackground", "mathcolor", "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits",
    "notation", "rowspan",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width", "xmlns",
}  # fmt: skip
NEGATIVE_SPACE_WIDTHS_MU = (3, 4, 5, 9, 18)  # eighteenths of an em
LENGTH_WITH_UNIT = re.compile(r"(-?[\d.]+)(em|pt|px|ex|mu|mm|cm|in)?")
BORDER_DECLARATION = re.compile(r"border-(left|right|top|bottom):[^;]*?\d[^;]*(?:solid|dashed|double)")
CHILD_COUNT_BY_ELEMENT = {"munder": 2, "mover": 2, "munderover": 3, "msub": 2, "msup": 2, "msubsup": 3, "mfrac": 2}
TOKEN_ELEMENTS = {"mi", "mn", "mo", "mtext", "mspace", "ms"}
EM_PER_UNIT = {"pt": 0.1, "px": 0.0625, "ex": 0.45, "mu": 1 / 18, "mm": 0.2845, "cm": 2.845, "in": 7.227}  # at 10 pt
TIGHT_COLUMN_GAP_EM = 0.05
WIDE_COLUMN_GAP_EM = 0.9
SPACED_OPERATORS = {"=", "<", ">", "≤", "≥", "≠", "≈", "≡", "∼", "∈", "→", "⇒", "⇔", "+", "−", "-", "±", "∓", "×", "⋅",
    "∝",
    "≔", "≅", "≃", "∣", "⊂", "⊆"}  # fmt: skip


class UnknownMathMLError(ValueError):
    """An element that the writers do not know, or XML that cannot be parsed."""


def parse_temml_mathml(text: str, chemical: bool = False) -> MathmlNode:
    """Return MathML as a tree in our own reduced form; in a chemical formula, scripts belong to what stands before.

    Raises UnknownMathMLError when it is not well-formed.
    """
    try:
        root = etree.fromstring(
            text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnknownMathMLError(str(error)) from error
    for node in list(root.iter(etree.Element)):
        if isinstance(node.tag, str):
            node.tag = etree.QName(node).localname
    _translate(root)
    set_prescripts(root)
    remove_overlapping_boxes(root)
    if chemical:
        for script in list(root.iter("msub", "msup", "msubsup")):
            attach_scripts_to_previous_letters(script)
    for child in list(root):
        _clean(child)
    _attributes(root)
    return root


def _translate(root: MathmlNode) -> None:
    """Write what Temml says by styles and classes as attributes and our own classes."""
    for node in list(root.iter("semantics")):
        replace_with_children(node, [node[0]] if len(node) else [])
    for node in list(root.iter(*CHILD_COUNT_BY_ELEMENT)):
        _move_out_operator_space(node)
    for node in list(root.iter()):
        _cell(node)
        _style(node)
        _accent(node)
    for node in list(root.iter("mtable")):
        _table(node)
    for node in list(root.iter()):
        _styled(node)
    for node in list(root.iter("mo")):
        _fence(node)
        _composed_operator(node)


def _clean(node: MathmlNode) -> None:
    """Reduce a node from its leaves up: drop rows, spaces and paddings that do nothing."""
    for child in list(node):
        _clean(child)
    _attributes(node)
    name, parent = node.tag, node.getparent()
    plain = not node.attrib
    if parent.tag in FIXED_ARITY_ELEMENTS:
        if name in ("mrow", "mpadded") and plain and len(node) == 1:
            replace_with_children(node, list(node))
    elif name == "mspace" and not length_em(node.get("width", "0")) and not node.get("class"):
        parent.remove(node)
    elif (name == "mpadded" and plain) or (name == "mrow" and plain and len(node) <= 1):
        replace_with_children(node, list(node))


def _attributes(node: MathmlNode) -> None:
    """Keep our own classes and the attributes of MathML Core."""
    own = [one for one in node.get("class", "").split() if one.startswith("math-")]
    for attribute in set(node.attrib) - KEPT_ATTRIBUTES:
        del node.attrib[attribute]
    if own:
        node.set("class", " ".join(own))
    if node.tag == "mpadded" and length_em(node.get("lspace", "0")) == 0 and node.get("lspace", "0") in ("0", "0em"):
        node.attrib.pop("lspace", None)


def length_em(text: str) -> float:
    """Return a length in em, 0 for one that is none."""
    match = LENGTH_WITH_UNIT.fullmatch(text.strip())
    if not match:
        return 0.0
    return float(match[1]) * EM_PER_UNIT.get(match[2] or "em", 1.0)


def _declarations(node: MathmlNode) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in node.get("style", "").split(";") if ":" in part)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _style(node: MathmlNode) -> None:
    """Write colors, sizes, frames and backward spaces of a style as attributes and classes."""
    style = _declarations(node)
    for attribute in ("mathcolor", "mathbackground"):
        if node.get(attribute):
            node.set(attribute, HEX_BY_COLOR_NAME.get(node.get(attribute).lower(), node.get(attribute).lower()))
    if not style:
        return
    for name, attribute in (("color", "mathcolor"), ("background-color", "mathbackground"), ("font-size", "mathsize")):
        if style.get(name, "undefined") != "undefined":
            value = style[name].lower()
            node.set(attribute, HEX_BY_COLOR_NAME.get(value, value) if attribute != "mathsize" else value)
    if node.tag == "mrow" and "border" in style:
        node.tag = "menclose"
        node.set("notation", "box")
        _add_class(node, "math-box")
    if style.get("margin-left", "").startswith("-") and not len(node):
        node.tag = "mspace"
        wanted = -length_em(style["margin-left"]) * 18
        _add_class(node, f"math-back-{min(NEGATIVE_SPACE_WIDTHS_MU, key=lambda step: abs(step - wanted))}")
        node.set("width", "0em")


def _add_class(node: MathmlNode, name: str) -> None:
    node.set("class", f"{node.get('class', '')} {name}".strip())


def _accent(node: MathmlNode) -> None:
    """Mark accents as such, strikes by one class, and lines over and under as accents that stretch."""
    if node.tag == "menclose":
        notation = node.get("notation", "")
        if "strike" in notation:
            _add_class(node, "math-strike")
            for child in list(node):
                if child.tag == "mrow" and not len(child) and not child.text:
                    node.remove(child)
        if notation in ("top", "bottom"):
            bar = etree.Element("mo", stretchy="true")
            bar.text = "‾" if notation == "top" else "_"
            inner = etree.Element("mrow")
            inner.extend(list(node))
            node.tag = "mover" if notation == "top" else "munder"
            node.attrib.clear()
            node.extend([inner[0] if len(inner) == 1 else inner, bar])
            node.set("accent" if notation == "top" else "accentunder", "true")
    elif node.tag in ("mover", "munder") and len(node) == 2 and node[1].tag == "mo":
        classes = node[1].get("class", "")
        if "acc" in classes or "vec" in classes or "tml-" in classes or "math-depth" in node[1].get("style", ""):
            node.set("accent" if node.tag == "mover" else "accentunder", "true")
            if node[1].text == "→" and node[1].get("stretchy") == "false":
                node[1].set("mathsize", "0.7em")  # as small as the arrow of \\vec


def _table(node: MathmlNode) -> None:
    """Translate the classes of a table, and say which operators stand between a cell and the one before it."""
    if "tml-jot" in node.get("class", ""):
        _add_class(node, "math-rows")
    _drop_outer_columns(node)
    for cell in node.iter("mtd"):
        shown = [child for child in cell if child.tag != "mspace"]
        if node.get("displaystyle") == "true" and "math-left" in cell.get("class", "") and shown and _spaced(shown[0]):
            shown[0].set("form", "infix")


def _spaced(node: MathmlNode) -> bool:
    return node.tag == "mo" and (node.text or "") in SPACED_OPERATORS and node.get("lspace") is None


def _cell(node: MathmlNode) -> None:
    """Translate the alignment, the gaps and the rules of a cell."""
    if node.tag != "mtd":
        return
    style = node.get("style", "")
    for side in ("left", "right"):
        if f"tml-{side}" in node.get("class", "") or f"text-align:{side}" in style.replace(" ", ""):
            _add_class(node, f"math-{side}")
        padding = _declarations(node).get(f"padding-{side}")
        if padding is not None and length_em(padding) < TIGHT_COLUMN_GAP_EM:
            _add_class(node, f"math-tight-{side}")
        elif padding is not None and side == "left" and length_em(padding) > WIDE_COLUMN_GAP_EM:
            _add_class(node, "math-wide-left")
    for side in dict.fromkeys(BORDER_DECLARATION.findall(style)):
        _add_class(node, f"math-line-{side}")
    if len(node) == 1 and node[0].tag == "mrow":
        replace_with_children(node[0], list(node[0]))


def _styled(node: MathmlNode) -> None:
    """Move sizes and levels to an <mstyle>, the only element that the schema of EPUB allows them on."""
    level = [name for name in ("displaystyle", "scriptlevel") if name in node.attrib]
    size = ["mathsize"] if "mathsize" in node.attrib and node.tag not in TOKEN_ELEMENTS else []
    moved = size + (level if node.tag not in ("mtable", "math") else [])
    if not moved or node.tag == "mstyle":
        return
    if node.tag == "mrow":
        node.tag = "mstyle"
        return
    style = etree.Element("mstyle", {name: node.attrib.pop(name) for name in moved})
    if (
        node.tag in TOKEN_ELEMENTS or node.tag in CHILD_COUNT_BY_ELEMENT
    ):  # what has no parts, or a fixed number, goes into it
        node.getparent().replace(node, style)
        style.append(node)
    else:
        style.extend(list(node))
        node.append(style)


def _composed_operator(node: MathmlNode) -> None:
    """Make an operator of several elements a row with the operator's spaces."""
    if not len(node):
        return
    spaces = [node.get(side) for side in ("lspace", "rspace")]
    node.tag = "mrow"
    node.attrib.clear()
    for index, width in ((0, spaces[0]), (len(node) + 1, spaces[1])):
        if width and length_em(width):
            node.insert(index, etree.Element("mspace", width=width))


def _fence(node: MathmlNode) -> None:
    """Mark the fences of a binomial as opening or closing and stretchy, which Temml leaves to the browser."""
    if (
        node.get("fence") == "true"
        and node.get("stretchy") is None
        and node.get("minsize") is None
        and node.get("form") is None
    ):
        node.set("form", "postfix" if node.getnext() is None else "prefix")
        node.set("stretchy", "true")


def _drop_outer_columns(table: MathmlNode) -> None:
    """Remove the empty columns that Temml sets beside equations to make room for their numbers."""
    rows = [row for row in table if row.tag == "mtr" and len(row) > 2]
    if rows and all(_makes_room(row[0]) and _makes_room(row[-1]) for row in rows):
        for row in rows:
            row.remove(row[-1])
            row.remove(row[0])
            _remove_class(row[0], "math-wide-left")


def _move_out_operator_space(node: MathmlNode) -> None:
    """Move what Temml writes behind a named operator, also where the operator is the base of scripts, behind those."""
    extra = [child for child in node if child.tag == "mspace" or child.text == "\u2061"]
    if len(node) - len(extra) == CHILD_COUNT_BY_ELEMENT[node.tag] < len(node):
        for child in reversed(extra):
            node.addnext(child)


def _makes_room(cell: MathmlNode) -> bool:
    return "width:50%" in cell.get("style", "") and not "".join(cell.itertext()).strip()


def _remove_class(node: MathmlNode, name: str) -> None:
    node.set("class", " ".join(one for one in node.get("class", "").split() if one != name))
