"""What writing a page knows and collects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.importers.conversion.plain_text import count_words, plain_text
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Json


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """What a link leads to: a kind of `TARGET_KINDS`, its label, and the path of its page from this one ("": here)."""

    kind: str
    label: str = ""
    path: str = ""


TARGET_KINDS = ("page", "section", "figure", "table", "equation", "listing", "statement", "exercise", "place")


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page refers to.

    `source_file` is named in findings. `labels` are the labels to write by id of an element; ids that nothing refers to
    are not in it. `links` are targets of links by id. `pictures` are the paths of pictures by the names that the blocks
    use. `citation_keys` are the keys of the bibliography.
    """

    source_file: str
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, LinkTarget] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    citation_keys: frozenset[str] = frozenset()


@dataclass(slots=True)
class PageState:
    """What is collected while a page is written."""

    context: PageContext
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    pending_notes: list[tuple[str, Sequence[Block]]] = field(default_factory=list)
    pending_labels: list[str] = field(default_factory=list)  # of places in the text of the block being written
    pending_index: list[str] = field(default_factory=list)  # index entries of the block being written
    label_by_note: dict[str, str] = field(default_factory=dict)

    def report(self, code: str, message: str, *, hint: str = "", severity: Severity = Severity.WARNING) -> None:
        """Add a finding about the source."""
        self.findings.append(Finding(code, message, Place(self.context.source_file), severity, hint))

    def count_text(self, content: Json) -> None:
        """Count the words of inlines or code that are written, without those of notes and formulas."""
        self.words.update(count_words(content if isinstance(content, str) else plain_text(content, formulas=False)))

    def add_note(self, blocks: Sequence[Block]) -> str:
        """Return the label of a note: a new one, whose text follows the block, or that of an equal note."""
        self.counts["notes"] += 1
        identity = repr(blocks)
        if identity not in self.label_by_note:
            self.label_by_note[identity] = str(len(self.label_by_note) + 1)
            self.pending_notes.append((self.label_by_note[identity], blocks))
        return self.label_by_note[identity]
