"""Compute the credits: trace every word to its commit, and cache the result."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from oerbook.attribution.annotate import Annotator
from oerbook.attribution.ledger import Ledger
from oerbook.attribution.myst_prose import decode_revision, iter_words
from oerbook.attribution.page_revisions import PagesByPath
from oerbook.attribution.word_codes import Vocabulary, decode_number, encode_number
from oerbook.git import process
from oerbook.model.book import Book, Credits
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.history import History, PageEdit
from oerbook.source.history import MAX_REVISION_BYTES
from oerbook.storage.cache import Cache
from oerbook.tasks.credits.state import RECENT_COMMITS, AnnotationState, load_state, save_state


@dataclass(frozen=True, slots=True)
class AuthoredRun:
    """Consecutive words of one origin: author ids, commit, text, first line."""

    people: tuple[str, ...]
    commit: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote the book: its credits, and for each page the origin of every word.

    `origins` holds one character per word, which encodes a commit. `texts` are the bytes of the pages at the time of
    reading: a page may be saved while the book is built.
    """

    credits: Credits
    origins: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    ledger: Ledger | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def report_unmapped(self, book: Book) -> Iterator[Finding]:
        """Yield a note for each committer without a file in `contributors/`."""
        directory = self.ledger.identities if self.ledger else None
        if directory is None or not book.people:
            return
        by_letters = {_letters(person.name): person for person in book.people}
        for committer in sorted(directory.unregistered):
            name = directory.people[committer].name
            similar = next(
                (person for key, person in by_letters.items() if _letters(name) and _letters(name) in key), None
            )
            accounts = directory.github_accounts(committer)
            if similar is not None and similar.name.casefold() == name.casefold():
                account = accounts[0] if accounts else "…"
                hint = f"If this is {similar.name}, add the account to {similar.place.path}: github: {account}"
            elif similar is not None:
                names = [alias for alias in directory.commit_names(committer) if "@" not in alias] or [name]
                hint = f"If this is {similar.name}, add to {similar.place.path}: identities: [{', '.join(names)}]"
            else:
                account = f", github: {accounts[0]}" if accounts else ""
                hint = f"Create contributors/{committer}.md with name: {name}{account}"
            message = f"the committer {name} has no file in contributors/"
            place = similar.place if similar is not None else Place("contributors")
            yield Finding("identity-unmapped", message, place, Severity.INFO, hint)

    def runs(self, path: str) -> Iterator[AuthoredRun]:
        """Yield the words of a page in order, grouped by origin."""
        assert self.ledger is not None
        text = decode_revision(self.texts[path], path) if path in self.texts else ""
        pairs = zip(iter_words(text), self.origins.get(path, ""), strict=True)
        for origin, group in groupby(pairs, key=lambda pair: pair[1]):
            run_words = [word for word, _origin in group]
            yield self._run(origin, [word.text for word in run_words], run_words[0].line)

    def _run(self, origin: str, texts: Sequence[str], line: int) -> AuthoredRun:
        assert self.ledger is not None
        index = decode_number(origin)
        commits = self.ledger.history.commits
        sha = commits[index].sha if index < len(commits) else ""
        return AuthoredRun(self.ledger.author_ids(index), sha, " ".join(texts), line)


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Disable the cyclic garbage collector.

    Annotating allocates many small objects that form no cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def credits_from_files(book: Book) -> Authorship:
    """Return the credits that the book's files declare, without its history."""
    ledger = Ledger(book, History(()))
    return Authorship(ledger.compute_credits({}), {}, (), ledger)


@_garbage_collection_off()
def compute_authorship(book: Book, cache_folder: Path) -> Authorship:
    """Return who wrote the book, updating the annotation in `cache_folder`.

    Without git, or before the first commit, only people named in files get credit, and a finding says so.
    Raises OerbookError for a shallow clone.
    """
    cache = Cache(cache_folder)
    loaded = load_state(book, cache)
    if loaded is None:
        message = "there is no git history, so only people named in the book's files get credit"
        hint = "Keep the book in git (git init, then commit): credit is computed from its history."
        finding = Finding("history-missing", message, Place("chapters/index.md"), Severity.INFO, hint)
        return replace(credits_from_files(book), findings=(finding,))
    state, ledger = loaded
    history = ledger.history
    annotator = Annotator(Vocabulary(state.vocabulary), state.deleted_text)
    cached_commits = len(state.commits)
    _annotate_new_commits(book, history, state, annotator, ledger.automatic_commits)
    pages = state.pages_by_commit[history.head]
    if len(state.commits) > cached_commits:
        save_state(cache, ledger, state, annotator)
    texts = dict(_read_pages(book))
    origins, findings = _annotate_working_tree(book, texts, history, pages, annotator)
    return Authorship(ledger.compute_credits(origins), origins, tuple(findings), ledger, texts)


