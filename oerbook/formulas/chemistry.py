"""Convert scripts and arrows of chemical formulas, which Temml builds from phantoms and boxes, to plain MathML."""

from __future__ import annotations

from lxml import etree

from oerbook.model.untyped import MathmlNode

FIXED_ARITY_ELEMENTS = {
    "mfrac",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mtable",
    "mtr",
}


def replace_with_children(node: MathmlNode, children: list[MathmlNode]) -> None:
    """Put other nodes in the place of one."""
    parent = node.getparent()
    index = parent.index(node)
    parent.remove(node)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)


def set_prescripts(root: MathmlNode) -> None:
    """Set scripts that stand before their letter, which Temml builds from phantoms, as <mmultiscripts>."""
    for node in list(root.iter("msub", "msup", "msubsup")):
        if _visible(node[0]) or (node[0].find(".//mphantom") is None and node[0].tag != "mphantom"):
            continue
        after = node.getnext()
        if not _visible(node):
            node.getparent().remove(node)
        elif after is not None:
            scripts = {"msub": (node[1], None), "msup": (None, node[1])}.get(node.tag) or (node[1], node[2])
            whole = etree.Element("mmultiscripts")
            node.getparent().replace(node, whole)
            whole.extend([after, etree.Element("mprescripts"), *(_solid(script) for script in scripts)])


def _solid(script: MathmlNode) -> MathmlNode:
    """Return a script without the phantoms in it."""
    if script is None:
        return etree.Element("mrow")
    for phantom in list(script.iter("mphantom")):
        if phantom.getparent() is not None:
            phantom.getparent().remove(phantom)
    for padded in script.iter("mpadded"):
        padded.attrib.clear()
    return script


def _visible(node: MathmlNode) -> bool:
    """Say whether a node shows anything: text outside of phantoms."""
    if node.tag == "mphantom":
        return False
    return bool((node.text or "").strip()) or any(_visible(child) for child in node)


def stack_equilibrium_arrows(node: MathmlNode) -> None:
    """Set the two harpoons of an uneven equilibrium over each other."""
    lower, upper = (next(one for one in node.iter("mo") if one.text == sign) for sign in "↽⇀")
    stacked = etree.Element("mover")
    stacked.extend([lower, upper])
    for arrow in (lower, upper):
        arrow.attrib.clear()
    replace_with_children(
        node, [etree.Element("mspace", width="0.2778em"), stacked, etree.Element("mspace", width="0.2778em")]
    )


def attach_scripts_to_previous_letters(node: MathmlNode) -> None:
    """Give a script without a base, as chemical formulas have it, the letters before it as its base."""
    before = node.getprevious()
    if node[0].tag != "mrow" or len(node[0]) or before is None or node.getparent().tag in FIXED_ARITY_ELEMENTS:
        return
    letters = before.tag in ("mi", "mn", "mtext", "msub", "mmultiscripts", "mpadded")
    if letters or (before.tag == "mrow" and _visible(before)) or before.text in (")", "]"):
        node.replace(node[0], before)


def remove_overlapping_boxes(root: MathmlNode) -> None:
    """Give boxes that TeX prints over their neighbours a width, since browsers do not move them back."""
    for node in list(root.iter("mpadded")):
        if node.getparent() is None:
            continue
        if sorted("".join(node.itertext())) == ["↽", "⇀"]:
            stack_equilibrium_arrows(node)
        elif "width" in node.get("lspace", ""):
            for padded in node.findall("mpadded"):
                if padded.find("mphantom") is not None:
                    node.remove(padded)
            node.attrib.clear()
        elif node.get("width") == "0.1px":
            node.attrib.clear()
