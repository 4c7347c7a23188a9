"""Pictures: each is looked at before anything is built, so that a bad one is a finding and not a broken book."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from docutils import nodes
from lxml import etree
from PIL import Image
from sphinx.application import Sphinx

from oerbook.document.context.build_context import Desk, desk
from oerbook.document.context.log_handler import ancestors, place_of
from oerbook.document.safety import svg
from oerbook.document.safety.paths import alike, await_file, is_remote, reach
from oerbook.model.findings import Finding, Severity
from oerbook.text.slugs import composed

SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg"}
KNOWN = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}
SLASHES = "Put the file into the book, and write / for a back-slash: images/worm.png"
UNDEFINED = re.compile(r"^\d+x\d+$")


def look_over(app: Sphinx, doctree: nodes.document) -> None:
    """Check every picture of a page that was just read, and put words in place of those that cannot be shown."""
    docname = app.env.current_document.docname
    for image in list(doctree.findall(nodes.image)):
        asked = str(image.get("uri", ""))
        problem = _settle(desk(), docname, image)
        if problem:
            await_file(app.env, desk(), docname, asked)
            code, message, hint, severity = problem
            desk().report(docname, Finding(code, message, place_of(image, docname), severity, hint))
        if not image.get("alt"):
            _describe(image, docname)


Problem = tuple[str, str, str, Severity]


def _settle(here: Desk, docname: str, image: Any) -> Problem | None:
    """Make a picture's address one that every format can read; return what is wrong with it."""
    uri = str(image.get("uri", ""))
    if image.get("made_by_oerbook"):
        return None
    if uri.startswith("data:"):
        return _inlined(here, docname, image, uri)
    if is_remote(uri):
        _stand_in(image, uri)
        hint = "Save the picture beside the chapter, with its source and licence, and name the file."
        return "image-remote", f"the picture {uri} lies on another site; a link takes its place", hint, Severity.WARNING
    path = reach(here, docname, uri)
    spoken = reach(here, docname, unquote(uri))  # a%20worm.png is a worm.png, unless there is a file of that very name
    if spoken is not None and spoken.is_file() and not (path is not None and path.is_file()):
        path = spoken
        _point(here, docname, image, path)
    if path is None:
        _stand_in(image, "")
        hint = "Copy the picture into chapters/ and name it relative to this page."
        return "outside-book", f"the picture {uri} is not a file of this book", hint, Severity.ERROR
    if not path.is_file():
        _stand_in(image, "")
        hint = (
            (SLASHES if "\\" in unquote(uri) else "")
            or alike(here, docname, spoken or path)
            or "Put the file beside the chapter and check the spelling, capitals included."
        )
        return "image-missing", f"the picture {unquote(uri)} is missing", hint, Severity.WARNING
    if path.name != PurePosixPath(uri).name and composed(path.name) != path.name:
        _point(here, docname, image, path)
    return _sound(here, docname, image, uri, path)


def _sound(here: Desk, docname: str, image: Any, uri: str, path: Path) -> Problem | None:
    """Open the file itself and see that it is a picture."""
    hint = "Save the picture again as PNG, JPEG, GIF, WebP or SVG."
    try:
        if path.suffix.lower() == ".svg":
            clean = svg.cleaned(path.read_bytes())
            if clean is not None:
                _point(here, docname, image, _keep(here, clean, "svg"))
                words = f"the drawing {uri} carries a script or points to another site; those parts were taken out"
                return "image-active", words, "Save it as plain SVG.", Severity.WARNING
        else:
            with Image.open(path) as picture:
                picture.verify()
            if path.suffix.lower() not in KNOWN or uri != unquote(uri):
                _point(here, docname, image, _as_png(here, path) if path.suffix.lower() not in KNOWN else path)
            elif path.suffix.lower() in KNOWN:
                _load(path)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, etree.XMLSyntaxError) as error:
        _stand_in(image, "")
        kind = "too large to open" if isinstance(error, Image.DecompressionBombError) else "damaged or not a picture"
        return "image-corrupt", f"the picture {uri} is {kind}", hint, Severity.ERROR
    return None


def _load(path: Path) -> None:
    """Decode a picture to its last byte: a header alone may look whole."""
    with Image.open(path) as picture:
        picture.load()


def _as_png(here: Desk, path: Path) -> Path:
    """Return a copy as PNG of a picture in a format that browsers or readers do not share."""
    made = here.work / "outputs" / f"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.png"
    made.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(path) as picture:
        picture.convert("RGBA").save(made)
    return made


def _keep(here: Desk, raw: bytes, suffix: str) -> Path:
    path = here.work / "outputs" / f"{hashlib.sha256(raw).hexdigest()[:16]}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def _point(here: Desk, docname: str, image: Any, path: Path) -> None:
    image["uri"] = Path(os.path.relpath(path, here.file(docname).parent.resolve())).as_posix()


def _inlined(here: Desk, docname: str, image: Any, uri: str) -> Problem | None:
    """Save a picture that is written into the text itself as a file."""
    head, _comma, body = uri[5:].partition(",")
    kind = head.split(";")[0]
    try:
        raw = base64.b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        raw = b""
    if kind not in SUFFIXES or not raw:
        _stand_in(image, "")
        hint = "Save the picture as a file beside the chapter."
        return "image-corrupt", "a picture written into the text cannot be read", hint, Severity.ERROR
    path = _keep(here, raw, SUFFIXES[kind])
    _point(here, docname, image, path)
    return _sound(here, docname, image, "written into the text", path)


def _stand_in(image: Any, url: str) -> None:
    """Put words, or a link, in place of a picture."""
    alt = str(image.get("alt") or "").strip()
    words = alt or (url if url else f"[picture: {image.get('uri', '')}]")
    shown: nodes.Element = nodes.inline("", words, classes=["missing-image"])
    linked = any(isinstance(node, nodes.reference) for node in ancestors(image))
    if url and not linked and url.startswith(("http://", "https://")):
        shown = nodes.reference("", words, refuri=url, classes=["missing-image"])
    shown["ids"] += image["ids"]
    outer = image.parent
    if isinstance(outer, nodes.reference) and not isinstance(outer.parent, nodes.TextElement):
        room = nodes.paragraph()  # a picture may stand between paragraphs, words may not
        outer.replace_self(room)
        room += outer
    elif not isinstance(outer, nodes.TextElement):
        shown = nodes.paragraph("", "", shown)
    image.replace_self(shown)


def _describe(image: Any, docname: str) -> None:
    """Give a picture without a description an empty one, and say so: only its author knows what it shows."""
    if image.parent is None or image not in image.parent.children:
        return
    image["alt"] = ""
    figure = next((node for node in ancestors(image) if isinstance(node, nodes.figure)), None)
    hint = "Say what the picture shows: ![a drop of water](drop.png), or :alt: in a figure."
    words = f"the picture {Path(str(image['uri'])).name} has no description"
    desk().report(docname, Finding("image-alt", words, place_of(image, docname), Severity.WARNING, hint))
    if figure is not None:
        caption = next((child for child in figure.children if isinstance(child, nodes.caption)), None)
        image["alt"] = caption.astext() if caption is not None else ""
