"""The node of a video, a recording or an embedded page, however a chapter writes it.

A file of the book is a download reference in the node, so that it is looked up, sanitized and copied as every download.
A poster is an image in the node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from docutils import nodes
from sphinx import addnodes

from oerbook.media.embeds import AUDIO, VIDEO, WIDGET, identify_embed
from oerbook.media.kinds import AUDIO_SUFFIXES, is_media_name, is_video_name

FLAG_OPTIONS = ("loop", "muted", "silent")
PIXELS = re.compile(r"\s*(\d{2,4})(?:px)?\s*")
PERCENT = re.compile(r"\s*(\d{1,3})\s*%\s*")
WEB_ADDRESS = re.compile(r"\s*(?:https?:)?//", re.I)
CAPTION_KINDS = ("captions", "subtitles")


class MediaNode(nodes.General, nodes.Element):
    """A video, a recording or an embedded page.

    Its attributes are those of `MediaRequest`; of an embedded page also those of `Embed`, of a file those that
    `media_files.check_media` finds out.
    """


@dataclass(frozen=True, slots=True)
class MediaRequest:
    """What an author asks for: the file or address, its kind ("" if the suffix says it), and options by name."""

    target: str
    kind: str = ""  # video, audio or widget
    options: Mapping[str, str] | None = None


def is_web_address(target: str) -> bool:
    """Return whether a target is an address on the web and no file of the book.

    >>> is_web_address("https://vimeo.com/1"), is_web_address("//vimeo.com/1"), is_web_address("film.mp4")
    (True, True, False)
    """
    return WEB_ADDRESS.match(target) is not None


def is_media_target(target: str, more_hosts: tuple[str, ...]) -> bool:
    """Return whether an image names a video or a recording, or a page that can be embedded."""
    if is_web_address(target):
        return identify_embed(target, more_hosts) is not None
    return is_media_name(unquote(target).partition("?")[0].partition("#")[0])


def make_media_node(request: MediaRequest, docname: str, more_hosts: tuple[str, ...]) -> MediaNode:
    """Return the node for what an author asks for."""
    options = dict(request.options or {})
    target = request.target.strip()
    kind = request.kind or (VIDEO if is_video_name(unquote(target)) else AUDIO)
    title = " ".join((options.get("title") or options.get("alt") or options.get("text") or "").split())
    node = MediaNode(kind=kind, title=title, target=target, flags=[flag for flag in FLAG_OPTIONS if flag in options])
    node["captions"] = [
        (file, name) for name in CAPTION_KINDS for file in re.split(r"[\s,]+", options.get(name, "").strip()) if file
    ]
    node["classes"] += options.get("class", "").split()
    if is_web_address(target):
        _add_embed(node, target, more_hosts)
    else:
        node += _file_reference(unquote(target), docname)
    _add_size(node, options)
    poster = options.get("poster") or options.get("placeholder") or ""
    if poster:
        node += nodes.image(uri=poster, alt=title or poster)
    return node


def _add_embed(node: MediaNode, target: str, more_hosts: tuple[str, ...]) -> None:
    embed = identify_embed(target, more_hosts)
    address = f"https:{target}" if target.startswith("//") else target
    node["address"], node["site"], node["player"] = address, urlsplit(address).hostname or "", ""
    if embed is None:
        return
    if node["kind"] != AUDIO or embed.kind == AUDIO:
        node["kind"] = embed.kind
    node["address"], node["site"], node["player"], node["host"] = embed.address, embed.site, embed.player, embed.host
    node["width"], node["height"] = embed.size
    node["needs_referrer"] = embed.needs_referrer


def _file_reference(target: str, docname: str) -> addnodes.download_reference:
    link = addnodes.download_reference("", "", reftarget=target, reftype="download")
    link.attributes.update(refdomain="", refdoc=docname, refexplicit=True, refwarn=False)
    return link


def _add_size(node: MediaNode, options: Mapping[str, str]) -> None:
    """Set the size in pixels, or the share of the text's width."""
    for key in ("width", "height"):
        if match := PIXELS.fullmatch(options.get(key, "")):
            node[key] = int(match[1])
    if match := PERCENT.fullmatch(options.get("width", "")):
        node["share"] = min(100, max(10, int(match[1])))


def file_reference_of(node: Any) -> addnodes.download_reference | None:
    """Return the reference to the file of a node, None for an embedded page or a missing file."""
    return next((child for child in node.children if isinstance(child, addnodes.download_reference)), None)


def kind_of_target(target: str) -> str:
    """Return the kind of a target of `{iframe}`: a widget, unless it is a file of the book."""
    suffix = "." + target.rpartition(".")[2].lower()
    if is_web_address(target) or not is_media_name(target):
        return WIDGET
    return AUDIO if suffix in AUDIO_SUFFIXES else VIDEO
