"""What a run of the credits leaves for the next, so that only new commits cost anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from oerbook.attribution.annotate import ENGINE, Annotator
from oerbook.attribution.deleted_text import Memory
from oerbook.attribution.ledger import Ledger
from oerbook.attribution.page_revisions import Pages, states_of, steps
from oerbook.model.book import Book
from oerbook.model.history import History
from oerbook.source.history import Outline, outline, read_history
from oerbook.storage.cache import Shelf, digest

RECENT = 200  # commits from which new work may branch off without beginning anew
LAYOUT = "2"  # of what is kept: change it with anything that is read back


@dataclass(slots=True)
class Kept:
    """Commits in the order of their letters, and the pages after the latest of them."""

    order: list[str] = field(default_factory=list)
    states: dict[str, Pages] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    words: list[str] = field(default_factory=list)


def opened(book: Book, shelf: Shelf) -> tuple[Kept, Ledger] | None:
    """Return what an earlier run left (if it fits), and the ledger of the history as it is now; None without one.

    Raises OerbookError for a shallow clone.
    """
    key, before, kept = _left(shelf)
    history = read_history(book.root, before)
    if history is None:
        return None
    ledger = Ledger(book, history)
    if _fits(kept, history) and key == _key(ledger, kept.order):
        return kept, ledger
    if before is None:
        return Kept(), ledger
    history = read_history(book.root) or history  # the edits of old commits are needed after all
    return Kept(), Ledger(book, history)


def keep(shelf: Shelf, ledger: Ledger, kept: Kept, annotator: Annotator) -> None:
    """Leave what has been worked out for the next run."""
    words = list(annotator.reader.vocabulary.words)
    states = {sha: kept.states[sha] for sha in kept.order[-RECENT:] if sha in kept.states}
    found = outline(ledger.history)
    plain = tuple(getattr(found, name) for name in found.__slots__)
    shelf.put("state", "credits", (_key(ledger, kept.order), plain, steps(states), kept.memory, words))


def _left(shelf: Shelf) -> tuple[str, Outline | None, Kept]:
    """Return what an earlier run left, and the key that says whether it fits."""
    try:
        key, plain, found, memory, words = shelf.get("state", "credits")
        before = Outline(*plain)
        return key, before, Kept(list(before.shas), states_of(found), memory, words)
    except (TypeError, ValueError, KeyError, AttributeError):  # of another version, spoiled, or none
        return "", None, Kept()


def _fits(kept: Kept, history: History) -> bool:
    """Say whether the history went on from what was kept, and from commits whose pages were kept."""
    if not kept.order or len(history.commits) < len(kept.order):
        return False
    fresh = history.commits[len(kept.order) :]
    bases = {parent for commit in fresh for parent in commit.parents} - {commit.sha for commit in fresh}
    return history.commits[len(kept.order) - 1].sha == kept.order[-1] and bases | {kept.order[-1]} <= kept.states.keys()


def _key(ledger: Ledger, order: Sequence[str]) -> str:
    """Return a digest of what else an annotation depends on: the engine, and which commits no person wrote."""
    return digest(LAYOUT, ENGINE, *sorted(ledger.automatic & set(order)))
