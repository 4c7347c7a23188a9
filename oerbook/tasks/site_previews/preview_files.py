"""Make the built site of a submission harmless: no scripts, no programs, a notice on every page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from oerbook.document.safety.svg_sanitizer import sanitize_svg
from oerbook.errors import OerbookError
from oerbook.markup.allowed import split_names
from oerbook.markup.page import sanitize_page
from oerbook.text.translations import translate

# Files that a browser shows without running anything; others, such as archives and programs, are left out.
PASSIVE_SUFFIXES = split_names(
    """
    .avif .css .csv .flac .gif .jpeg .jpg .m4a .mp3 .mp4 .oga .ogg .ogv .opus .otf .pdf .png .ttf .txt .vtt .wav .webm
    .webp .woff .woff2
    """
)
MAX_FILES, MAX_BYTES = 5000, 200_000_000  # of one preview
MAX_PARSED_BYTES = 20_000_000  # of a page or drawing
REMOVED_FROM_PREVIEWS = 'form, input, button, select, textarea, script, meta[name="robots"]'  # nothing asks for input
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
# `!important` in a style attribute wins against every style sheet.
NOTICE_STYLE = ";".join(
    f"{rule} !important"
    for rule in (
        "display:block", "visibility:visible", "opacity:1", "position:static", "margin:0", "padding:.6em 1em",
        "font:bold 1rem/1.4 sans-serif", "color:#000", "background:#ffd54f", "text-align:center", "transform:none",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PreviewFiles:
    """The files of a preview by path, and the paths that were left out."""

    files: dict[str, bytes]
    left_out: tuple[str, ...]


def read_preview(site: Path, published: str, request: str = "") -> PreviewFiles:
    """Read the built site of a submission, sanitized, with a notice on each page.

    `published` is the way from the preview's front page to the published book; `request` is the address of the
    submission, "" if unknown. Raises OerbookError if the folder is missing, too large, or holds no page.
    """
    files: dict[str, bytes] = {}
    left_out = []
    total = 0
    for path, file in _list_files(site):
        data = _safe_content(path, file, published, request)
        if data is None:
            left_out.append(path)
            continue
        files[path] = data
        total += len(data)
        if total > MAX_BYTES or len(files) > MAX_FILES:
            message = f"this preview is larger than {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB"
            raise OerbookError(message, hint="Look at the book with oerbook build instead.")
    if not any(path.endswith(".html") for path in files):
        raise OerbookError(f"{site} holds no page", hint="Name the folder that oerbook build html wrote: _build/html")
    return PreviewFiles(files, tuple(left_out))


def _list_files(site: Path) -> Iterator[tuple[str, Path]]:
    """Yield the regular files of a folder with their paths in it; links are not followed."""
    for folder, folders, names in os.walk(site):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            path = file.relative_to(site).as_posix()
            if file.is_file() and not file.is_symlink() and path.isprintable() and not name.startswith("."):
                yield path, file


def _safe_content(path: str, file: Path, published: str, request: str) -> bytes | None:
    """Return what the preview shows of a file, or None if it leaves the file out."""
    suffix = file.suffix.lower()
    if suffix in PASSIVE_SUFFIXES:
        return file.read_bytes() if file.stat().st_size <= MAX_BYTES else None
    if suffix not in (".html", ".svg") or file.stat().st_size > MAX_PARSED_BYTES:
        return None
    data = file.read_bytes()
    if suffix == ".html":
        up = "../" * path.count("/")
        return add_notice(data.decode("utf-8", "replace"), f"{up}{published}", request).encode()
    try:
        return sanitize_svg(data) or data
    except (ValueError, etree.LxmlError):
        return None


def add_notice(page: str, published: str, request: str) -> str:
    """Return a page without scripts, with a strict policy, and with a notice that nobody has reviewed it."""
    safe, _removed = sanitize_page(page, ())
    parser = LexborHTMLParser(safe)
    head, body = parser.head, parser.body
    if head is None or body is None:
        return ""
    root = parser.css_first("html")
    language = (root.attributes.get("lang") if root else "") or "en"
    for node in parser.css(REMOVED_FROM_PREVIEWS):
        node.decompose()
    policy = f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">'
    _insert_first(head, f'{policy}<meta name="robots" content="noindex">')
    _insert_first(body, _notice(language, published, request))
    return parser.html or ""


def _insert_first(parent: LexborNode, html: str) -> None:
    """Insert elements before the first child of <head> or <body>."""
    tree = LexborHTMLParser(html)
    source = tree.head if parent.tag == "head" else tree.body
    for node in reversed(list(source.iter() if source else ())):
        if parent.first_child is None:
            parent.insert_child(node)
        else:
            parent.first_child.insert_before(node)


def _notice(language: str, published: str, request: str) -> str:
    text = translate(language, "Preview of a submission that nobody has reviewed yet.")
    links = [f'<a style="color:#000 !important" href="{escape(published)}">{translate(language, "Published book")}</a>']
    if request:
        links += [f'<a style="color:#000 !important" href="{escape(request)}">{translate(language, "Submission")}</a>']
    return f'<p role="note" style="{NOTICE_STYLE}">{escape(text)} {" · ".join(links)}</p>'
