"""Find tracked changes and comments of a Word document, and accept or reject those of some authors and days."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from oerbook.importers.word.namespaces import w
from oerbook.model.untyped import XmlElement

INSERTIONS, DELETIONS = (w("ins"), w("moveTo")), (w("del"), w("moveFrom"))
RANGE_MARKS = tuple(w(f"move{kind}Range{end}") for kind in ("From", "To") for end in ("Start", "End"))
Accepts = Callable[["ChangeGroup"], bool]


@dataclass(frozen=True, slots=True, order=True)
class ChangeGroup:
    """The changes of one author on one day (`2025-09-18`, "" without a date)."""

    day: str
    author: str

    @property
    def time_s(self) -> int:
        """Noon of the day in seconds since 1970, 0 without a date."""
        try:
            return int(datetime.fromisoformat(self.day).replace(hour=12, tzinfo=UTC).timestamp())
        except ValueError:
            return 0


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: its author and text."""

    author: str
    text: str


def find_change_groups(document: XmlElement) -> list[ChangeGroup]:
    """Return the authors and days of all tracked insertions, deletions and moves, the oldest first."""
    changes = (element for tag in (*INSERTIONS, *DELETIONS) for element in document.iter(tag))
    return sorted({group_of(element) for element in changes})


def group_of(change: XmlElement) -> ChangeGroup:
    """Return the author and day of a change. The same name written twice ("ada ada") is one name."""
    words = str(change.get(w("author"), "")).split()
    half = len(words) // 2
    if half and len(words) % 2 == 0 and words[:half] == words[half:]:
        words = words[:half]
    return ChangeGroup(str(change.get(w("date"), ""))[:10], " ".join(words))


def with_changes_resolved(document: XmlElement, accepts: Accepts) -> XmlElement:
    """Return a copy of a document with each tracked change accepted or rejected."""
    root = copy.deepcopy(document)
    _resolve_rows(root, accepts)
    _resolve_paragraph_marks(root, accepts)
    for element in list(root.iter(*INSERTIONS, *DELETIONS)):
        if element.getparent() is None or element.getparent().tag in (w("rPr"), w("trPr")):
            continue
        stays = accepts(group_of(element)) == (element.tag in INSERTIONS)
        _unwrap(element) if stays else element.getparent().remove(element)
    for element in list(root.iter(*RANGE_MARKS)):
        element.getparent().remove(element)
    for element in root.iter(w("delText")):
        element.tag = w("t")
    for element in root.iter(w("delInstrText")):
        element.tag = w("instrText")
    return root


def read_comments(comments: XmlElement | None) -> list[Comment]:
    """Return the comments of `word/comments.xml`."""
    found = []
    for element in comments.iter(w("comment")) if comments is not None else ():
        text = " ".join("".join(t.text or "" for t in p.iter(w("t"))) for p in element.iter(w("p"))).strip()
        if text:
            found.append(Comment(" ".join(str(element.get(w("author"), "")).split()), text))
    return found


def remove_comment_marks(document: XmlElement) -> None:
    """Remove the marks of comments from the text, in place."""
    tags = (w("commentRangeStart"), w("commentRangeEnd"), w("commentReference"))
    for element in list(document.iter(*tags)):
        element.getparent().remove(element)


def _resolve_rows(root: XmlElement, accepts: Accepts) -> None:
    """Remove table rows that were inserted and rejected, or deleted and accepted."""
    for row in list(root.iter(w("tr"))):
        properties = row.find(w("trPr"))
        for change in list(properties) if properties is not None else ():
            if change.tag in (w("ins"), w("del")):
                stays = accepts(group_of(change)) == (change.tag == w("ins"))
                properties.remove(change)
                if not stays and row.getparent() is not None:
                    row.getparent().remove(row)


def _resolve_paragraph_marks(root: XmlElement, accepts: Accepts) -> None:
    """Join a paragraph with the next one if its end was inserted and rejected, or deleted and accepted."""
    for paragraph in list(root.iter(w("p"))):
        properties = paragraph.find(f"{w('pPr')}/{w('rPr')}")
        changes = [c for c in properties if c.tag in (*INSERTIONS, *DELETIONS)] if properties is not None else []
        stays = all(accepts(group_of(change)) == (change.tag in INSERTIONS) for change in changes)
        for change in changes:
            properties.remove(change)
        following = paragraph.getnext()
        if not stays and following is not None and following.tag == w("p"):
            content = [child for child in paragraph if child.tag != w("pPr")]
            start = 1 if following.find(w("pPr")) is not None else 0
            following[start:start] = content
            paragraph.getparent().remove(paragraph)


def _unwrap(element: XmlElement) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    index = parent.index(element)
    parent[index : index + 1] = list(element)
