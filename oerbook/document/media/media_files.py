"""Check the media of a page: kinds of files, captions, titles; offer sanitized captions."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

from babel import Locale, UnknownLocaleError
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.media.media_node import MediaNode, file_reference_of, is_web_address
from oerbook.document.safety.file_access import depend_on_missing_file, is_remote, resolve_path, suggest_file
from oerbook.document.safety.restricted_directives import report_unsafe_link
from oerbook.markup.urls import url_scheme
from oerbook.media.captions import MAX_CAPTION_BYTES, decode_captions, read_cues, write_webvtt
from oerbook.media.embeds import AUDIO, VIDEO
from oerbook.media.kinds import has_sound, identify_media_kind
from oerbook.model.findings import Finding, Severity
from oerbook.storage.files import write_atomically

LANGUAGE_SUFFIX = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.(?:vtt|srt)$")
CAPTIONS_HINT = (
    "Write what is said and heard as captions: :captions: film.vtt. Or give a :transcript:. Add :silent: to a video "
    "without sound."
)
TRANSCRIPT_HINT = "Give the words in print: :transcript: recording.txt, or the words themselves."


def check_media(app: Sphinx, doctree: nodes.document) -> None:
    """Check every medium of a page, and report what its readers would lack."""
    context, docname = context_of(app), app.env.current_document.docname
    for number, node in enumerate(list(doctree.findall(MediaNode)), start=1):
        medium = _Medium(app, context, docname, node)
        medium.add_id(doctree, number)
        medium.check_title()
        if is_web_address(node["target"]):
            medium.check_host()
        elif is_remote(node["target"]):
            medium.refuse_address()
        elif (link := file_reference_of(node)) is not None:
            medium.check_file(link)
            medium.add_captions()
            medium.check_words()


class _Medium:
    """One medium of the page that is read."""

    def __init__(self, app: Sphinx, context: BuildContext, docname: str, node: Any) -> None:
        self.app, self.context, self.docname, self.node = app, context, docname, node
        self.name = str(node.get("site") or PurePosixPath(node["target"]).name)

    def report(self, code: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        """Report a problem at the place of the medium."""
        place = self.context.place_of(self.node, self.docname)
        self.context.add_finding(self.docname, Finding(code, message, place, severity, hint))

    def add_id(self, doctree: nodes.document, number: int) -> None:
        """Give the medium an id, to which print leads readers."""
        if self.node["ids"] or (isinstance(self.node.parent, nodes.figure) and self.node.parent["ids"]):
            return
        names = (f"{self.node['kind']}-{n}" for n in itertools.count(number))
        name = next(name for name in names if name not in doctree.ids)
        self.node["ids"].append(name)
        doctree.ids[name] = self.node

    def check_title(self) -> None:
        """Take the title from the caption, or report that there is none."""
        if self.node["title"]:
            self.node += nodes.inline("", self.node["title"])  # for the search
            return
        parent = self.node.parent
        caption = next((child for child in parent.children if isinstance(child, nodes.caption)), None)
        self.node["title"] = " ".join(caption.astext().split()) if caption is not None else ""
        if not self.node["title"]:
            self.report(
                "media-title-missing",
                f"the {self.node['kind']} {self.name} has no title",
                "Say what it shows: :title: A worm digs, or a caption. Screen readers and the printed book name it so.",
            )

    def check_host(self) -> None:
        """Report a page that no player is known for."""
        if not self.node["player"]:
            self.report(
                "embed-host",
                f"pages of {self.node['site']} are not embedded; a link replaces it",
                "Embed a page of a site that the handbook lists. The editor can add others in chapters/index.md: "
                f"embeds: [{self.node['site']}]",
            )

    def refuse_address(self) -> None:
        """Report an address that is no web page, such as `javascript:` or `data:`, and forget it."""
        report_unsafe_link(
            self.context,
            self.docname,
            url_scheme(self.node["target"]),
            self.context.place_of(self.node, self.docname),
        )
        self.node.children.clear()

    def check_file(self, link: addnodes.download_reference) -> None:
        """Find out the kind and size of the file."""
        folder = self.context.absolute_path(self.docname).parent
        path = (folder / str(link["reftarget"])).resolve()
        data = path.read_bytes()
        kind = identify_media_kind(data)
        chapters = self.context.book.root.resolve() / "chapters"
        self.node["file"], self.node["size"] = Path(os.path.relpath(path, chapters)).as_posix(), len(data)
        if kind is None:
            self.node["playable"] = False
            hint = "Save it as MP4, WebM or MP3; to offer a file for download, write {download}."
            self.report("media-format", f"{self.name} is not a video or a recording", hint)
            return
        if kind.is_video and not has_sound(data):
            self.node["flags"] = [*self.node["flags"], "silent"]
        self.node["playable"] = not kind.problem or kind.mime_type == "video/mp4"
        self.node["mime_type"], self.node["file_kind"] = kind.mime_type, kind.name
        self.node["is_for_epub"] = kind.is_for_epub and self.node["playable"]
        if not kind.is_video and self.node["kind"] == VIDEO:
            self.node["kind"] = AUDIO
        if kind.problem:
            hint = kind.hint.format(name=self.name, stem=PurePosixPath(self.name).stem)
            self.report("media-format", f"{self.name} is {kind.problem}", hint)

    def add_captions(self) -> None:
        """Offer each caption file, rewritten with allowed content."""
        tracks = [self._track(file, kind) for file, kind in self.node["captions"]]
        self.node["tracks"] = [track for track in tracks if track]

    def _track(self, file: str, kind: str) -> dict[str, str]:
        path = resolve_path(self.context, self.docname, file)
        if path is None or not path.is_file():
            depend_on_missing_file(self.app.env, self.context, self.docname, file)
            hint = suggest_file(self.context, self.docname, path) if path else ""
            hint = hint or "Put the captions beside the chapter, as a .vtt or .srt file."
            self.report("download-missing", f"the captions {file} are missing", hint)
            return {}
        self.app.env.note_dependency(str(path), docname=self.docname)
        cues = read_cues(decode_captions(path.read_bytes())) if path.stat().st_size <= MAX_CAPTION_BYTES else ()
        if not cues:
            hint = "Save it as WebVTT (.vtt) or SubRip (.srt): a line of times, then the words."
            self.report("captions-invalid", f"no captions can be read in {file}", hint)
            return {}
        data = write_webvtt(cues).encode()
        copy = self.context.cache_dir / "outputs" / hashlib.sha256(data).hexdigest()[:16] / f"{path.stem}.vtt"
        write_atomically(copy, data)
        folder = self.context.absolute_path(self.docname).parent.resolve()
        target = Path(os.path.relpath(copy, folder)).as_posix()
        link = addnodes.download_reference("", "", reftarget=target, reftype="download", refdoc=self.docname)
        self.node += link
        language = match[1] if (match := LANGUAGE_SUFFIX.search(path.name)) else self.context.book.language
        chapters = self.context.book.root.resolve() / "chapters"
        file = Path(os.path.relpath(copy.resolve(), chapters)).as_posix()
        return {"kind": kind, "language": language, "label": _language_name(language), "file": file}

    def check_words(self) -> None:
        """Report a video without captions, or a recording without a transcript."""
        parent = self.node.parent if isinstance(self.node.parent, nodes.figure) else self.node
        siblings = parent.parent.children
        after: Any = siblings[siblings.index(parent) + 1 : siblings.index(parent) + 2]
        if any("transcript" in other.get("classes", ()) for other in after if isinstance(other, nodes.Element)):
            return
        if "silent" in self.node["flags"] or "muted" in self.node["flags"]:
            return
        self.node["lacks_words"] = self.node["kind"] == AUDIO or not self.node["tracks"]
        if self.node["kind"] == AUDIO:
            self.report("media-transcript-missing", f"the recording {self.name} has no transcript", TRANSCRIPT_HINT)
        elif not self.node["tracks"]:
            self.report("media-captions-missing", f"the video {self.name} has no captions", CAPTIONS_HINT)


def _language_name(language: str) -> str:
    """Return the name of a language in that language.

    >>> _language_name("de"), _language_name("xx")
    ('Deutsch', 'xx')
    """
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language
    return str((locale.get_display_name(locale) or language).capitalize())
