"""Read a book's `History` from git: commits in order, their authors and edits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import log, process
from oerbook.model.history import Commit, History, Identity, PageEdit
from oerbook.text.characters import strip_control

PAGE_SUFFIXES = (
    ".md",
    ".markdown",
    ".ipynb",
    ".rst",
    ".txt",
    ".mdx",
    ".qmd",
    ".rmd",
    ".myst",
)  # of pages, also before a book was converted to MyST
MAX_REVISION_BYTES = 50_000_000  # per revision that is read; the limit of a notebook
MAX_MESSAGE_CHARS = 50_000  # of a commit's message
TRAILER_KEY = re.compile(r"(?:[ \u2010-\u2014-]by|co-?authors?)[ \t]*:", re.IGNORECASE)  # start of a trailer
SPACE_RUN = re.compile(r"[ \t]{2,}")
SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
TRAILER_LINE = re.compile(f"{TRAILER_KEY.pattern}(.*>)", re.IGNORECASE)
NAME_AND_EMAIL = re.compile(r"([^<>]*)<([^<>]*)>")
LEADING_NAME_SEPARATOR = re.compile(r"^[\s,;&]*(?:and\b)?\s*")  # between two people in one trailer
MAX_TRAILER_CHARS = 2000  # per trailer line: longer ones only cost time


@dataclass(frozen=True, slots=True)
class HistoryOutline:
    """A history without names and addresses, which can be cached on disk.

    Names are read from git again. Sequences of all commits are in the order of the history.
    """

    shas: tuple[str, ...]
    parents: tuple[str, ...]  # of each commit, joined by spaces
    dates: tuple[str, ...]
    author_ids: tuple[int, ...]  # number of each commit's author
    first_commits: tuple[int, ...]  # index of one commit of each author, by number
    trailer_edits: Mapping[int, Sequence[tuple[str, str]]]  # (old, new) paths, by index, if the message names people
    rules: str


def outline_history(history: History) -> HistoryOutline:
    """Return the parts of a history that contain no names or addresses."""
    commits = history.commits
    author_numbers: dict[Identity, int] = {}
    first_indexes: list[int] = []
    for index, commit in enumerate(commits):
        if author_numbers.setdefault(commit.author, len(author_numbers)) == len(first_indexes):
            first_indexes.append(index)
    return HistoryOutline(
        tuple(commit.sha for commit in commits),
        tuple(" ".join(commit.parents) for commit in commits),
        tuple(commit.date for commit in commits),
        tuple(author_numbers[commit.author] for commit in commits),
        tuple(first_indexes),
        {
            index: tuple((edit.old_path, edit.new_path) for edit in commit.edits)
            for index, commit in enumerate(commits)
            if commit.message
        },
        history.mailmap_digest,
    )


def _restore(root: Path, cached: HistoryOutline) -> tuple[Commit, ...]:
    """Return the commits of an outline; edits only where the message names people."""
    indexes = list(dict.fromkeys((*cached.first_commits, *cached.trailer_edits)))
    details = dict(
        zip(indexes, _commits(log.commit_details(root, [cached.shas[index] for index in indexes])), strict=True)
    )
    authors = [details[index].author for index in cached.first_commits]
    rows = zip(cached.shas, cached.parents, cached.author_ids, cached.dates, strict=True)
    commits = [Commit(sha, tuple(parents.split()), authors[number], date, "") for sha, parents, number, date in rows]
    for index, edits in cached.trailer_edits.items():
        commits[index] = replace(details[index], edits=tuple(PageEdit(*edit) for edit in edits))
    return tuple(commits)


def read_history(root: Path, previous: HistoryOutline | None = None) -> History | None:
    """Return the history of the book at `root`; None without a repository or commits.

    If commits were only added since the given outline of an earlier call, its commits come first, in the same order.
    Raises OerbookError for a shallow clone: its oldest commit would get the credit for all earlier ones.
    """
    repository = process.repository_info(root)
    if repository is None:
        return None
    if repository.shallow:
        hint = "Fetch the rest: git fetch --unshallow. On GitHub Actions: actions/checkout with fetch-depth: 0."
        raise OerbookError("this clone is shallow: it has only part of the history", hint=hint)
    if not repository.head:
        return None
    mailmap = repository.top / ".mailmap"
    mailmap_bytes = mailmap.read_bytes() if mailmap.is_file() and not mailmap.is_symlink() else b""
    mailmap_digest = hashlib.sha256(mailmap_bytes).hexdigest()
    cached = previous if previous is not None and previous.shas and previous.rules == mailmap_digest else None
    fields = log.read_log(root, repository.head, cached.shas[-1] if cached else "")
    if fields is None:  # the history was rewritten
        return read_history(root)
    commits = (*(_restore(root, cached) if cached else ()), *_commits(fields))
    pairs = _mailmap(root, commits) if mailmap_bytes else ()
    return History(commits, repository.head, repository.prefix, pairs, _ignored(repository.top), mailmap_digest)


def _commits(fields: Sequence[str]) -> Iterator[Commit]:
    """Yield the commits in the output of git log, authors mapped by .mailmap.

    A message is kept only when it names people.
    """
    at = 0
    people: dict[tuple[str, str], Identity] = {}  # shared values: few people, many commits
    while at < len(fields):
        if not SHA.fullmatch(fields[at]):
            at += 1
            continue
        sha, parents, name, email, day, message = fields[at : at + 6]
        message = SPACE_RUN.sub(" ", strip_control(message[:MAX_MESSAGE_CHARS])) if TRAILER_KEY.search(message) else ""
        edits, at = _edits(fields, at + 6)
        author = people.get((name, email))
        if author is None:
            author = people[name, email] = Identity(" ".join(strip_control(name).split()), email.strip())
        yield Commit(sha, tuple(parents.split()), author, day, message, tuple(edits))


def _edits(fields: Sequence[str], at: int) -> tuple[list[PageEdit], int]:
    """Return a commit's edits to pages, and the index of the next commit."""
    edits: list[PageEdit] = []
    while at < len(fields):
        field = fields[at].lstrip("\n")
        if not field.startswith(":"):
            if SHA.fullmatch(field):
                break
            at += 1
            continue
        old_mode, new_mode, _old, blob, status = field[1:].split()
        names = fields[at + 1 : at + 3] if status[0] in "RC" else fields[at + 1 : at + 2]
        at += 1 + len(names)
        old = names[0] if status[0] in "MDRT" and _is_page(old_mode, names[0]) else ""
        new = names[-1] if status[0] in "MARCT" and _is_page(new_mode, names[-1]) else ""
        if old or new:
            edits.append(PageEdit(old, new, blob if new else ""))
    return edits, at


