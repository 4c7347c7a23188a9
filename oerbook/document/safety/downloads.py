"""Offer files for download so that nothing in them runs when a browser opens them from the site."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import re
from html import escape
from pathlib import Path

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from oerbook.document.safety.svg_sanitizer import sanitize_svg
from oerbook.markup.html import sanitize_html
from oerbook.media.private_data import remove_private_data
from oerbook.storage.files import write_atomically

HTML_SUFFIXES = frozenset([".html", ".htm"])
# As XML, the same characters can mean other elements; so XHTML is offered as HTML.
XHTML_SUFFIXES = frozenset([".xhtml", ".xht"])
# Web servers may run these, or obey them; Apache also if it is not the last suffix of a name.
SERVER_SUFFIX = re.compile(
    r"\.(?:php\d?|phtml?|phar|phps|pht|aspx?|as[hmc]x|cer|jspx?|f?cgi|cfml?|cfc|shtml?|stm)(?=\.|$)", re.I
)
SERVER_SETTINGS = frozenset(["web.config"])
# Browsers run what is in these, or hosts guess their type; as text they can be read and saved.
SUFFIXES_SERVED_AS_TEXT = frozenset(
    [".hta", ".htc", ".mht", ".mhtml", ".svgz", ".swf", ".xml", ".xsl", ".xslt", ".xul", ".rdf", ".atom", ".rss"]
)
# Hosts send these as what they are, and no browser looks for HTML in them.
HARMLESS_SUFFIXES = frozenset(
    """
    .7z .aac .avif .bib .bmp .bz2 .c .cff .cfg .cpp .cs .css .csv .dat .db .do .doc .docx .epub .flac .gif .go
    .gz .h .ico .ini .ipynb .java .jl .jpeg .jpg .js .json .jsonl .kt .log .lua .m .m4a .map .md .mjs .mov
    .mp3 .mp4 .nb .odp .ods .odt .ogg .opus .parquet .pdf .pickle .pl .png .ppt .pptx .ps1 .py .qmd .r
    .rb .rds .rmd .rs .rst .rtf .sav .sh .sql .stan .svg .tar .tex .tgz .tif .tiff .toml .ts .tsv .ttf .txt
    .wav .wasm .webm .webp .woff .woff2 .xls .xlsx .xz .yaml .yml .zip .zst
    """.split()  # noqa: SIM905
)
# What browsers take for HTML or XML: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
HTML_OR_XML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|"
    rb"body|br|p|!--|\?xml|svg)(?:[\t\n\f\r >]|--)",
    re.I,
)
# How an HTML file begins that every browser reads as UTF-8, and so as we do.
UTF8_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html>\s*)?(?:<html(?: lang=\"[\w-]*\")?>\s*)?(?:<head>\s*)?"
    rb"<meta charset=\"?utf-8\"? ?/?>",
    re.I,
)
BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"' ]*([\w-]{1,40})", re.I)
SanitizedDownload = tuple[str, bytes, str]  # name, content, and what readers do not get ("" if nothing)


def sanitize_download(name: str, data: bytes) -> SanitizedDownload:
    """Return a file as it may be published in the site.

    >>> sanitize_download("a.html", b"<p>Words<script>f()</script></p>")[2], sanitize_download("a.csv", b"<p>x")
    ('<script', ('a.csv', b'<p>x', ''))
    >>> sanitize_download("feed.xml", b"<?xml version='1.0'?><x/>")[0]
    'feed.xml.txt'
    >>> sanitize_download("notes", b"<script>f()</script>")[0]
    'notes.txt'
    """
    suffix = Path(name).suffix.lower()
    if name.startswith(".") or name.lower() in SERVER_SETTINGS or SERVER_SUFFIX.search(name):
        text_name = f"{name.strip('.').replace('.', '-')}.txt"
        return text_name, data, f"offered as {text_name}"
    if suffix == ".svg":
        return _offered_svg(name, data)
    if suffix in HTML_SUFFIXES:
        return _offered_html(name, data)
    if suffix in XHTML_SUFFIXES:
        html_name = f"{Path(name).stem}.html"
        return html_name, _offered_html(html_name, data)[1], f"offered as {html_name}"
    if suffix in SUFFIXES_SERVED_AS_TEXT or (suffix not in HARMLESS_SUFFIXES and HTML_OR_XML_START.match(data)):
        return f"{name}.txt", data, f"offered as {name}.txt"
    return name, remove_private_data(data), ""


def _offered_svg(name: str, data: bytes) -> SanitizedDownload:
    try:
        clean = sanitize_svg(data)
    except (etree.XMLSyntaxError, ValueError):
        return f"{name}.txt", data, f"offered as {name}.txt"
    return (name, data, "") if clean is None else (name, clean, "scripts or links to other sites")


def _decoded(data: bytes) -> str:
    """Return the text of an HTML file: as UTF-8, else in the encoding that it names, else as old files are."""
    named = META_CHARSET.search(data[:1024])
    encodings = [*(BYTE_ORDER_MARKS[mark] for mark in BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8"]
    for encoding in (*encodings, *([named[1].decode()] if named else [])):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(encoding).removeprefix("\ufeff")
    return data.decode("cp1252", errors="replace")


def _offered_html(name: str, data: bytes) -> SanitizedDownload:
    """Return an HTML file with the text of its body, and its title.

    It is rewritten unless a browser reads its bytes as we do, because other encodings may hide elements.
    """
    parser = LexborHTMLParser(_decoded(data), scripting=True)
    body, removed = sanitize_html((parser.body.inner_html or "") if parser.body else "")
    active = parser.css_first("script, base, link, style, meta[http-equiv], frameset, noscript, template")
    handlers = [key for node in parser.css("html, body") for key in node.attributes if key.startswith("on")]
    removed = removed or (f"<{active.tag}" if active else next(iter(handlers), ""))
    if not removed and UTF8_HTML_START.match(data) and _is_utf8(data):
        return name, data, ""
    title = parser.css_first("title")
    head = f'<meta charset="utf-8"><title>{escape(title.text() if title else Path(name).stem)}</title>'
    page = f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>\n"
    return name, codecs.BOM_UTF8 + page.encode(errors="replace"), removed


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def sanitized_copy(folder: Path, path: Path) -> tuple[Path, str]:
    """Return the file to offer, a copy below a folder if it differs, and what was changed."""
    data = path.read_bytes()
    name, content, change = sanitize_download(path.name, data)
    if (name, content) == (path.name, data):
        return path, ""
    copy = folder / hashlib.sha256(content).hexdigest()[:16] / name
    if not copy.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(copy, content)
    return copy, change


def sanitize_downloads_folder(folder: Path) -> list[str]:
    """Sanitize what authors' files there are in a finished site; return the names of those that changed.

    The last guard: nothing is left to do unless another package copied a file.
    """
    changed = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        name, content, change = sanitize_download(path.name, data)
        if (name, content) == (path.name, data):
            continue
        if change:
            changed.append(path.name)
        path.unlink()
        write_atomically(path.with_name(name), content)
    return changed
