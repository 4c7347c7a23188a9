"""Convert links and pictures of wikitext."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import mwparserfromhell
from mwparserfromhell import nodes

from oerbook.importers.web.elements import append_content, make, text_of
from oerbook.importers.wikitext.lines import EmptyPiece, Piece
from oerbook.importers.wikitext.page_converter import PageConverter
from oerbook.importers.wikitext.state import LANGUAGE_PREFIX, normalize_title, page_link
from oerbook.model.untyped import XmlElement

PICTURE_OPTION = re.compile(
    r"thumb(?:nail)?|mini(?:atur)?|vignette|frame(?:d|less)?|border|left|right|center|none|rechts|links|zentriert|"
    r"upright(?:\s*=\s*[\d.]+)?|hochkant(?:\s*=\s*[\d.]+)?|\d*\s*x?\s*\d+\s*px|baseline|sub|super|top|text-top|middle|bottom|text-bottom|"
    r"(?:link|class|page|lang|thumbtime|start|end|verweis)\s*=.*|(?:thumb|miniatur)\s*=.*",
    re.I | re.S,
)
FRAMED = re.compile(r"thumb(?:nail)?|mini(?:atur)?|vignette|framed?", re.I)
ALT_OPTION = re.compile(r"\s*alt\w*\s*=(.*)", re.I | re.S)
SOUND_OR_VIDEO = (".ogg", ".oga", ".ogv", ".webm", ".wav", ".mp3", ".mp4", ".mid", ".opus", ".flac")


def convert_wikilink(converter: PageConverter, node: nodes.Wikilink) -> Sequence[Piece]:
    """Return a link, a picture, or nothing for a category and a link between languages."""
    title = str(node.title).strip()
    context = converter.state.context
    prefix, colon, rest = title.partition(":")
    space = prefix.strip().lower()
    if colon and space in context.file_names:
        return convert_picture(converter, rest.strip(), split_options(str(node.text or "")))
    if colon and space in context.category_names:
        converter.state.categories.append(" ".join(rest.split()))
        return [EmptyPiece()]
    if colon and LANGUAGE_PREFIX.fullmatch(space) and len(space) in (2, 3) and not node.text and space not in ("doi",):
        converter.state.dropped["links to other languages"] += 1
        return [EmptyPiece()]
    if node.text is not None and str(node.text).strip():
        text = converter.inline(node.text)
    else:
        shown = title.lstrip(":") if not node.text else re.sub(r"^[^:]*:|\s*\([^)]*\)$", "", title)
        text = [shown.strip("/")]
    return page_link(converter.state, title, text)


def convert_external_link(converter: PageConverter, node: nodes.ExternalLink) -> Sequence[Piece]:
    """Return a link to the web."""
    url = str(node.url).strip()
    if url.startswith("//"):
        url = f"https:{url}"
    if url.lower().startswith("mailto:"):
        return converter.inline(node.title) if node.title is not None else [EmptyPiece()]
    content = converter.inline(node.title) if node.title is not None else [url]
    return [append_content(make("a", href=url), content)]


def split_options(text: str) -> list[str]:
    """Return the parts of a picture's options, not divided inside links, templates and tags.

    >>> split_options("thumb|A [[b|c]]|alt=x")
    ['thumb', 'A [[b|c]]', 'alt=x']
    """
    parts, depth, current = [], 0, ""
    for piece in re.split(r"(\[\[|\]\]|\{\{|\}\}|<math>.*?</math>|\|)", text, flags=re.S):
        if piece == "|" and depth == 0:
            parts.append(current)
            current = ""
            continue
        depth += (piece in ("[[", "{{")) - (piece in ("]]", "}}"))
        current += piece
    return [*parts, current] if text else []


def convert_picture(converter: PageConverter, name: str, options: Sequence[str]) -> list[Piece]:
    """Return a picture as a figure, or in the line if it has no caption and no frame."""
    caption, alt, framed = "", "", False
    for option in options:
        stripped = option.strip()
        match = ALT_OPTION.fullmatch(option)
        if match:
            alt = " ".join(mwparserfromhell.parse(match[1]).strip_code().split())
        elif PICTURE_OPTION.fullmatch(stripped):
            framed = framed or bool(FRAMED.fullmatch(stripped))
        elif stripped:
            caption = option
    content = converter.inline(mwparserfromhell.parse(caption.strip())) if caption else []
    image = _make_image(
        converter, name, alt or "".join(c if isinstance(c, str) else text_of(c) for c in content) * (not framed)
    )
    if not framed and not caption:
        return [image]
    if not framed:
        image.set("alt", alt or text_of(append_content(make("span"), content)))
        return [image]
    figure = make("figure")
    figure.append(image)
    if content:
        figure.append(append_content(make("figcaption"), content))
    return [figure]


def convert_gallery(converter: PageConverter, node: nodes.Tag) -> Iterator[Piece]:
    """Yield each picture of a gallery as a figure."""
    for line in str(node.contents or "").split("\n"):
        name, bar, rest = line.strip().partition("|")
        prefix, colon, file_name = name.partition(":")
        if not name or name.startswith("<!--"):
            continue
        if not colon or prefix.strip().lower() not in converter.state.context.file_names:
            file_name = name
        yield from convert_picture(converter, file_name, ["thumb", *(split_options(rest) if bar else [])])


def _make_image(converter: PageConverter, name: str, alt: str) -> XmlElement:
    context = converter.state.context
    title = normalize_title(name)
    known = context.pictures.get(title)
    if known:
        return make("img", src=known, alt=alt)
    if not context.base_url:
        return make("img", src=title.replace(" ", "_"), alt=alt or title)
    address = f"{context.base_url}File:{quote(title.replace(' ', '_'))}"
    if title.lower().endswith(SOUND_OR_VIDEO):
        return make("a", alt or title, href=address)
    return make("img", src=address, alt=alt or title)