def _is_page(mode: str, path: str) -> bool:
    return mode.startswith("100") and path.lower().endswith(PAGE_SUFFIXES)


def _mailmap(root: Path, commits: Sequence[Commit]) -> tuple[tuple[Identity, Identity], ...]:
    """Return the identities in trailers that .mailmap maps, with their new identities."""
    lines = {line for commit in commits for line in TRAILER_LINE.findall(commit.message)}
    rows = [row for line in lines for row in NAME_AND_EMAIL.findall(line[:MAX_TRAILER_CHARS])]
    identities = {Identity(LEADING_NAME_SEPARATOR.sub("", name).strip().strip("\"'“”"), email) for name, email in rows}
    complete = sorted(identity for identity in identities if identity.name and identity.email)
    answers = log.resolve_identities(root, [f"{name} <{email}>" for name, email in complete])
    pairs = []
    for identity, answer in zip(complete, answers, strict=True):
        name, _, email = answer.rpartition(" <")
        mapped = Identity(name, email.rstrip(">"))
        if mapped != identity:
            pairs.append((identity, mapped))
    return tuple(pairs)


def _ignored(top: Path) -> frozenset[str]:
    """Return the commits in .git-blame-ignore-revs, which only change the formatting."""
    path = top / ".git-blame-ignore-revs"
    if path.is_symlink() or not path.is_file():
        return frozenset()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(sha for sha in (line.partition("#")[0].strip() for line in lines) if SHA.fullmatch(sha))
