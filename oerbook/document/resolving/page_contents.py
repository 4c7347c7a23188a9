"""List what a resolved page holds, to compare it with what each finished file shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from oerbook.document.context.build_context import BuildContext
from oerbook.document.context.languages import direction_attributes
from oerbook.document.context.line_numbers import ancestors
from oerbook.document.media.media_node import MediaNode
from oerbook.model.content import ContentItem, PageContent

if TYPE_CHECKING:
    from oerbook.document.resolving.builder import BookBuilder

PASSAGE_NODES = (nodes.paragraph, nodes.title, nodes.caption, nodes.rubric, nodes.term, nodes.line, nodes.attribution)
CONTENT_KINDS: dict[type[nodes.Node], str] = {
    nodes.math: "formula",
    nodes.math_block: "formula",
    nodes.image: "image",
    nodes.table: "table",
    nodes.entry: "cell",
    nodes.footnote: "note",
    nodes.literal_block: "code",
}
# What these hold is shown by some formats only, or nowhere.
SKIPPED_NODES = (
    addnodes.only,
    addnodes.toctree,
    addnodes.index,
    addnodes.highlightlang,
    nodes.comment,
    nodes.raw,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.meta,
)
SKIPPED_NODE_NAMES = frozenset(["todo_node", "HiddenCellNode"])
SKIPPED_CLASSES = frozenset(["placeholder", "missing", "missing-image", "toctree-wrapper", "html-only"])
FRAME_COMMAND = re.compile(r"\\(?:boxed|fbox)(?![A-Za-z])")
SEPARATE_WORD_NODES = (nodes.subscript, nodes.superscript)  # as in the file readers, no part of the word before them


def list_page_contents(context: BuildContext, builder: BookBuilder) -> tuple[PageContent, ...]:
    """Return the content of every page of the book that was just read."""
    return tuple(_cached_page(context, builder, name) for name in builder.cache_keys)


def _cached_page(context: BuildContext, builder: BookBuilder, name: str) -> PageContent:
    key = builder.cache_keys[name]
    cached = builder.cache.get("content", key, PageContent)
    if cached is None:
        tree = builder.load_resolved_page(name)
        items = tuple(_items(context, tree, name))
        cached = PageContent(name, context.relative_path(name), items)
        builder.cache.put("content", key, cached)
    return cached


def _items(context: BuildContext, tree: nodes.document, name: str) -> Iterator[ContentItem]:
    notes = _notes_of_the_text(tree)
    for node in _shown(tree):
        kind = CONTENT_KINDS.get(type(node), "")
        if _is_heading_of_notes(node):
            continue  # formats with notes at the foot of pages leave it out
        for feature in _features(node):
            yield ContentItem(feature, "", context.place_of(node, name))
        if isinstance(node, PASSAGE_NODES) or kind == "code":
            yield ContentItem(kind or "text", _text(node), context.place_of(node, name))
        elif kind and not (kind == "image" and _is_decoration(node)) and not (kind == "note" and node not in notes):
            yield ContentItem(kind, "", context.place_of(node, name))


def _features(node: Any) -> Iterator[str]:
    """Yield what a node has beside its words, once for each."""
    if isinstance(node, nodes.entry):
        if node.get("morecols") or node.get("morerows"):
            yield "span"
        if isinstance(node.parent.parent, nodes.thead):
            yield "head"
    elif isinstance(node, nodes.literal_block):
        if node.get("linenos"):
            yield from ["line-number"] * (node.astext().rstrip("\n").count("\n") + 1)
        arguments: Any = node.get("highlight_args", {})
        yield from ["line-mark"] * len(set(arguments.get("hl_lines", ())))
    elif isinstance(node, nodes.math | nodes.math_block):
        yield from ["frame"] * len(FRAME_COMMAND.findall(node.astext()))
    if not isinstance(node, nodes.document | nodes.title):
        marks = direction_attributes(node.get("classes", []))
        yield from ["language"] * ("lang" in marks)
        yield from ["right-to-left"] * (marks.get("dir") == "rtl")


def _shown(node: Any) -> Iterator[Any]:
    """Yield a node and all below it that every format shows."""
    yield node
    for child in node.children:
        if not isinstance(child, nodes.Element) or isinstance(child, SKIPPED_NODES):
            continue
        if type(child).__name__ in SKIPPED_NODE_NAMES or SKIPPED_CLASSES & set(child.get("classes", ())):
            continue
        yield from _shown(child)


def _text(node: Any) -> str:
    """Return the text of a passage without its formulas and the marks of its notes."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, (nodes.math, nodes.math_block, nodes.footnote_reference, nodes.image, *SKIPPED_NODES)):
        return " "
    text = "".join(_text(child) for child in node.children if not isinstance(child, PASSAGE_NODES))
    flows = isinstance(node, (nodes.Inline, nodes.TextElement)) and not isinstance(node, SEPARATE_WORD_NODES)
    return text if flows else f" {text} "


def _is_heading_of_notes(node: Any) -> bool:
    """Return whether a node is the title of a section that holds nothing but footnotes."""
    if not isinstance(node, nodes.title) or next(iter(node.findall(nodes.footnote_reference)), None) is not None:
        return False
    rest = [child for child in node.parent.children if child is not node]
    return all(isinstance(child, nodes.footnote | nodes.Invisible | nodes.target) for child in rest)


def _notes_of_the_text(tree: nodes.document) -> list[Any]:
    """Return the footnotes to which the text refers; formats may set the others as paragraphs, or in other notes."""
    references = [one for one in tree.findall(nodes.footnote_reference) if not _is_inside_note(one)]
    named = {reference.get("refid") for reference in references}
    return [note for note in tree.findall(nodes.footnote) if not named.isdisjoint(note["ids"])]


def _is_inside_note(node: Any) -> bool:
    return any(isinstance(ancestor, nodes.footnote) for ancestor in ancestors(node))


def _is_decoration(image: Any) -> bool:
    """Return whether an image has no file of its own to show, or is the poster of a video, which a player replaces."""
    return not image.get("uri") or isinstance(image.parent, MediaNode)
