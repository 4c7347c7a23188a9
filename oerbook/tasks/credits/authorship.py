"""Credits: read the history, follow every word, draw up the ledger; what was worked out once is kept."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from oerbook.attribution.annotate import Annotator
from oerbook.attribution.ledger import Ledger
from oerbook.attribution.myst_prose import text_of, words
from oerbook.attribution.page_revisions import Pages
from oerbook.attribution.word_codes import Vocabulary, letter, number
from oerbook.git import process
from oerbook.model.book import Book, Credits
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.history import Edit, History
from oerbook.source.history import MOST
from oerbook.storage.cache import Shelf
from oerbook.tasks.credits.state import RECENT, Kept, keep, opened


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words with one origin: the ids of those who wrote them, the commit, the words."""

    people: tuple[str, ...]
    commit: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote the book: its credits, and for every page the origins of its words (one letter each).

    `texts` are the pages' bytes as they were looked at: somebody may save a page while the book is built.
    """

    credits: Credits
    origins: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    ledger: Ledger | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def unmapped(self, book: Book) -> Iterator[Finding]:
        """Yield a remark for each committer whom no file in `contributors/` knows, with the lines to add."""
        directory = self.ledger.directory if self.ledger else None
        if directory is None or not book.people:
            return
        near = {_letters(known.name): known for known in book.people}
        for person in sorted(directory.strangers):
            accounts, name = directory.accounts_of(person), directory.people[person].name
            like = next((known for key, known in near.items() if _letters(name) and _letters(name) in key), None)
            names = [one for one in directory.names_of(person) if "@" not in one] or [name]
            said = f"identities: [{', '.join(names)}]"
            if like is not None and like.name.casefold() == name.casefold():
                account = accounts[0] if accounts else "…"
                hint = f"If that is {like.name}, add the account to {like.place.path}: github: {account}"
                place = like.place
            elif like is not None:
                hint, place = f"If that is {like.name}, add to {like.place.path}: {said}", like.place
            else:
                account = f", github: {accounts[0]}" if accounts else ""
                hint, place = f"Write contributors/{person}.md with name: {name}{account}", Place("contributors")
            words_ = f"no file in contributors/ knows the committer {name}"
            yield Finding("identity-unmapped", words_, place, Severity.INFO, hint)

    def runs(self, path: str) -> Iterator[Run]:
        """Yield every surviving word of a page in order, those with one origin together."""
        assert self.ledger is not None
        text = text_of(self.texts[path], path) if path in self.texts else ""
        last, line = "", 0
        collected: list[str] = []
        for word, origin in zip(words(text), self.origins.get(path, ""), strict=True):
            if origin != last and collected:
                yield self._run(last, collected, line)
                collected = []
            if not collected:
                line = word.line
            collected.append(word.text)
            last = origin
        if collected:
            yield self._run(last, collected, line)

    def _run(self, origin: str, collected: Sequence[str], line: int) -> Run:
        assert self.ledger is not None
        commit = number(origin)
        commits = self.ledger.history.commits
        sha = commits[commit].sha if commit < len(commits) else ""
        return Run(self.ledger.writers(commit), sha, " ".join(collected), line)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for cycles while many small values are made that hold none."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def declared(book: Book) -> Authorship:
    """Return what the book's files alone say of its authors."""
    ledger = Ledger(book, History(()))
    return Authorship(ledger.credits({}), {}, (), ledger)


@_no_collection()
def authorship(book: Book, work: Path) -> Authorship:
    """Return who wrote the book at `book.root`; `work` is a folder for what is worth keeping.

    Without git, or before the first commit, only declared people are known, and a finding says so.
    Raises OerbookError for a shallow clone.
    """
    shelf = Shelf(work)
    begun = opened(book, shelf)
    if begun is None:
        hint = "Keep the book in git (git init, then commit): credit is worked out from its history."
        place = Place("chapters/index.md")
        finding = Finding(
            "no-history", "there is no history, so only declared people get credit", place, Severity.INFO, hint
        )
        return replace(declared(book), findings=(finding,))
    kept, ledger = begun
    history = ledger.history
    annotator = Annotator(Vocabulary(kept.words), kept.memory)
    known = len(kept.order)
    _follow(book, history, kept, annotator, ledger.automatic)
    pages = kept.states[history.head]
    if len(kept.order) > known:
        keep(shelf, ledger, kept, annotator)
    texts = dict(_texts(book))
    origins, findings = _today(book, texts, history, pages, annotator)
    return Authorship(ledger.credits(origins), origins, tuple(findings), ledger, texts)


