"""Words of the program about media, in the language of the book."""

from __future__ import annotations

from typing import Any

from oerbook.media.embeds import AUDIO, VIDEO
from oerbook.text.file_sizes import format_file_size
from oerbook.text.translations import translate

SITE_LABELS = {VIDEO: "Video on {}", AUDIO: "Recording on {}"}
WIDGET_SITE_LABEL = "Interactive page on {}"
PLAY_LABELS = {VIDEO: "Play the video", AUDIO: "Play the recording"}
WIDGET_PLAY_LABEL = "Load the interactive page"
FILE_LABELS = {
    VIDEO: "Video in the web edition of this book",
    AUDIO: "Recording in the web edition of this book",
}
WIDGET_FILE_LABEL = "File in the web edition of this book"


def site_label_template(node: Any, language: str) -> str:
    """Return the text that names the site of an embedded page, with {} for its name."""
    return translate(language, SITE_LABELS.get(node["kind"], WIDGET_SITE_LABEL))


def play_label(node: Any, language: str) -> str:
    """Return the text of the button that loads an embedded page."""
    return translate(language, PLAY_LABELS.get(node["kind"], WIDGET_PLAY_LABEL))


def file_label(node: Any, language: str) -> str:
    """Return the text that says where a file of the book is, for formats that do not play it."""
    label = translate(language, FILE_LABELS.get(node["kind"], WIDGET_FILE_LABEL))
    facts = file_facts(node, language)
    return f"{label} ({facts})" if facts else label


def file_facts(node: Any, language: str) -> str:
    """Return the kind and size of a file."""
    facts = [node.get("file_kind", ""), format_file_size(node["size"], language) if node.get("size") else ""]
    return ", ".join(filter(None, facts))
