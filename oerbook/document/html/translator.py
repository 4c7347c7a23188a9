"""HTML in which passages name their language and direction."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from oerbook.document.context.build_context import context_of
from oerbook.document.context.languages import direction_attributes
from oerbook.document.html.responsive_images import image_attributes
from oerbook.document.transforms.image_files import PREPARED_FOLDER


class BookTranslator(HTML5Translator):
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
        return super().starttag(node, *args, **({"dir": direction} | kwargs if direction else kwargs))
