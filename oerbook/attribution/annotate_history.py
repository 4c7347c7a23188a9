"""Follow the words of a book through its history, commit by commit, and into the working tree."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from oerbook.attribution.annotate import Annotator
from oerbook.attribution.deleted_text import DeletedText
from oerbook.attribution.ledger import CreditLedger
from oerbook.attribution.myst_prose import iter_prose_words
from oerbook.attribution.page_revisions import PagesByPath
from oerbook.attribution.revisions import decode_revision
from oerbook.attribution.word_codes import char_to_number, number_to_char
from oerbook.model.history import History, PageEdit

MAX_CACHED_COMMITS = 200  # commits whose pages are cached, so that a branch may start at any of them
BlobReader = Callable[[Sequence[str]], Iterator[bytes]]  # yields the contents of git objects, in the given order


@dataclass(slots=True)
class AnnotationState:
    """The annotated commits in order, and the pages after the most recent of them.

    `commits` holds commit ids; a commit's index is what the origin characters encode.
    """

    commits: list[str] = field(default_factory=list)
    pages_by_commit: dict[str, PagesByPath] = field(default_factory=dict)
    deleted_text: DeletedText = field(default_factory=DeletedText)
    vocabulary: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AuthoredRun:
    """Consecutive words of one origin: author ids, commit, text, first line."""

    people: tuple[str, ...]
    commit: str
    text: str
    line: int


class RevisionTexts:
    """The texts of revisions; the blobs are read in a fixed order, each once."""

    def __init__(self, edits: Sequence[PageEdit], states: Mapping[str, PagesByPath], read: BlobReader) -> None:
        path_by_blob = {page.blob: path for pages in states.values() for path, page in pages.items()}
        added = {edit.blob: edit.new_path for edit in edits if edit.blob}
        edited = {edit.old_path or edit.new_path for edit in edits}
        self._previous = {blob: path for blob, path in path_by_blob.items() if path in edited and blob not in added}
        paths = {**self._previous, **added}
        self._unread = zip(paths.items(), read(list(paths)), strict=False) if paths else iter(())
        self._texts: dict[str, str] = {}

    def texts_after(self, edits: Sequence[PageEdit]) -> dict[str, str]:
        """Return the texts of a commit's pages by blob id."""
        return {edit.blob: self._text(edit.blob) for edit in edits if edit.blob}

    def texts_before(self) -> Iterator[str]:
        """Yield the texts that the edited pages had before."""
        return map(self._text, self._previous)

    def _text(self, blob: str) -> str:
        """Return the text of a blob, reading on up to it."""
        while blob not in self._texts:
            (name, path), data = next(self._unread)
            self._texts[name] = decode_revision(data, path)
        return self._texts[blob]


def annotate_history(ledger: CreditLedger, state: AnnotationState, annotator: Annotator, read: BlobReader) -> None:
    """Annotate the commits that `state` does not hold yet, and add their pages to it.

    Pages of a commit are dropped when all its children are annotated, unless the commit is recent.
    """
    history = ledger.history
    first = len(state.commits)
    new_commits = history.commits[first:]
    texts = RevisionTexts([edit for commit in new_commits for edit in commit.edits], state.pages_by_commit, read)
    for text in texts.texts_before():  # an earlier run has read these; their sentences are needed again
        annotator.tokenizer.tokenize(text)
    children_left = Counter(parent for commit in new_commits for parent in commit.parents)
    recent = {commit.sha for commit in history.commits[-MAX_CACHED_COMMITS:]}
    for index, commit in enumerate(new_commits, start=first):
        parents = [state.pages_by_commit[parent] for parent in commit.parents]
        is_automatic = commit.sha in ledger.automatic_commits
        state.pages_by_commit[commit.sha] = annotator.annotate_commit(
            index, parents, commit.edits, texts.texts_after(commit.edits), is_automatic
        )
        state.commits.append(commit.sha)
        for parent in commit.parents:
            children_left[parent] -= 1
            if not children_left[parent] and parent not in recent and parent != history.head:
                state.pages_by_commit.pop(parent, None)


def annotate_working_tree(
    texts: Mapping[str, bytes], history: History, pages: PagesByPath, annotator: Annotator
) -> tuple[dict[str, str], list[str]]:
    """Return the origins of the words on disk, and the paths of pages with uncommitted words.

    `texts` are the contents of the pages by path in the book; `pages` are those of the last commit.
    """
    origins: dict[str, str] = {}
    uncommitted: list[str] = []
    today = len(history.commits)  # the index of a commit that does not exist yet
    for book_path, data in texts.items():
        path = history.prefix + book_path
        page = pages.get(path)
        if page is None or page.blob != _blob_id(data, page.blob):
            text = decode_revision(data, book_path)
            if page is None or page.passages != tuple(annotator.tokenizer.tokenize(text)):
                edit = PageEdit(path if page else "", path, "today")
                page = annotator.annotate_commit(today, [pages], [edit], {"today": text}, False)[path]
                uncommitted += [book_path] if number_to_char(today) in "".join(page.origins) else []
        origins[book_path] = "".join(page.origins)
    return origins, uncommitted


def split_by_author(ledger: CreditLedger, path: str, data: bytes, origins: str) -> Iterator[AuthoredRun]:
    """Yield the words of a page in order, grouped by origin."""
    words = iter_prose_words(decode_revision(data, path))
    commits = ledger.history.commits
    for origin, group in groupby(zip(words, origins, strict=True), key=lambda pair: pair[1]):
        run = [word for word, _origin in group]
        index = char_to_number(origin)
        sha = commits[index].sha if index < len(commits) else ""
        yield AuthoredRun(ledger.author_ids(index), sha, " ".join(word.text for word in run), run[0].line)


def _blob_id(data: bytes, example: str) -> str:
    """Return git's object id of a file's content, in the hash function of another id."""
    blob = b"blob %d\0" % len(data) + data
    if len(example) == 64:
        return hashlib.sha256(blob).hexdigest()
    return hashlib.sha1(blob, usedforsecurity=False).hexdigest()
