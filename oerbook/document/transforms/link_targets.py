"""Record the targets on a page: their names, the kinds of their numbers, and the texts of links to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node
from sphinx_proof.nodes import proof_node

from oerbook.document.context.page_state import SUBFIGURE_LETTER_ATTRIBUTE, LinkTarget, page_state

NODES_NOT_IN_LINK_TEXT = (
    nodes.footnote_reference,
    nodes.citation_reference,
    addnodes.index,
    nodes.target,
    nodes.system_message,
)
NUMBERED_KIND_BY_NODE = {"figure": "figure", "table": "table", "container": "code-block"}


def record_link_targets(app: Sphinx, doctree: nodes.document) -> None:
    """Record the targets of a page; links within the page become references, so that all are resolved in one place."""
    found = (*_headings(doctree), *_labelled(doctree), *_statements(doctree))
    targets = {target.name: target for target in found}
    page_state(app.env, app.env.current_document.docname).targets = targets
    _reopen_links(doctree, targets, app.env.current_document.docname)


def _headings(doctree: nodes.document) -> Iterator[LinkTarget]:
    """Yield the chapter under the name "", and headings under the slugs of their words."""
    for number, section in enumerate(doctree.findall(nodes.section)):
        title = next((child for child in section.children if isinstance(child, nodes.title)), None)
        if not number:
            yield LinkTarget("", "", "section", "", _words(title))
        for name in (*section["ids"], section.get("slug", "")) if section["ids"] else ():
            if name:
                yield LinkTarget(name, name, "section", section["ids"][0], _words(title))


def _labelled(doctree: nodes.document) -> Iterator[LinkTarget]:
    """Yield what has an explicit label, as Sphinx finds it."""
    for name, explicit in doctree.nametypes.items():
        identifier = doctree.nameids.get(name) if explicit else None
        node: Any = doctree.ids.get(identifier) if identifier else None
        if isinstance(node, nodes.target) and "refid" in node:
            node = doctree.ids.get(node["refid"])
        if isinstance(node, solution_node):
            yield LinkTarget(str(name), str(identifier), "solution", str(node.get("target_label")))
            continue
        if isinstance(node, proof_node):
            yield LinkTarget(str(name), str(identifier), "proof", "", (), "proof")
            continue
        if node is None or isinstance(node, nodes.footnote) or "refuri" in node or "realtype" in node:
            continue
        if not isinstance(node, nodes.definition_list | nodes.field_list | nodes.term | exercise_node):
            yield _target(str(name), str(identifier), node)


def _target(name: str, identifier: str, node: Any) -> LinkTarget:
    part = str(node.get(SUBFIGURE_LETTER_ATTRIBUTE) or "")
    figure = node.parent.parent if part else None
    if isinstance(figure, nodes.figure):
        return LinkTarget(name, identifier, "figure", figure["ids"][0] if figure["ids"] else "", subfigure_letter=part)
    title = next((child for child in node.children if isinstance(child, nodes.title | nodes.caption)), None)
    number_id = node["ids"][0] if node["ids"] else identifier
    if isinstance(node, nodes.section | nodes.rubric):
        words = _words(node if isinstance(node, nodes.rubric) else title)
        return LinkTarget(name, identifier, "section", number_id, words)
    if title is not None:
        return LinkTarget(name, identifier, NUMBERED_KIND_BY_NODE.get(node.tagname, "box"), number_id, _words(title))
    if node.tagname in admonitionlabels:
        label = str(admonitionlabels[node.tagname])
        return LinkTarget(name, identifier, "box", number_id, (nodes.Text(label),), is_titled=False)
    section = node
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    words = _words(section.children[0]) if section is not None and section.children else ()
    return LinkTarget(
        name, identifier, NUMBERED_KIND_BY_NODE.get(node.tagname, "other"), number_id, words, is_titled=False
    )


def _statements(doctree: nodes.document) -> Iterator[LinkTarget]:
    """Yield theorems and exercises."""
    for node in doctree.findall(nodes.Element):
        title: Any = node.children[0] if node.children else None
        if node.get("realtype") and title is not None:
            words = _words(title, strip=" ()")
            yield LinkTarget(node["label"], node["ids"][0], node["countertype"], node["label"], words, node["realtype"])
        elif isinstance(node, exercise_node | exercise_enumerable_node) and node.get("label"):
            subtitle = title.children[1] if title is not None and len(title.children) > 1 else None
            yield LinkTarget(node["label"], node["label"], "exercise", node["label"], _words(subtitle), "exercise")


def _words(title: Any, strip: str = "") -> tuple[nodes.Node, ...]:
    """Return the words of a title with their formulas and styles, without notes and anchors."""
    if title is None:
        return ()
    copy = title.deepcopy()
    for node in list(copy.findall(lambda n: isinstance(n, NODES_NOT_IN_LINK_TEXT))):
        node.parent.remove(node)
    for node in list(copy.findall(lambda n: isinstance(n, nodes.reference | addnodes.pending_xref))):
        node.replace_self(node.children)
    for node in copy.findall():
        node._document = None  # with it, every title would keep its whole page in the saved environment
        if isinstance(node, nodes.Element):
            node["ids"], node["names"] = [], []
    words = list(copy.children)
    for index in (0, -1) if strip else ():
        if words and isinstance(words[index], nodes.Text):
            words[index] = nodes.Text(str(words[index]).strip(strip))
    for node in words:
        node.parent = None
    return tuple(words)


def _reopen_links(doctree: nodes.document, targets: dict[str, LinkTarget], docname: str) -> None:
    """Turn links within the page, which MyST has resolved, into references again."""
    names = {target.identifier: target.name for target in targets.values() if target.identifier}
    for link in list(doctree.findall(nodes.reference)):
        name = names.get(link.get("refid", ""))
        if not link.get("id_link") or name is None:
            continue
        child: Any = link.children[0] if len(link.children) == 1 else None
        implicit = isinstance(child, nodes.inline) and child["classes"] == ["std", "std-ref"]
        content = nodes.inline("", "", *([] if implicit else link.children), classes=["xref", "myst"])
        attributes = {key: link[key] for key in ("reftitle",) if key in link}
        reference = addnodes.pending_xref(
            "",
            content,
            refdomain="doc",
            reftype="myst",
            reftarget=docname,
            reftargetid=name,
            refdoc=docname,
            refexplicit=not implicit,
            **attributes,
        )
        reference.line, reference.source = link.line, link.source
        link.replace_self(reference)