def _annotate_new_commits(
    book: Book, history: History, state: AnnotationState, annotator: Annotator, automatic: frozenset[str]
) -> None:
    """Annotate the commits that `state` does not hold yet, and add their pages to it.

    Pages of a commit are dropped when all its children are annotated, unless the commit is recent.
    """
    first = len(state.commits)
    new_commits = history.commits[first:]
    texts = _Texts(book.root, [edit for commit in new_commits for edit in commit.edits], state.pages_by_commit)
    for text in texts.previous():  # an earlier run has read these; their sentences are needed again
        annotator.tokenizer.tokenize(text)
    children_left = Counter(parent for commit in new_commits for parent in commit.parents)
    recent = {commit.sha for commit in history.commits[-RECENT_COMMITS:]}
    for index, commit in enumerate(new_commits, start=first):
        parents = [state.pages_by_commit[parent] for parent in commit.parents]
        new_texts = texts.of(commit.edits)
        state.pages_by_commit[commit.sha] = annotator.annotate_commit(
            index, parents, commit.edits, new_texts, commit.sha in automatic
        )
        state.commits.append(commit.sha)
        for parent in commit.parents:
            children_left[parent] -= 1
            if not children_left[parent] and parent not in recent and parent != history.head:
                state.pages_by_commit.pop(parent, None)
    texts.close()


class _Texts:
    """The texts of revisions, read from one git process in a fixed order, each once."""

    def __init__(self, root: Path, edits: Sequence[PageEdit], states: Mapping[str, PagesByPath]) -> None:
        known = {page.blob: path for pages in states.values() for path, page in pages.items()}
        added = {edit.blob: edit.new_path for edit in edits if edit.blob}
        edited = {edit.old_path or edit.new_path for edit in edits}
        self._previous = {blob: path for blob, path in known.items() if path in edited and blob not in added}
        self._paths = {**self._previous, **added}
        self._unread = iter(self._paths)
        self._contents = process.stream_blobs(root, list(self._paths), MAX_REVISION_BYTES) if self._paths else iter(())
        self._texts: dict[str, str] = {}

    def of(self, edits: Sequence[PageEdit]) -> dict[str, str]:
        """Return the texts of a commit's pages by blob id."""
        return {edit.blob: self._text(edit.blob) for edit in edits if edit.blob}

    def previous(self) -> Iterator[str]:
        """Yield the texts that the edited pages had before."""
        return map(self._text, self._previous)

    def close(self) -> None:
        """End the git process."""
        close = getattr(self._contents, "close", None)
        if close:
            close()

    def _text(self, blob: str) -> str:
        while blob not in self._texts:
            name = next(self._unread)
            self._texts[name] = decode_revision(next(self._contents), self._paths[name])
        return self._texts[blob]


def _read_pages(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the pages on disk."""
    for chapter in (book.index, *book.chapters):
        with suppress(OSError):
            yield chapter.path, (book.root / chapter.path).read_bytes()


def _annotate_working_tree(
    book: Book, texts: Mapping[str, bytes], history: History, pages: PagesByPath, annotator: Annotator
) -> tuple[dict[str, str], list[Finding]]:
    """Return the origins of the words on disk; report those that are uncommitted."""
    origins, findings = {}, []
    uncommitted = len(history.commits)
    for chapter in (book.index, *book.chapters):
        path = history.prefix + chapter.path
        page = pages.get(path)
        data = texts.get(chapter.path)
        if data is None:
            continue
        if page is not None and page.blob == _blob_id(data, page.blob):
            origins[chapter.path] = "".join(page.origins)
            continue
        text = decode_revision(data, chapter.path)
        passages = tuple(annotator.tokenizer.tokenize(text))
        if page is None or page.passages != passages:
            edit = PageEdit(path if page else "", path, "today")
            page = annotator.annotate_commit(uncommitted, [pages], [edit], {"today": text}, False)[path]
            if encode_number(uncommitted) in "".join(page.origins):
                message, hint = "this page has uncommitted words without an author", "Run git add and git commit."
                findings.append(Finding("uncommitted", message, Place(chapter.path), Severity.INFO, hint))
        origins[chapter.path] = "".join(page.origins)
    return origins, findings


def _blob_id(data: bytes, example: str) -> str:
    """Return git's object id of a file's content, in the hash function of another id."""
    blob = b"blob %d\0" % len(data) + data
    if len(example) == 64:
        return hashlib.sha256(blob).hexdigest()
    return hashlib.sha1(blob, usedforsecurity=False).hexdigest()
