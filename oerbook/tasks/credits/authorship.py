"""Compute the credits: trace every word to its commit, and cache the result."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from oerbook.attribution.annotate import Annotator
from oerbook.attribution.annotate_history import AuthoredRun, annotate_history, annotate_working_tree, split_by_author
from oerbook.attribution.ledger import CreditLedger
from oerbook.attribution.similar_names import group_similar
from oerbook.attribution.word_codes import Vocabulary
from oerbook.git.blobs import stream_blobs
from oerbook.model.book import Book, Credits
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.history import History
from oerbook.source.history import MAX_REVISION_BYTES
from oerbook.source.text import is_file_inside
from oerbook.storage.cache import Cache
from oerbook.tasks.build.cache_owner import claim_cache_folder
from oerbook.tasks.credits.state import load_state, save_state
from oerbook.text.slugs import slugify


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote the book: its credits, and for each page the origin of every word.

    `origins` holds one character per word, which encodes a commit. `texts` are the bytes of the pages at the time of
    reading: a page may be saved while the book is built.
    """

    credits: Credits
    origins: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    ledger: CreditLedger | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def report_people_without_file(self, book: Book) -> Iterator[Finding]:
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

    def report_similar_names(self, book: Book) -> Iterator[Finding]:
        """Yield a note for people whose names may be variants of one, with the lines that would merge them."""
        registered = {person.name: person for person in reversed(book.people)}
        words = {credit.person: credit.words for credit in self.credits.book}
        people = sorted(
            self.credits.people,
            key=lambda p: (p.name not in registered, " " not in p.name, -len(p.name), -words.get(p.id, 0), p.id),
        )
        for main, *others in group_similar(person.name for person in people):
            if all(name in registered for name in others):  # a file each: their editors set them apart
                continue
            listed = ", ".join(_quote(name) for name in others if name not in registered)
            person = registered.get(main)
            if person is not None:
                hint = f"If they do, add to {person.place.path}: identities: [{listed}]"
                place = person.place
            else:
                facts = f"name: {_quote(main)} and identities: [{listed}]"
                hint = f"If they do, create contributors/{slugify(main) or 'name'}.md with {facts}"
                place = Place("contributors")
            message = f"these names may belong to one person: {'; '.join((main, *others))}"
            yield Finding("identity-similar", message, place, Severity.INFO, hint)

    def words_by_author(self, path: str) -> Iterator[AuthoredRun]:
        """Yield the words of a page in order, grouped by origin."""
        assert self.ledger is not None
        return split_by_author(self.ledger, path, self.texts.get(path, b""), self.origins.get(path, ""))


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


def _quote(name: str) -> str:
    """Return a name as YAML reads it in a list; quoted if it has characters that mean something there."""
    return name if re.fullmatch(r"[\w. -]*\w\.?", name) and not name.isdigit() else json.dumps(name, ensure_ascii=False)


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def credits_from_files(book: Book) -> Authorship:
    """Return the credits that the book's files declare, without its history."""
    ledger = CreditLedger(book, History(()))
    return Authorship(ledger.compute_credits({}), {}, (), ledger)


def compute_authorship_below(book: Book, out: Path) -> Authorship:
    """Return who wrote the book, with the cache of the output folder `out`, which is claimed first."""
    claim_cache_folder(out / ".cache")
    return compute_authorship(book, out / ".cache")


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
    with ExitStack() as stack:

        def read(blobs: Sequence[str]) -> Iterator[bytes]:
            return stack.enter_context(closing(stream_blobs(book.root, blobs, MAX_REVISION_BYTES)))

        annotate_history(ledger, state, annotator, read)
    pages = state.pages_by_commit[history.head]
    if len(state.commits) > cached_commits:
        save_state(cache, ledger, state, annotator)
    texts = dict(_read_pages(book))
    origins, uncommitted = annotate_working_tree(texts, history, pages, annotator)
    findings = tuple(_uncommitted_finding(book.root, path) for path in uncommitted)
    return Authorship(ledger.compute_credits(origins), origins, findings, ledger, texts)


def _uncommitted_finding(root: Path, path: str) -> Finding:
    if any((folder / ".git").exists() for folder in (root / path).parents if folder.is_relative_to(root / "chapters")):
        message = "this page lies in a submodule, whose history is not read, so nobody gets credit for its words"
        hint = "Name its authors in its front matter, or copy the chapter into this repository."
        return Finding("submodule-history", message, Place(path), Severity.WARNING, hint)
    message, hint = "this page has uncommitted words without an author", "Run git add and git commit."
    return Finding("uncommitted", message, Place(path), Severity.INFO, hint)


def _read_pages(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the pages on disk; a link out of the book has no words of its own."""
    for chapter in (book.index, *book.chapters):
        path = book.root / chapter.path
        with suppress(OSError):
            yield chapter.path, path.read_bytes() if is_file_inside(path, book.root) else b""
