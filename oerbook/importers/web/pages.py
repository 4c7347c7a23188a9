"""The pages of a source while it is converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oerbook.importers.conversion.values import SourceRecord, SourceRevision
from oerbook.model.untyped import XmlElement, Yaml


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page of the source that becomes a chapter: its file or address, title, and body, which the steps rewrite.

    `key` is what links between pages call it. `styles` are the style sheets that it uses; the other fields are those of
    a `ConvertedChapter`.
    """

    name: str
    body: XmlElement
    title: str = ""
    part: str = ""
    slug: str = ""
    styles: str = ""
    front: Mapping[str, Yaml] = field(default_factory=dict)
    sources: tuple[SourceRecord, ...] = ()
    revisions: tuple[SourceRevision, ...] = ()

    @property
    def key(self) -> str:
        """What links in the source call this page."""
        return f"page:{self.name}"
