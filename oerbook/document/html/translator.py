"""HTML in which passages name their language and direction."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from oerbook.document.context.build_context import context_of
from oerbook.document.context.languages import direction_attributes
from oerbook.document.html.responsive_images import image_attributes
from oerbook.document.transforms.image_files import PREPARED_FOLDER
from oerbook.metadata.labels import translated_label

COLLAPSIBLE_CLASSES = frozenset(["dropdown", "toggle", "toggle-shown"])


class BookHtmlTranslator(HTML5Translator):
    """HTML translator that adds `dir` attributes for direction classes, and sizes and copies of images."""

    _image_uri = ""  # of the image that is being written, relative to the sources

    def visit_image(self, node: Any) -> None:
        """Write an image with its size and smaller copies."""
        self._image_uri = str(node["uri"])
        super().visit_image(node)

    def starttag(self, node: Any, *args: Any, **kwargs: Any) -> str:
        """Return an opening tag, with the direction of its node."""
        direction = (
            direction_attributes(node.get("classes", [])).get("dir") if isinstance(node, nodes.Element) else None
        )
        if args[:1] == ("img",) and isinstance(node, nodes.image):
            folder = context_of(self.builder.app).cache_dir / PREPARED_FOLDER
            kwargs |= image_attributes(self.builder, folder, node, self._image_uri)
        args, kwargs = _semantic_tag(node, args, kwargs)
        return super().starttag(node, *args, **({"dir": direction} | kwargs if direction else kwargs))

    def visit_entry(self, node: Any) -> None:
        """Write a cell; docutils does not count the cells that reach down from rows above."""
        row = node.parent
        while row.column in columns_covered_by_rowspans(row):
            row.column += 1
        stubs = row.parent.parent.stubs
        is_stub, stubs[row.column] = stubs[row.column], stubs[row.column] or node.get("head", False)
        column = row.column
        super().visit_entry(node)
        stubs[column] = is_stub

    def dispatch_visit(self, node: Any) -> Any:
        """Open a node; `{toggle}` is opened by a word of its own."""
        result = super().dispatch_visit(node)
        if _is_details(node) and "toggle" in node["classes"]:
            label = translated_label(context_of(self.builder.app).book, "show")
            self.body.append(f"<summary>{self.encode(label)}</summary>")
        return result

    def visit_title(self, node: Any) -> None:
        """Write a title; that of a box that folds is its summary, which opens the box and so holds no links."""
        folded = is_collapsed(node.parent)
        for link in list(node.findall(nodes.reference)) if folded else []:
            link.replace_self(link.children)
        super().visit_title(node)
        if folded:
            self.context[-1] = self.context[-1].replace("</p>", "</summary>")

    def dispatch_departure(self, node: Any) -> Any:
        """Close a node; a box that folds is an element `details`."""
        result = super().dispatch_departure(node)
        if _is_summary(node):
            self._replace_end("p", "summary")
        if is_collapsed(node) or _is_details(node):
            self._replace_end("div", "details")
        return result

    def _replace_end(self, written: str, wanted: str) -> None:
        """Replace the last end tag that was written."""
        end = f"</{written}>"
        last = next(index for index in reversed(range(len(self.body))) if end in self.body[index])
        before, _end, after = self.body[last].rpartition(end)
        self.body[last] = f"{before}</{wanted}>{after}"


def columns_covered_by_rowspans(row: Any) -> frozenset[int]:
    """Return the columns of a row that cells of rows above cover."""
    if "covered" not in row:
        depths: dict[int, int] = {}  # by column, the rows that a cell still covers
        for other in row.parent.children:
            covered = frozenset(column for column, depth in depths.items() if depth)
            other["covered"] = covered
            depths = {column: depth - 1 for column, depth in depths.items() if depth}
            column = 0
            for entry in other.children:
                while column in covered:
                    column += 1
                width = int(entry.get("morecols", 0)) + 1
                depths |= dict.fromkeys(range(column, column + width), int(entry.get("morerows", 0)))
                column += width
    result: frozenset[int] = row["covered"]
    return result


def is_collapsed(node: Any) -> bool:
    """Return whether a box shows only its title until readers open it."""
    is_box = isinstance(node, nodes.Element) and isinstance(node, nodes.Admonition)
    return is_box and not COLLAPSIBLE_CLASSES.isdisjoint(node["classes"])


def _is_details(node: Any) -> bool:
    """Return whether a node stands for an author's `<details>`."""
    return isinstance(node, nodes.container) and bool({"details", "toggle"} & set(node["classes"]))


def _is_summary(node: Any) -> bool:
    """Return whether a node is the title of an author's `<details>`."""
    return isinstance(node, nodes.rubric) and "summary" in node["classes"] and _is_details(node.parent)


def _semantic_tag(node: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments of `starttag` for boxes that fold, and for heads of rows and columns."""
    if args[:1] == ("div",) and is_collapsed(node):
        return ("details", *args[1:]), {**kwargs, **({"open": "open"} if node.get("open") else {})}
    if args[:1] == ("p",) and isinstance(node, nodes.title) and is_collapsed(node.parent):
        return ("summary", *args[1:]), kwargs
    if args[:1] == ("div",) and _is_details(node):
        return ("details", *args[1:]), {**kwargs, **({"open": "open"} if node.get("open") else {})}
    if args[:1] == ("p",) and _is_summary(node):
        return ("summary", *args[1:]), kwargs
    if args[:1] == ("th",) and isinstance(node, nodes.entry) and node.astext().strip():
        scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
        return args, {**kwargs, "scope": scope}
    return args, kwargs
