"""Figures of several pictures: `{subfigure}`, mystmd's `{figure}` without a file, Quarto's `::: {#fig-x}`.

The pictures stand side by side above one caption. If they have captions or labels of their own, they are called (a),
(b) and so on, and a reference to one of them shows the number of the figure and its letter.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from oerbook.document.context.page_state import SUBFIGURE_LETTER_ATTRIBUTE

IGNORED_LAYOUT_OPTIONS = (
    "gap",
    "layout-sm",
    "layout-md",
    "layout-lg",
    "layout-xl",
    "layout-xxl",
    "width",
    "number",
    "alt",
)


class SubfigureDirective(SphinxDirective):
    """`{subfigure}`: pictures side by side above one caption; the layout of the grid is left to the book."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {
        "name": directives.unchanged,
        "class": directives.class_option,
        "align": directives.unchanged,
        "subcaptions": directives.unchanged,
        **dict.fromkeys(IGNORED_LAYOUT_OPTIONS, directives.unchanged),
    }

    def run(self) -> list[nodes.Node]:
        """Return a figure, or the content as it is if it has no pictures."""
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        figure = nodes.figure(classes=self.options.get("class", []))
        self.set_source_info(figure)
        row = nodes.paragraph()
        rest: list[nodes.Node] = []
        for child in content.children:
            if _is_picture(child) or (isinstance(child, nodes.target) and not rest):
                row += _without_figure(child)
            else:
                rest.append(child)
        for target in row.findall(nodes.target):  # in place of the inner figure that had the label
            self.state.document.ids.update(dict.fromkeys(target["ids"], target))
        images = list(row.findall(nodes.image))
        if not images:
            return list(content.children)
        self.set_source_info(row)
        figure += row
        self.add_name(figure)
        figure += self._words(rest, self._parts(row, images, next(iter(figure["names"]), "")))
        return [figure]

    def _parts(self, row: nodes.paragraph, images: list[nodes.image], label: str) -> list[nodes.Node]:
        """Name the pictures by letters, if they have captions or labels; return their captions in one line."""
        has_captions = any(image.get("part_words") for image in images) or "subcaptions" in self.options
        has_labels = label or any(isinstance(child, nodes.target) for child in row.children)
        if len(images) < 2 or not (has_captions or has_labels):
            return []
        words: list[nodes.Node] = []
        letters = (f"{first}{letter}" for first in ("", *string.ascii_lowercase) for letter in string.ascii_lowercase)
        for letter, image in zip(letters, images, strict=False):
            image[SUBFIGURE_LETTER_ATTRIBUTE] = letter
            before: Any = row.children[row.index(image) - 1] if image.parent is row else None
            if label and image.parent is row and not isinstance(before, nodes.target):
                before = self._label(image, f"{label}-{letter}")
            if isinstance(before, nodes.target):
                before[SUBFIGURE_LETTER_ATTRIBUTE] = letter
            own = image.attributes.pop("part_words", None) or [nodes.Text(str(image.get("alt") or ""))]
            words += [nodes.Text(f"{' ' if words else ''}({letter})\N{NO-BREAK SPACE}"), *own] if has_captions else []
        return words

    def _label(self, image: nodes.image, name: str) -> nodes.target:
        """Give a picture without a label that of its figure and its letter, as mystmd does: `fig-soil-a`."""
        target = nodes.target("", "", names=[nodes.fully_normalize_name(name)])
        self.state.document.note_explicit_target(target, target)
        image.parent.insert(image.parent.index(image), target)
        return target

    def _words(self, rest: list[nodes.Node], parts: list[nodes.Node]) -> Iterator[nodes.Node]:
        """Yield the caption, and a legend with the captions of the parts and further paragraphs."""
        first = rest[0] if rest and isinstance(rest[0], nodes.paragraph) else None
        legend: list[nodes.Node] = [nodes.paragraph("", "", *parts)] if parts else []
        legend += rest[1:] if first is not None else rest
        if first is not None or parts:
            caption = nodes.caption("", "", *(first.children if first is not None else parts))
            caption.source, caption.line = self.get_source_info()
            yield caption
            legend = legend if first is not None else legend[1:]
        if legend:
            yield nodes.legend("", *legend)


def _is_picture(node: nodes.Node) -> bool:
    if isinstance(node, nodes.paragraph):
        words = any(text.strip() for text in node.findall(nodes.Text))
        return not words and any(True for _image in node.findall(nodes.image))
    return isinstance(node, nodes.image | nodes.figure)


def _without_figure(node: Any) -> list[nodes.Node]:
    """Return the pictures of a paragraph or an inner figure; its words and labels go to its picture."""
    if isinstance(node, nodes.paragraph):
        return list(node.children)
    if not isinstance(node, nodes.figure):
        return [node]
    image = next(iter(node.findall(nodes.image)), None)
    if image is None:
        return []
    caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
    image["part_words"] = list(caption.children) if caption is not None else []
    target = nodes.target("", "", ids=node["ids"], names=node["names"])
    return [target, image] if node["names"] else [image]
