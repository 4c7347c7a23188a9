"""Turn tracked changes into earlier states of chapters: one for each author and day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from oerbook.importers.conversion.labels import assign_labels
from oerbook.importers.conversion.values import ConvertedChapter, SourceRevision
from oerbook.importers.myst_writer import PageContext, write_page
from oerbook.importers.word.properties import Properties
from oerbook.importers.word.tracked_changes import ChangeGroup, with_changes_resolved
from oerbook.model.untyped import XmlElement

MAX_STATES = 60
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class TrackedState:
    """The chapters after the changes of a group; None is the state before all changes."""

    group: ChangeGroup | None
    chapters: tuple[ConvertedChapter, ...]


def list_states(
    document: XmlElement, groups: Sequence[ChangeGroup], read: Callable[[XmlElement], tuple[ConvertedChapter, ...]]
) -> list[TrackedState]:
    """Return the state before all changes, and the one after each group; beyond `MAX_STATES` the last come together."""
    states = [TrackedState(None, read(with_changes_resolved(document, lambda _group: False)))]
    for number, group in enumerate(groups[:MAX_STATES], start=1):
        accepted = set(groups[:number])
        states.append(TrackedState(group, read(with_changes_resolved(document, accepted.__contains__))))
    return states


def add_history(
    chapters: Sequence[ConvertedChapter], states: Sequence[TrackedState], properties: Properties
) -> tuple[ConvertedChapter, ...]:
    """Return chapters with their earlier states; a state that does not change a chapter is none of its own.

    The text before all changes is by the creator of the file. A state in which the document has another number of
    chapters is left out: its changes then belong to the next one.
    """
    result = []
    for number, chapter in enumerate(chapters):
        revisions: list[SourceRevision] = []
        for state in states:
            if len(state.chapters) != len(chapters):
                continue
            text = _text_of(state.chapters, number)
            if not revisions or revisions[-1].text != text:
                revisions.append(_revision(state.group, text, states, properties))
        result.append(replace(chapter, revisions=tuple(revisions)))
    return tuple(result)


def _revision(
    group: ChangeGroup | None, text: str, states: Sequence[TrackedState], properties: Properties
) -> SourceRevision:
    if group is not None:
        return SourceRevision(group.author or "anonymous", group.time_s, f"Tracked changes of {group.day}", text)
    first = min((state.group.time_s for state in states if state.group), default=0)
    created = ChangeGroup(properties.created, "").time_s
    time_s = min(created or first, first - DAY_S) if first > DAY_S else created
    return SourceRevision(properties.creator or "anonymous", time_s, "Text before the tracked changes", text)


def _text_of(chapters: Sequence[ConvertedChapter], number: int) -> str:
    paths = [f"{index}.md" for index in range(len(chapters))]
    labels = assign_labels(chapters, paths)[number]
    pictures = _Pictures()
    context = PageContext("", labels.labels, labels.links, pictures)
    return f"# {chapters[number].title}\n\n{write_page(chapters[number].blocks, context).text}"


class _Pictures(dict[str, str]):
    """The paths of pictures: in an earlier state each keeps its own."""

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return the path itself."""
        return key or default
