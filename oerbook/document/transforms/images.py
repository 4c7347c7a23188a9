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
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.context.line_numbers import ancestors
from oerbook.document.safety.file_access import depend_on_missing_file, is_remote, resolve_path, suggest_file
from oerbook.document.transforms import image_files
from oerbook.model.findings import Finding, Severity
from oerbook.storage.files import write_atomically
from oerbook.text.slugs import compose_letters

SUFFIX_BY_TYPE = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
IMAGE_ROW_CLASS = "image-row"  # class of a paragraph of several images and no words
IMAGE_ROW_OF_THREE_CLASS = "image-row-of-three"  # and of one with three images in a line
HTML_TEXT_HINT = (
    "Export it with text as SVG text (draw.io: without Formatted Text and Word Wrap; Mermaid: htmlLabels: false), "
    "or as PNG."
)
BACKSLASH_HINT = "Put the file into the book, and write / instead of a backslash: images/worm.png"

ImageProblem = tuple[str, str, str, Severity]  # code, message, hint, severity


def check_images(app: Sphinx, doctree: nodes.document) -> None:
    """Check every image of a page, and report problems and missing descriptions."""
    context, docname = context_of(app), app.env.current_document.docname
    if docname == context.book.index.slug:
        _check_cover_and_logo(context)
    for image in list(doctree.findall(nodes.image)):
        uri = str(image.get("uri", ""))
        for code, message, hint, severity in _check(context, docname, image):
            depend_on_missing_file(app.env, context, docname, uri)
            context.add_finding(docname, Finding(code, message, context.place_of(image, docname), severity, hint))
        if not image.get("alt"):
            _report_missing_alt(context, image, docname)
    for paragraph in doctree.findall(nodes.paragraph):
        count = len(shown_images(paragraph))
        if count > 1 and not has_text(paragraph):
            paragraph["classes"] += [IMAGE_ROW_CLASS, *([IMAGE_ROW_OF_THREE_CLASS] if count not in (2, 4) else [])]


def has_text(node: nodes.Node) -> bool:
    """Return whether a node has text of its own; docutils counts the descriptions of images as text."""
    return any(text.strip() for text in node.findall(nodes.Text))


def shown_images(node: nodes.Element) -> list[nodes.image]:
    """Return the images in a node, without the dark ones of pairs for light and dark screens."""
    images = list(node.findall(nodes.image))
    has_light = any("only-light" in image["classes"] for image in images)
    return [image for image in images if not (has_light and "only-dark" in image["classes"])]


def _check_cover_and_logo(context: BuildContext) -> None:
    """Report a cover or logo that cannot be shown."""
    settings = context.book.settings
    for key, name in (("cover", settings.cover), ("logo", settings.logo)):
        path = context.book.root / name
        prepared = image_files.prepare_image(context, path) if name and path.is_file() else None
        if prepared and prepared.problem:
            message = f"the {key} {path.name} is {prepared.problem}"
            context.report_problem(
                context.book.index.slug, "image-corrupt", message, severity=Severity.ERROR, hint=prepared.hint
            )


def _check(context: BuildContext, docname: str, image: Any) -> list[ImageProblem]:
    """Point an image to a file that every format can read; return problems."""
    uri = str(image.get("uri", ""))
    if image.get("made_by_oerbook"):
        stored = context.absolute_path(docname).parent / uri
        return _check_file(context, docname, image, "that the code above draws", stored)
    if uri.startswith("data:"):
        return _check_data_url(context, docname, image, uri)
    if is_remote(uri):
        _replace_by_text(image, uri)
        hint = "Save the picture beside the chapter, with its source and license, and name the file."
        return [("image-remote", f"the picture {uri} is on another site; a link replaces it", hint, Severity.WARNING)]
    path = resolve_path(context, docname, uri)
    unquoted = resolve_path(context, docname, unquote(uri))
    # a%20worm.png means "a worm.png", unless a file has exactly the quoted name.
    if unquoted is not None and unquoted.is_file() and not (path is not None and path.is_file()):
        path = unquoted
        _set_uri(context, docname, image, path)
    if path is None or unquoted is None:
        _replace_by_text(image, "")
        hint = "Copy the picture into chapters/ and write its path relative to this page."
        return [("file-outside-book", f"the picture {uri} is not a file of this book", hint, Severity.ERROR)]
    if not path.is_file():
        _replace_by_text(image, "")
        hint = (
            (BACKSLASH_HINT if "\\" in unquote(uri) else "")
            or suggest_file(context, docname, unquoted or path)
            or "Put the file beside the chapter and check the spelling, capitals included."
        )
        return [("image-missing", f"the picture {unquote(uri)} is missing", hint, Severity.WARNING)]
    if path.name != PurePosixPath(uri).name and compose_letters(path.name) != path.name:
        _set_uri(context, docname, image, path)
    return _check_file(context, docname, image, uri, path)


def _check_file(context: BuildContext, docname: str, image: Any, uri: str, path: Path) -> list[ImageProblem]:
    """Let an image show its prepared file, or its text if it cannot be shown; return problems.

    `uri` names the image in messages.
    """
    prepared = image_files.prepare_image(context, path)
    if prepared.problem:
        _replace_by_text(image, "")
        return [("image-corrupt", f"the picture {uri} is {prepared.problem}", prepared.hint, Severity.ERROR)]
    if prepared.file or uri != unquote(uri):
        _set_uri(context, docname, image, image_files.path_of_prepared_image(context, prepared, path))
    chapters = context.book.root.resolve() / "chapters"
    image["source_file"] = Path(os.path.relpath(path, chapters)).as_posix()
    image["pixels"] = (prepared.width, prepared.height)
    problems: list[ImageProblem] = []
    if prepared.had_active_content:
        message = f"the SVG {uri} contains scripts or links to other sites, which were removed"
        problems.append(("svg-script", message, "Save it as plain SVG.", Severity.WARNING))
    if prepared.had_html_text:
        message = f"the SVG {uri} contains text as HTML (foreignObject), which only browsers display; it is simplified"
        problems.append(("svg-html-text", message, HTML_TEXT_HINT, Severity.WARNING))
    if prepared.animated:
        message = f"the picture {uri} moves; the PDF and the printed book show its first image"
        hint = "Make sure that the first image says what matters, or describe the movement in the text."
        problems.append(("image-animated", message, hint, Severity.INFO))
    return problems


def _save(context: BuildContext, data: bytes, suffix: str) -> Path:
    """Save an image in the work folder under its digest; return its path."""
    path = context.cache_dir / "outputs" / f"{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
    write_atomically(path, data)
    return path


def _set_uri(context: BuildContext, docname: str, image: Any, path: Path) -> None:
    image["uri"] = Path(os.path.relpath(path, context.absolute_path(docname).parent.resolve())).as_posix()


def _check_data_url(context: BuildContext, docname: str, image: Any, uri: str) -> list[ImageProblem]:
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
        return [("image-corrupt", "the picture in a data: URL cannot be read", hint, Severity.ERROR)]
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
    image["alt"], image["is_undescribed"] = "", True
    figure = next((node for node in ancestors(image) if isinstance(node, nodes.figure)), None)
    hint = "Describe what it shows: ![a drop of water](drop.png), or :alt: in a figure."
    message = f"the picture {Path(str(image['uri'])).name} has no description"
    context.add_finding(
        docname, Finding("image-alt-missing", message, context.place_of(image, docname), Severity.WARNING, hint)
    )
    if figure is not None:
        caption = next((child for child in figure.children if isinstance(child, nodes.caption)), None)
        image["alt"] = caption.astext() if caption is not None else ""
