"""Write figures and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from oerbook.importers.myst_writer.escaping import fence_for
from oerbook.importers.myst_writer.inlines import write_inlines
from oerbook.importers.myst_writer.state import PageState
from oerbook.importers.myst_writer.wrap import single_line
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.model.untyped import Json

# What programs write into the alternative text when the author wrote none.
MEANINGLESS_ALT = re.compile(
    r"\s*(?:(?:image|picture|figure|graphic|img|bild|grafik|imagen|immagine|afbeelding)?[ _-]?\d*"
    r"|[\w-]+\.(?:png|jpe?g|gif|svg|pdf|emf|wmf|tiff?))\s*",
    re.I,
)


def write_figure(state: PageState, block: Block, write_blocks: Callable[[PageState, Sequence[Block]], str]) -> str:
    """Return a figure with its pictures, caption and label; a figure without pictures is its content and caption."""
    (identifier, _classes, _pairs), (_short, caption), content = block["c"]
    images = list(_images(content))
    paths = [state.context.pictures.get(image["c"][2][0]) for image in images]
    if not images or None in paths:
        return write_blocks(state, [*content, *caption])
    state.counts["figures"] += len(images)
    caption_text = write_blocks(state, caption)
    options = [f":name: {state.context.labels[identifier]}"] if identifier in state.context.labels else []
    if len(images) == 1:
        head = f"{{figure}} {paths[0]}"
        options += _picture_options(images[0], caption_text)
        body = caption_text
    else:
        head = "{figure}"
        pictures = "\n".join(f"![{_alt(image)}]({path})" for image, path in zip(images, paths, strict=True))
        body = f"{pictures}\n\n{caption_text}"
    fence = fence_for(body)
    lines = [f"{fence}{head}", *options, *(["", body] if body.strip() else []), fence]
    return "\n".join(lines)


def write_picture(state: PageState, image: Inline) -> str:
    """Return a picture that stands alone, with its description and width."""
    return single_line(write_inlines(state, [image]))


def _picture_options(image: Inline, caption: str) -> list[str]:
    alt = _alt(image)
    options = [f":alt: {alt}"] if alt and alt != caption else []
    width = dict(image["c"][0][2]).get("width", "")
    return [*options, *([f":width: {width}"] if re.fullmatch(r"\d+(\.\d+)?%", width) else [])]


def _alt(image: Inline) -> str:
    text = "".join(_plain(inline) for inline in image["c"][1])
    text = " ".join(text.split())
    return "" if MEANINGLESS_ALT.fullmatch(text) else text


def _plain(inline: Inline) -> str:
    content: Json = inline.get("c")
    if inline["t"] in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if isinstance(content, str):
        return content
    if inline["t"] in ("Code", "Math"):
        return str(content[1])
    inner = content if inline["t"] not in ("Span", "Link", "Quoted", "Cite") else content[1]
    return "".join(_plain(item) for item in inner if isinstance(item, dict)) if isinstance(inner, list) else ""


def _images(blocks: Sequence[Block]) -> Iterator[Inline]:
    """Yield the images in paragraphs and divs."""
    for block in blocks:
        if block["t"] in ("Para", "Plain"):
            yield from (inline for inline in block["c"] if inline["t"] == "Image")
        elif block["t"] == "Div":
            yield from _images(block["c"][1])
