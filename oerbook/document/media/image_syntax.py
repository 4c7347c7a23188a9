"""Turn images that name a video, a recording or a page to embed into media: `![](film.mp4)`, `{figure} film.mp4`."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import context_of
from oerbook.document.media.media_node import (
    MediaNode,
    MediaRequest,
    file_reference_of,
    is_media_target,
    is_web_address,
    make_media_node,
)


def convert_media_images(app: Sphinx, doctree: nodes.document) -> None:
    """Replace images that name no picture; media in a line of text become links."""
    context, docname = context_of(app), app.env.current_document.docname
    hosts = context.book.settings.embeds
    for image in list(doctree.findall(nodes.image)):
        target = str(image.get("uri", ""))
        if isinstance(image.parent, MediaNode) or not is_media_target(target, hosts):
            continue
        options = {key: str(image[key]) for key in ("alt", "title", "width", "height") if image.get(key)}
        node = make_media_node(MediaRequest(target, "", options), docname, hosts)
        node["ids"], node["names"] = image["ids"], image["names"]
        for part in node.findall(nodes.Element):
            part.line, part.source = image.line or image.parent.line, image.source
        image.replace_self(node)
    for node in list(doctree.findall(MediaNode)):
        _place_between_paragraphs(node)


def _place_between_paragraphs(node: Any) -> None:
    """Take a medium out of a paragraph that holds nothing else; replace it by a link if there are words around it."""
    while isinstance(node.parent, nodes.reference) and len(node.parent.children) == 1:
        node.parent.replace_self(node)
    paragraph = node.parent
    if not isinstance(paragraph, nodes.TextElement):
        return
    others = [child for child in paragraph.children if child is not node]
    is_alone = all(isinstance(child, nodes.Text) and not child.astext().strip() for child in others)
    if is_alone and isinstance(paragraph, nodes.paragraph):
        node.line = node.line or paragraph.line
        node["ids"] += paragraph["ids"]
        paragraph.replace_self(node)
    elif isinstance(paragraph, nodes.paragraph) and all(isinstance(child, MediaNode) for child in paragraph.children):
        paragraph.replace_self(paragraph.children)
    else:
        node.replace_self(_link(node))


def _link(node: Any) -> nodes.Element:
    words = node["title"] or node["target"].rpartition("/")[2]
    if is_web_address(node["target"]):
        return nodes.reference("", words, refuri=node["address"])
    link = file_reference_of(node)
    assert isinstance(link, addnodes.download_reference)
    link += nodes.inline("", words)
    return link
