"""MathML of a formula for web pages and EPUB, from its tree."""

from __future__ import annotations

from lxml import etree

from oerbook.formulas.chemistry import replace_with_children
from oerbook.model.untyped import MathmlNode

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ROW_ELEMENTS = ("math", "mrow", "mtd", "mstyle", "mpadded")
SPACE_LIKE_ELEMENTS = {"mtext", "mspace"}
BINARY_OPERATORS = "+−-±∓×⋅∗"
PRIME_CHARS = "′″‴⁗"


def write_mathml(root: MathmlNode, alt: str, tex: str) -> str:
    """Return a tree as the <math> element of a page, with its words and its TeX.

    This changes the tree.
    """
    for node in list(root.iter("msup", "msubsup")):
        _lower_primes(node)
    for node in list(root.iter(*ROW_ELEMENTS)):
        _space_lone_operator(node)
    shown = etree.Element("math", xmlns=NAMESPACE)
    shown.set("alttext", alt)
    if root.get("display") == "block":
        shown.set("display", "block")
    semantics = etree.SubElement(shown, "semantics")
    row = etree.SubElement(semantics, "mrow")
    single = len(root) == 1 and root[0].tag == "mrow" and not root[0].attrib
    row.extend(list(root[0]) if single else list(root))
    note = etree.SubElement(semantics, "annotation", encoding="application/x-tex")
    note.text = tex
    return etree.tostring(shown, encoding="unicode")


def _lower_primes(node: MathmlNode) -> None:
    """Set primes beside their letter: they are drawn raised and small, and browsers would do it again."""
    script = node[-1]
    parts = [script] if script.tag == "mo" else list(script) if script.tag == "mrow" else []
    primes = [part for part in parts if part.tag == "mo" and part.text in PRIME_CHARS]
    if not primes or parts[: len(primes)] != primes:
        return
    row = etree.Element("mrow")
    replace_with_children(node, [row])
    rest = parts[len(primes) :]
    if node.tag == "msubsup":
        base = etree.Element("msub")
        base.extend([node[0], node[1]])
    else:
        base = node[0]
    row.extend([base, *primes])
    if rest:
        power = etree.Element("msup")
        raised = etree.Element("mrow")
        raised.extend(rest)
        replace_with_children(row, [power])
        power.extend([row, raised])


def _space_lone_operator(row: MathmlNode) -> None:
    """Write out the spaces of an operator among words only: for MathML, words are space, and such a row has none.

    See "embellished operators", https://w3c.github.io/mathml-core/#embellished-operators.
    """
    operators = [child for child in row if child.tag not in SPACE_LIKE_ELEMENTS]
    if len(operators) != 1 or operators[0].tag != "mo" or len(row) < 2:
        return
    operator = operators[0]
    if row.find("mtext") is None:  # Temml has written the spaces already
        if all(operator.get(side) is None for side in ("lspace", "rspace")):
            operator.set("lspace", "0em")
            operator.set("rspace", "0em")
        return
    inner = 0 < row.index(operator) < len(row) - 1
    if operator.get("lspace") or not (inner or operator.get("form") == "infix") or operator.get("stretchy") == "true":
        return
    width = "0.2222em" if (operator.text or "") in BINARY_OPERATORS else "0.2778em"
    operator.set("lspace", "0em")
    operator.set("rspace", "0em")
    index = row.index(operator)
    row.insert(index + 1, etree.Element("mspace", width=width))
    row.insert(index, etree.Element("mspace", width=width))
