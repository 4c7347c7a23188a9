"""Write media as HTML: players for files of the book, posters with links for pages of other sites.

A page holds no frame. The script `embeds.js` of the theme replaces a poster by a frame when the reader asks for it; the
policy of the page allows frames of the hosts that are named on it, and no others.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from docutils import nodes
from markupsafe import Markup, escape

from oerbook.document.context.build_context import context_of
from oerbook.document.media.labels import file_facts, play_label, site_label_template
from oerbook.document.media.media_node import MediaNode, file_reference_of
from oerbook.media.embeds import AUDIO, is_host_name
from oerbook.text.translations import translate

PLAY_ICON = Markup(
    '<svg class="play" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="23"/>'
    '<path d="M19 14.5v19l16-9.5z"/></svg>'
)
CONTACTS_LABEL = "This contacts {}."


def frame_hosts(doctree: nodes.document | None) -> str:
    """Return the sources of the frames of a page, for its Content-Security-Policy; "" if it has none."""
    media = doctree.findall(MediaNode) if doctree is not None else ()
    hosts = {str(node["host"]) for node in media if node.get("player")}
    return " ".join(sorted(f"https://{host}" for host in hosts if is_host_name(host)))


def visit_media(translator: Any, node: Any) -> None:
    """Write a medium; what it holds is part of that."""
    writer = _MediaHtml(translator, node)
    body = writer.embed() if "player" in node else writer.player()
    name = "embed" if "player" in node else node["kind"]
    translator.body.append(translator.starttag(node, "div", "", CLASS=f"media {name}", **writer.attributes()))
    translator.body += [str(body), "</div>\n"]
    raise nodes.SkipNode


def depart_media(_translator: Any, _node: Any) -> None:
    """Do nothing: `visit_media` writes everything."""


class _MediaHtml:
    """One medium as HTML."""

    def __init__(self, translator: Any, node: Any) -> None:
        self.builder, self.node = translator.builder, node
        self.language = context_of(translator.builder.app).book.language

    def attributes(self) -> dict[str, str]:
        """Return the attributes of the element around the medium: its size, and for the script its player."""
        node = self.node
        sizes = [f"--wide: {node['width']}"] if node.get("width") else []
        sizes += [f"--high: {node['height']}"] if node.get("height") else []
        sizes += [f"max-width: {node['share']}%"] if node.get("share") else []
        result = {"style": "; ".join(sizes)} if sizes else {}
        if node.get("player"):
            result |= {
                "data-player": node["player"],
                "data-kind": node["kind"],
                "data-label": play_label(node, self.language),
                "data-contacts": translate(self.language, CONTACTS_LABEL).format(node["host"]),
                "data-title": self._title(),
            }
            result |= {"data-referrer": "needed"} if node.get("needs_referrer") else {}
        return result

    def _title(self) -> str:
        if self.node["title"]:
            return str(self.node["title"])
        if "site" in self.node:
            return site_label_template(self.node, self.language).format(self.node["site"])
        return str(self.node["target"]).rpartition("/")[2]

    def embed(self) -> Markup:
        """Return a poster that links to the page, with a line that names the site."""
        node = self.node
        message = site_label_template(node, self.language)
        if not node["player"]:
            where = f" ({message.format(node['site'])})" if node["title"] else ""
            return Markup('<p class="media-line"><a class="reference external" href="{}">{}</a>{}</p>').format(
                node["address"], self._title(), where
            )
        contents = Markup('{}{}<span class="poster-words"><span class="poster-title">{}</span></span>').format(
            self._poster(), PLAY_ICON, self._title()
        )
        stage = Markup('<div class="stage"><a class="poster" href="{}" rel="noopener">{}</a></div>').format(
            node["address"], contents
        )
        link = Markup('<a class="reference external" href="{}" rel="noopener">{}</a>').format(
            node["address"], node["site"]
        )
        return stage + Markup('<p class="media-line">{}</p>').format(escape(message).format(link))

    def _poster(self) -> Markup:
        address = self._poster_address()
        return Markup('<img alt="" loading="lazy" src="{}">').format(address) if address else Markup("")

    def _poster_address(self) -> str:
        image: Any = next(self.node.findall(nodes.image), None)
        name = self.builder.images.get(image["uri"]) if image is not None else None
        return posixpath.join(self.builder.imgpath, quote(name)) if name else ""

    def player(self) -> Markup:
        """Return a player of the browser, with a link to the file below it."""
        link = file_reference_of(self.node)
        if link is None or "filename" not in link:
            return Markup('<p class="media-line missing">{}</p>').format(self._title())
        source = self._file_address(link)
        facts = file_facts(self.node, self.language)
        line = Markup('<p class="media-line"><a class="reference download" download href="{}">{}</a> ({})</p>').format(
            source, self._title(), facts
        )
        return self._element(source) + line if self.node["playable"] else line

    def _element(self, source: str) -> Markup:
        name = "audio" if self.node["kind"] == AUDIO else "video"
        attributes = {"src": source, "controls": "", "preload": "metadata", "aria-label": self._title()}
        attributes |= {flag: "" for flag in ("loop", "muted") if flag in self.node["flags"]}
        if name == "video":
            attributes |= {key: str(self.node[key]) for key in ("width", "height") if self.node.get(key)}
            attributes |= {"playsinline": ""} | ({"poster": poster} if (poster := self._poster_address()) else {})
        return Markup("<{}{}>{}</{}>").format(
            escape(name), _attributes(attributes), Markup("").join(self._tracks()), escape(name)
        )

    def _tracks(self) -> Iterator[Markup]:
        links = [child for child in self.node.children if child.get("reftype") == "download"][1:]
        for link, track in zip(links, self.node.get("tracks", ()), strict=False):
            if "filename" in link:
                yield Markup('<track kind="{}" src="{}" srclang="{}" label="{}">').format(
                    track["kind"], self._file_address(link), track["language"], track["label"]
                )

    def _file_address(self, link: Any) -> str:
        return posixpath.join(self.builder.dlpath, quote(link["filename"]))


def _attributes(values: dict[str, str]) -> Markup:
    return Markup("").join(
        Markup(" {}").format(key) if not value else Markup(' {}="{}"').format(key, value)
        for key, value in values.items()
    )