def _follow(book: Book, history: History, kept: Kept, annotator: Annotator, automatic: frozenset[str]) -> None:
    """Annotate the commits that are new."""
    begin = len(kept.order)
    fresh = history.commits[begin:]
    texts = _Texts(book.root, [edit for commit in fresh for edit in commit.edits], kept.states)
    for text in texts.former():  # an earlier run has read them; their sentences are needed again
        annotator.reader.passages(text)
    left = Counter(parent for commit in fresh for parent in commit.parents)
    recent = {commit.sha for commit in history.commits[-RECENT:]}
    for place, commit in enumerate(fresh, start=begin):
        parents = [kept.states[parent] for parent in commit.parents]
        found = texts.of(commit.edits)
        kept.states[commit.sha] = annotator.commit(place, parents, commit.edits, found, commit.sha in automatic)
        kept.order.append(commit.sha)
        for parent in commit.parents:
            left[parent] -= 1
            if not left[parent] and parent not in recent and parent != history.head:
                kept.states.pop(parent, None)
    texts.close()


class _Texts:
    """The texts of revisions, read from git as they are needed, each once."""

    def __init__(self, root: Path, edits: Sequence[Edit], states: Mapping[str, Pages]) -> None:
        old = {page.blob: path for pages in states.values() for path, page in pages.items()}
        wanted = {edit.blob: edit.new for edit in edits if edit.blob}
        touched = {edit.old or edit.new for edit in edits}
        self._former = {blob: path for blob, path in old.items() if path in touched and blob not in wanted}
        self.paths = {**self._former, **wanted}
        self.order = list(self.paths)
        self.stream = process.blobs(root, self.order, MOST) if self.order else iter(())
        self.read: dict[str, str] = {}
        self.at = 0

    def text(self, blob: str) -> str:
        """Return a revision's text."""
        while blob not in self.read:
            name = self.order[self.at]
            self.read[name] = text_of(next(self.stream), self.paths[name])
            self.at += 1
        return self.read[blob]

    def of(self, edits: Sequence[Edit]) -> dict[str, str]:
        """Return the texts of a commit's pages by their names in git."""
        return {edit.blob: self.text(edit.blob) for edit in edits if edit.blob}

    def former(self) -> Iterator[str]:
        """Yield the texts that the edited pages had before."""
        return map(self.text, self._former)

    def close(self) -> None:
        """Let git go."""
        close = getattr(self.stream, "close", None)
        if close:
            close()


def _texts(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield the pages as they stand on the disk."""
    for chapter in (book.index, *book.chapters):
        with suppress(OSError):
            yield chapter.path, (book.root / chapter.path).read_bytes()


def _today(
    book: Book, texts: Mapping[str, bytes], history: History, pages: Pages, annotator: Annotator
) -> tuple[dict[str, str], list[Finding]]:
    """Return the origins of the words as they stand on the disk; what is not committed has no author yet."""
    origins, findings = {}, []
    uncommitted = len(history.commits)
    for chapter in (book.index, *book.chapters):
        path = history.prefix + chapter.path
        page = pages.get(path)
        data = texts.get(chapter.path)
        if data is None:
            continue
        if page is not None and page.blob == _blob(data, page.blob):
            origins[chapter.path] = "".join(page.origins)
            continue
        text = text_of(data, chapter.path)
        passages = tuple(annotator.reader.passages(text))
        if page is None or page.passages != passages:
            edit = Edit(path if page else "", path, "today")
            page = annotator.commit(uncommitted, [pages], [edit], {"today": text}, False)[path]
            if letter(uncommitted) in "".join(page.origins):
                words_ = "this page has words that are not committed yet: they have no author"
                hint = "Commit them: git add, git commit."
                findings.append(Finding("uncommitted", words_, Place(chapter.path), Severity.INFO, hint))
        origins[chapter.path] = "".join(page.origins)
    return origins, findings


def _blob(data: bytes, like: str) -> str:
    """Return git's name for a file's contents, in the hash that another name is written in."""
    whole = b"blob %d\0" % len(data) + data
    return (
        hashlib.sha256(whole).hexdigest() if len(like) == 64 else hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    )
