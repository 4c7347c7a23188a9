"""The cached annotation of the history, so that a run annotates new commits only."""

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

RECENT = 200  # commits whose pages are cached, so that a branch may start at any of them
LAYOUT = "2"  # format of the cached state; raise it when anything that is read back changes


@dataclass(slots=True)
class Kept:
    """The annotated commits in order, and the pages after the most recent of them.

    `order` holds commit ids; a commit's index is what the origin characters encode.
    """

    order: list[str] = field(default_factory=list)
    states: dict[str, Pages] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    words: list[str] = field(default_factory=list)


def opened(book: Book, cache: Shelf) -> tuple[Kept, Ledger] | None:
    """Return the cached state and the ledger of the current history.

    The state is empty if it does not fit the history. Returns None without a history.
    Raises OerbookError for a shallow clone.
    """
    key, cached_outline, state = _read(cache)
    history = read_history(book.root, cached_outline)
    if history is None:
        return None
    ledger = Ledger(book, history)
    if _fits(state, history) and key == _key(ledger, state.order):
        return state, ledger
    if cached_outline is None:
        return Kept(), ledger
    history = read_history(book.root) or history  # annotating from the start needs the edits of old commits too
    return Kept(), Ledger(book, history)


def keep(cache: Shelf, ledger: Ledger, state: Kept, annotator: Annotator) -> None:
    """Write the state to the cache for the next run."""
    vocabulary = list(annotator.reader.vocabulary.words)
    pages = {sha: state.states[sha] for sha in state.order[-RECENT:] if sha in state.states}
    history_outline = outline(ledger.history)
    fields = tuple(getattr(history_outline, name) for name in history_outline.__slots__)
    cache.put("state", "credits", (_key(ledger, state.order), fields, steps(pages), state.memory, vocabulary))


def _read(cache: Shelf) -> tuple[str, Outline | None, Kept]:
    """Return the key, history outline and state that an earlier run wrote."""
    try:
        key, fields, pages, memory, vocabulary = cache.get("state", "credits")
        history_outline = Outline(*fields)
        return key, history_outline, Kept(list(history_outline.shas), states_of(pages), memory, vocabulary)
    except (TypeError, ValueError, KeyError, AttributeError):  # missing, damaged or of another version
        return "", None, Kept()


def _fits(state: Kept, history: History) -> bool:
    """Say whether the history continues from commits whose pages are cached."""
    if not state.order or len(history.commits) < len(state.order):
        return False
    new_commits = history.commits[len(state.order) :]
    bases = {parent for commit in new_commits for parent in commit.parents} - {commit.sha for commit in new_commits}
    last = state.order[-1]
    return history.commits[len(state.order) - 1].sha == last and bases | {last} <= state.states.keys()


def _key(ledger: Ledger, order: Sequence[str]) -> str:
    """Return a digest of the annotation's version and of the commits of bots."""
    return digest(LAYOUT, ENGINE, *sorted(ledger.automatic & set(order)))
