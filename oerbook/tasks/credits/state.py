"""The cached annotation of the history, so that a run annotates new commits only."""

from __future__ import annotations

from collections.abc import Sequence

from oerbook.attribution.annotate import ANNOTATION_VERSION, Annotator
from oerbook.attribution.annotate_history import MAX_CACHED_COMMITS, AnnotationState
from oerbook.attribution.deleted_text import DeletedText
from oerbook.attribution.ledger import CreditLedger
from oerbook.attribution.page_revisions import decode_page_deltas, encode_page_deltas
from oerbook.model.book import Book
from oerbook.model.history import History
from oerbook.source.history import HistoryOutline, outline_history, read_history
from oerbook.storage.cache import Cache, make_cache_key

STATE_VERSION = "3"  # format of the cached state; raise it when anything that is read back changes


def load_state(book: Book, cache: Cache) -> tuple[AnnotationState, CreditLedger] | None:
    """Return the cached state and the ledger of the current history.

    The state is empty if it does not fit the history. Returns None without a history.
    Raises OerbookError for a shallow clone.
    """
    key, cached_outline, state = _read(cache)
    history = read_history(book.root, cached_outline)
    if history is None:
        return None
    ledger = CreditLedger(book, history)
    if _fits(state, history) and key == _key(ledger, state.commits):
        return state, ledger
    if cached_outline is None:
        return AnnotationState(), ledger
    history = read_history(book.root) or history  # annotating from the start needs the edits of old commits too
    return AnnotationState(), CreditLedger(book, history)


def save_state(cache: Cache, ledger: CreditLedger, state: AnnotationState, annotator: Annotator) -> None:
    """Write the state to the cache for the next run."""
    vocabulary = list(annotator.tokenizer.vocabulary.words)
    pages = {
        sha: state.pages_by_commit[sha] for sha in state.commits[-MAX_CACHED_COMMITS:] if sha in state.pages_by_commit
    }
    history_outline = outline_history(ledger.history)
    fields = tuple(getattr(history_outline, name) for name in history_outline.__slots__)
    cache.put(
        "state",
        "credits",
        (_key(ledger, state.commits), fields, encode_page_deltas(pages), state.deleted_text.to_fields(), vocabulary),
    )


def _read(cache: Cache) -> tuple[str, HistoryOutline | None, AnnotationState]:
    """Return the key, history outline and state that an earlier run wrote."""
    try:
        key, fields, pages, memory, vocabulary = cache.get("state", "credits", tuple) or ()
        history_outline = HistoryOutline(*fields)
        return (
            key,
            history_outline,
            AnnotationState(
                list(history_outline.shas), decode_page_deltas(pages), DeletedText.from_fields(memory), vocabulary
            ),
        )
    except (TypeError, ValueError, KeyError, AttributeError):  # missing, damaged or of another version
        return "", None, AnnotationState()


def _fits(state: AnnotationState, history: History) -> bool:
    """Say whether the history continues from commits whose pages are cached."""
    if not state.commits or len(history.commits) < len(state.commits):
        return False
    new_commits = history.commits[len(state.commits) :]
    bases = {parent for commit in new_commits for parent in commit.parents} - {commit.sha for commit in new_commits}
    last = state.commits[-1]
    return history.commits[len(state.commits) - 1].sha == last and bases | {last} <= state.pages_by_commit.keys()


def _key(ledger: CreditLedger, order: Sequence[str]) -> str:
    """Return a digest of the annotation's version and of the commits of bots."""
    return make_cache_key(STATE_VERSION, ANNOTATION_VERSION, *sorted(ledger.automatic_commits & set(order)))
