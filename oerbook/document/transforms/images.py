"""Check the images of a page, and replace those that cannot be shown by text."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from docutils import nodes
from lxml import etree
from PIL import Image
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.line_numbers import ancestors
from oerbook.document.safety import svg
from oerbook.document.safety.paths import depend_on_missing_file, is_remote, resolve_path, suggest_file
from oerbook.model.findings import Finding, Severity
from oerbook.text.slugs import compose_letters

SUFFIX_BY_TYPE = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
PORTABLE_SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}
BACKSLASH_HINT = "Put the file into the book, and write / instead of a backslash: images/worm.png"

Problem = tuple[str, str, str, Severity]  # code, message, hint, severity


def check_images(app: Sphinx, doctree: nodes.document) -> None:
    """Check every image of a page, and report problems and missing descriptions."""
    context, docname = context_of(app), app.env.current_document.docname
    for image in list(doctree.findall(nodes.image)):
        uri = str(image.get("uri", ""))
        problem = _check(context, docname, image)
        if problem:
            depend_on_missing_file(app.env, context, docname, uri)
            code, message, hint, severity = problem
            context.add_finding(docname, Finding(code, message, context.place_of(image, docname), severity, hint))
        if not image.get("alt"):
            _report_missing_alt(context, image, docname)


def _check(context: BuildContext, docname: str, image: Any) -> Problem | None:
    """Point an image to a file that every format can read; return a problem, if any."""
    uri = str(image.get("uri", ""))
    if image.get("made_by_oerbook"):
        return None
    if uri.startswith("data:"):
        return _check_data_url(context, docname, image, uri)
    if is_remote(uri):
        _replace_by_text(image, uri)
        hint = "Save the picture beside the chapter, with its source and license, and name the file."
        return "image-remote", f"the picture {uri} is on another site; a link replaces it", hint, Severity.WARNING
    path = resolve_path(context, docname, uri)
    unquoted = resolve_path(context, docname, unquote(uri))
    # a%20worm.png means "a worm.png", unless a file has exactly the quoted name.
    if unquoted is not None and unquoted.is_file() and not (path is not None and path.is_file()):
        path = unquoted
        _set_uri(context, docname, image, path)
    if path is None:
        _replace_by_text(image, "")
        hint = "Copy the picture into chapters/ and write its path relative to this page."
        return "file-outside-book", f"the picture {uri} is not a file of this book", hint, Severity.ERROR
    if not path.is_file():
        _replace_by_text(image, "")
        hint = (
            (BACKSLASH_HINT if "\\" in unquote(uri) else "")
            or suggest_file(context, docname, unquoted or path)
            or "Put the file beside the chapter and check the spelling, capitals included."
        )
        return "image-missing", f"the picture {unquote(uri)} is missing", hint, Severity.WARNING
    if path.name != PurePosixPath(uri).name and compose_letters(path.name) != path.name:
        _set_uri(context, docname, image, path)
    return _check_file(context, docname, image, uri, path)


def _check_file(context: BuildContext, docname: str, image: Any, uri: str, path: Path) -> Problem | None:
    """Open an image file, sanitise SVG, convert unusual formats; return a problem.

    `uri` names the image in messages.
    """
    try:
        if path.suffix.lower() == ".svg":
            sanitized = svg.sanitize_svg(path.read_bytes())
            if sanitized is not None:
                _set_uri(context, docname, image, _save(context, sanitized, "svg"))
                message = f"the SVG {uri} contains scripts or links to other sites, which were removed"
                return "svg-script", message, "Save it as plain SVG.", Severity.WARNING
        else:
            with Image.open(path) as picture:
                picture.verify()
            if path.suffix.lower() not in PORTABLE_SUFFIXES:
                _set_uri(context, docname, image, _as_png(context, path))
            elif uri != unquote(uri):
                _set_uri(context, docname, image, path)
            else:
                _decode(path)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, etree.XMLSyntaxError) as error:
        _replace_by_text(image, "")
        fault = "too large to open" if isinstance(error, Image.DecompressionBombError) else "damaged or not a picture"
        hint = "Save the picture again as PNG, JPEG, GIF, WebP or SVG."
        return "image-corrupt", f"the picture {uri} is {fault}", hint, Severity.ERROR
    return None


def _decode(path: Path) -> None:
    """Decode an image completely: the header of a truncated file is valid."""
    with Image.open(path) as picture:
        picture.load()


def _as_png(context: BuildContext, path: Path) -> Path:
    """Return a PNG copy of an image whose format is not supported everywhere."""
    copy = context.cache_dir / "outputs" / f"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.png"
    copy.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(path) as picture:
        picture.convert("RGBA").save(copy)
    return copy


def _save(context: BuildContext, data: bytes, suffix: str) -> Path:
    """Save an image in the work folder under its digest; return its path."""
    path = context.cache_dir / "outputs" / f"{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _set_uri(context: BuildContext, docname: str, image: Any, path: Path) -> None:
    image["uri"] = Path(os.path.relpath(path, context.absolute_path(docname).parent.resolve())).as_posix()


def _check_data_url(context: BuildContext, docname: str, image: Any, uri: str) -> Problem | None:
    """Save the image of a data: URL as a file, and check the file."""
    header, _comma, body = uri[5:].partition(",")
    mime_type = header.split(";")[0]
    try:
        data = base64.b64decode(body) if header.endswith(";base64") else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        data = b""
    if mime_type not in SUFFIX_BY_TYPE or not data:
        _replace_by_text(image, "")
        hint = "Save the picture as a file beside the chapter."
        return "image-corrupt", "the picture in a data: URL cannot be read", hint, Severity.ERROR
    path = _save(context, data, SUFFIX_BY_TYPE[mime_type])
    _set_uri(context, docname, image, path)
    return _check_file(context, docname, image, "in a data: URL", path)


def _replace_by_text(image: Any, url: str) -> None:
    """Replace an image by its alternative text, linked to `url` if there is one."""
    alt = str(image.get("alt") or "").strip()
    text = alt or (url if url else f"[picture: {image.get('uri', '')}]")
    replacement: nodes.Element = nodes.inline("", text, classes=["missing-image"])
    is_linked = any(isinstance(node, nodes.reference) for node in ancestors(image))
    if url and not is_linked and url.startswith(("http://", "https://")):
        replacement = nodes.reference("", text, refuri=url, classes=["missing-image"])
    replacement["ids"] += image["ids"]
    parent = image.parent
    if isinstance(parent, nodes.reference) and not isinstance(parent.parent, nodes.TextElement):
        paragraph = nodes.paragraph()  # an image may stand between paragraphs, text may not
        parent.replace_self(paragraph)
        paragraph += parent
    elif not isinstance(parent, nodes.TextElement):
        replacement = nodes.paragraph("", "", replacement)
    image.replace_self(replacement)


def _report_missing_alt(context: BuildContext, image: Any, docname: str) -> None:
    """Report an image without a description, and use its caption as one."""
    if image.parent is None or image not in image.parent.children:
        return
    image["alt"] = ""
    figure = next((node for node in ancestors(image) if isinstance(node, nodes.figure)), None)
    hint = "Describe what it shows: ![a drop of water](drop.png), or :alt: in a figure."
    message = f"the picture {Path(str(image['uri'])).name} has no description"
    context.add_finding(
        docname, Finding("image-alt-missing", message, context.place_of(image, docname), Severity.WARNING, hint)
    )
    if figure is not None:
        caption = next((child for child in figure.children if isinstance(child, nodes.caption)), None)
        image["alt"] = caption.astext() if caption is not None else ""
