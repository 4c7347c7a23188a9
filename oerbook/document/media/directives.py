"""The directives `{video}`, `{audio}`, `{youtube}`, `{vimeo}` and `{iframe}`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from oerbook.document.context.build_context import current_context
from oerbook.document.media.media_node import MediaRequest, is_web_address, kind_of_target, make_media_node
from oerbook.document.safety.file_access import resolve_path, suggest_file
from oerbook.media.captions import CAPTION_SUFFIXES, decode_captions, read_cues, transcript_paragraphs
from oerbook.media.embeds import AUDIO, VIDEO
from oerbook.text.translations import translate

MEDIA_OPTIONS = """
    align alt aspect autoplay captions caption class controls figclass figwidth height loop muted name nocontrols
    placeholder poster preload privacy_mode silent subtitles text title transcript url_parameters width
""".split()  # noqa: SIM905 - those of sphinxcontrib-video, sphinxcontrib-youtube and mystmd among them
TRANSCRIPT_SUFFIXES = (".txt", ".md", *CAPTION_SUFFIXES)
EMBED_CODE = re.compile(r"<iframe\b[^>]*?\ssrc\s*=\s*[\"'“”„]?([^\"'“”\s>]+)", re.I)
MAX_TRANSCRIPT_BYTES = 1_000_000


def address_of(argument: str) -> str:
    """Return the address in the code that sites give for embedding; any other argument as it is.

    >>> address_of('<iframe width="560" src="https://example.org/a"></iframe>'), address_of("worm.mp4")
    ('https://example.org/a', 'worm.mp4')
    """
    source = EMBED_CODE.match(argument)
    return html.unescape(source[1]) if source else argument


class MediaDirective(SphinxDirective):
    """A video, a recording or an embedded page: a file of the book, or an address on the web.

    The content is the caption and what follows it, as in a figure.
    """

    required_arguments = 0
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    kind = ""
    url_template = ""  # of a site whose pages are named by an id
    option_spec = dict.fromkeys(MEDIA_OPTIONS, directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Return the medium, in a figure if it has a caption, and its transcript."""
        context = current_context()
        target = address_of(" ".join((self.arguments[0] if self.arguments else "").split()))
        if not target:
            message = f"{{{self.name}}} names no file or address"
            context.report_problem(self.env.docname, "directive-option", message, self.lineno)
            return self._parsed_content()
        if self.url_template and not is_web_address(target):
            target = self.url_template.format(target)
        request = MediaRequest(target, self.kind or kind_of_target(target), self.options)
        medium = make_media_node(request, self.env.docname, context.book.settings.embeds)
        for node in medium.findall(nodes.Element):
            self.set_source_info(node)
        return [self._figure(medium), *self._transcript()]

    def _parsed_content(self) -> list[nodes.Node]:
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        return list(content.children)

    def _figure(self, medium: nodes.Element) -> nodes.Element:
        """Return a figure if there is a caption, else the medium itself."""
        content = self._parsed_content()
        first, rest = (content[0], content[1:]) if content else (None, [])
        caption = nodes.caption()
        if self.options.get("caption"):
            parsed, messages = self.state.inline_text(self.options["caption"], self.lineno)
            caption += [*parsed, *messages]
            rest = [first, *rest] if first else []
        elif isinstance(first, nodes.paragraph):
            caption += first.children
        elif first is not None:
            rest = [first, *rest]
        self.set_source_info(caption)
        if not caption.children and not rest:
            self.add_name(medium)
            return medium
        figure = nodes.figure("", medium)
        self.set_source_info(figure)
        if self.options.get("align") in ("left", "center", "right"):
            figure["align"] = self.options["align"]
        figure += [caption] if caption.children else []
        figure += [nodes.legend("", *rest)] if rest else []
        self.add_name(figure)
        return figure

    def _transcript(self) -> list[nodes.Node]:
        """Return the transcript as a passage that readers of the web site unfold."""
        text = self.options.get("transcript", "").strip()
        if not text:
            return []
        box = nodes.container(classes=["details", "transcript"])
        self.set_source_info(box)
        label = translate(current_context().book.language, "Transcript")
        box += nodes.rubric("", label, classes=["summary"])
        if text.endswith(TRANSCRIPT_SUFFIXES) and len(text.split()) == 1:
            box += self._transcript_file(text)
        else:
            self.state.nested_parse(StringList(text.split("\n"), self.get_source_info()[0]), self.lineno - 1, box)
        return [box] if len(box.children) > 1 else []

    def _transcript_file(self, name: str) -> Iterator[nodes.Node]:
        context = current_context()
        path = resolve_path(context, self.env.docname, name)
        if path is None or not path.is_file() or path.stat().st_size > MAX_TRANSCRIPT_BYTES:
            hint = suggest_file(context, self.env.docname, path) if path else ""
            hint = hint or "Put the transcript beside the chapter, as .txt, .md or .vtt."
            context.report_problem(
                self.env.docname, "download-missing", f"the transcript {name} is missing", self.lineno, hint=hint
            )
            return
        yield from self._paragraphs(path)

    def _paragraphs(self, path: Path) -> list[nodes.Node]:
        text = decode_captions(path.read_bytes())
        self.env.note_dependency(str(path))
        if path.suffix == ".md":
            content = nodes.container()
            self.state.nested_parse(StringList(text.splitlines(), str(path)), 0, content)
            return list(content.children)
        is_timed = path.suffix in CAPTION_SUFFIXES
        blocks = transcript_paragraphs(read_cues(text)) if is_timed else text.replace("\r\n", "\n").split("\n\n")
        paragraphs = [" ".join(block.split()) for block in blocks]
        return [nodes.paragraph(words, words) for words in paragraphs if words]


class Video(MediaDirective):
    """`{video}`: a video of the book's own or on another site."""

    kind = VIDEO


class Audio(MediaDirective):
    """`{audio}`: a sound recording."""

    kind = AUDIO


class YouTube(MediaDirective):
    """`{youtube} ID`."""

    kind = VIDEO
    url_template = "https://www.youtube.com/watch?v={}"


class Vimeo(MediaDirective):
    """`{vimeo} ID`."""

    kind = VIDEO
    url_template = "https://vimeo.com/{}"


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "video": Video,
    "audio": Audio,
    "youtube": YouTube,
    "vimeo": Vimeo,
    "iframe": MediaDirective,
}
