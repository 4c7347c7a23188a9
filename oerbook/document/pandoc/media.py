"""Translate media: in an e-book small files play; everywhere else a title, a link and a QR code lead to them."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes

from oerbook.document.media.labels import file_label, site_label_template
from oerbook.document.media.media_node import file_reference_of
from oerbook.document.pandoc.page_translator import PageTranslator
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.pandoc_ast import Block, Inline
from oerbook.media.embeds import AUDIO, VIDEO
from oerbook.text.translations import translate

MAX_EPUB_FILE_BYTES = 8_000_000  # shops and readers limit the size of an e-book
QR_WIDTH = "2.4cm"


def translate_media(page: PageTranslator, node: Any) -> list[Block]:
    """Translate a video, a recording or an embedded page."""
    lines = _words(page, node)
    if page.target == "epub" and (player := _player(page, node)):
        content = [pandoc_ast.raw_block("html", player), pandoc_ast.div(lines, "", ["media-line"])]
        return page.with_ids(node, [pandoc_ast.div(content, "", ["media"])])
    address = _address(page, node)
    code = page.context.qr_code(address) if address else ""
    poster = [child for child in node.children if isinstance(child, nodes.image)]
    content = [pandoc_ast.para(page.inlines(poster))] if poster else []
    if page.is_typst:
        return page.with_ids(node, [*content, *_typst_box(page, node, code, lines)])
    if code:
        picture = {"t": "Image", "c": [_qr_attributes(), pandoc_ast.text_inlines(_qr_alt(page, node)), [code, ""]]}
        style = {"custom_style": "Captioned Figure"} if page.target == "docx" else {}  # stays with the title below
        content.append(pandoc_ast.div([pandoc_ast.para([pandoc_ast.link([picture], address)])], "", [], **style))
    content += lines
    return page.with_ids(node, [pandoc_ast.div(content, "", ["media"])] if page.target == "epub" else content)


def _typst_box(page: PageTranslator, node: Any, code: str, lines: list[Block]) -> list[Block]:
    alt = pandoc_ast.typst_string(_qr_alt(page, node))
    picture = f"code: {pandoc_ast.typst_string(code)}, alt: {alt}" if code else ""
    return [
        pandoc_ast.raw_block("typst", f"#oer-media({picture})["),
        *lines,
        pandoc_ast.raw_block("typst", "]"),
    ]


def _qr_attributes() -> Any:
    return pandoc_ast.attributes("", ["qr-code"], width=QR_WIDTH)


def _qr_alt(page: PageTranslator, node: Any) -> str:
    return translate(page.context.language, "QR code: {}").format(_title(node))


def _title(node: Any) -> str:
    return str(node["title"] or node.get("site") or str(node["target"]).rpartition("/")[2])


def _words(page: PageTranslator, node: Any) -> list[Block]:
    """Return the title, linked if there is an address, and where the medium is."""
    language, address = page.context.language, _address(page, node)
    title: list[Inline] = [pandoc_ast.inline("Strong", pandoc_ast.text_inlines(_title(node)))]
    title = [pandoc_ast.link(title, address)] if address else title
    where = site_label_template(node, language).format(node["site"]) if "site" in node else file_label(node, language)
    return [pandoc_ast.para([*title, {"t": "LineBreak"}, *pandoc_ast.text_inlines(where)])]


def _address(page: PageTranslator, node: Any) -> str:
    """Return where readers of other formats find a medium: its page, or its place in the web edition; "" if nowhere."""
    if "address" in node:
        return str(node["address"])
    if file_reference_of(node) is None or not page.context.page_address:
        return ""
    ids = [*node["ids"], *(node.parent["ids"] if isinstance(node.parent, nodes.figure) else [])]
    return f"{page.context.page_address}#{ids[0]}" if ids else page.context.page_address


def _player(page: PageTranslator, node: Any) -> str:
    """Return the element that plays a file in an e-book, "" if it is too large or of another kind."""
    if not node.get("is_for_epub") or node["size"] > MAX_EPUB_FILE_BYTES:
        return ""
    name = page.context.copy_file(node["file"])
    poster = next((image["uri"] for image in node.findall(nodes.image)), "")
    picture = page.context.copy_image(poster, 1.0) if poster and node["kind"] == VIDEO else ""
    if not name:
        return ""
    element = "audio" if node["kind"] == AUDIO else "video"
    attributes = {"src": name, "controls": "controls", "preload": "none", "aria-label": _title(node)}
    attributes |= {"poster": picture} if picture else {}
    return f"<{element}{_written(attributes)}>{_tracks(page, node)}</{element}>"


def _tracks(page: PageTranslator, node: Any) -> str:
    """Return the captions of a video."""
    tracks = []
    for track in node.get("tracks", ()):
        if name := page.context.copy_file(track["file"]):
            attributes = {"src": name, "kind": track["kind"], "srclang": track["language"], "label": track["label"]}
            tracks.append(f"<track{_written(attributes)} />")
    return "".join(tracks)


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
