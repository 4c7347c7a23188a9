"""From git to the `History`: who committed what, in which order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git import log, process
from oerbook.model.history import Commit, Edit, History, Identity
from oerbook.text.characters import readable

PROSE = (".md", ".markdown", ".ipynb", ".rst", ".txt", ".mdx", ".qmd", ".rmd", ".myst")  # where chapters come from
MOST = 50_000_000  # bytes of a revision that is read: what a notebook may have
MESSAGE = 50_000  # letters of a commit's message that are read
NAMING = re.compile(r"(?:[ \u2010-\u2014-]by|co-?authors?)[ \t]*:", re.IGNORECASE)  # a trailer
SPACES = re.compile(r"[ \t]{2,}")
SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
TRAILER = re.compile(f"{NAMING.pattern}(.*>)", re.IGNORECASE)
NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
BEFORE = re.compile(r"^[\s,;&]*(?:and\b)?\s*")  # what parts a person from the one before
MOST_OF_A_LINE = 2000  # letters: long lines only cost time


@dataclass(frozen=True, slots=True)
class Outline:
    """A history as it may be kept on disk: without names and addresses, which git is asked for again.

    `who` says for each commit (by place) which of `speakers` has the same author; `said` are the places of commits
    whose message names somebody, with the edits of each as (old path, new path).
    """

    shas: tuple[str, ...]
    parents: tuple[str, ...]
    dates: tuple[str, ...]
    who: tuple[int, ...]
    speakers: tuple[int, ...]
    said: Mapping[int, Sequence[tuple[str, str]]]
    rules: str


def outline(history: History) -> Outline:
    """Return what may be kept of a history."""
    people: dict[Identity, int] = {}
    speakers: list[int] = []
    for place, commit in enumerate(history.commits):
        if people.setdefault(commit.author, len(people)) == len(speakers):
            speakers.append(place)
    shas, parents, dates, who, said = [], [], [], [], {}
    for place, commit in enumerate(history.commits):
        shas.append(commit.sha)
        parents.append(" ".join(commit.parents))
        dates.append(commit.date)
        who.append(people[commit.author])
        if commit.message:
            said[place] = tuple((edit.old, edit.new) for edit in commit.edits)
    return Outline(tuple(shas), tuple(parents), tuple(dates), tuple(who), tuple(speakers), said, history.rules)


def _recalled(root: Path, known: Outline) -> tuple[Commit, ...]:
    """Return the commits of an outline again; edits are told only of those whose message names somebody."""
    places = list(dict.fromkeys((*known.speakers, *known.said)))
    asked = dict(zip(places, _commits(log.told(root, [known.shas[place] for place in places])), strict=True))
    authors = [asked[place].author for place in known.speakers]
    rows = zip(known.shas, known.parents, known.who, known.dates, strict=True)
    commits = [Commit(sha, tuple(parents.split()), authors[who], date, "") for sha, parents, who, date in rows]
    for place, edits in known.said.items():
        commits[place] = replace(asked[place], edits=tuple(Edit(*edit) for edit in edits))
    return tuple(commits)


def read_history(root: Path, before: Outline | None = None) -> History | None:
    """Return the history of the book at `root`, or None where there is none.

    `before` is the outline of an earlier reading: when the history only went on since, its commits come first, in their
    order. Raises OerbookError for a shallow clone: its oldest commit would get the credit of all that came before.
    """
    where = process.whereabouts(root)
    if where is None:
        return None
    if where.shallow:
        hint = "Fetch the rest: git fetch --unshallow. On GitHub Actions: actions/checkout with fetch-depth: 0."
        raise OerbookError("this copy of the repository has only a part of the history", hint=hint)
    if not where.head:
        return None
    mailmap = where.top / ".mailmap"
    mapped = mailmap.read_bytes() if mailmap.is_file() and not mailmap.is_symlink() else b""
    rules = hashlib.sha256(mapped).hexdigest()
    known = before if before is not None and before.shas and before.rules == rules else None
    pieces = log.commits(root, where.head, known.shas[-1] if known else "")
    if pieces is None:
        return read_history(root)
    commits = (*(_recalled(root, known) if known else ()), *_commits(pieces))
    pairs = _mailmap(root, commits) if mapped else ()
    return History(commits, where.head, where.prefix, pairs, _ignored(where.top), rules)


def _commits(pieces: Sequence[str]) -> Iterator[Commit]:
    """Yield the commits of `log.commits`: id, parents, name and address by .mailmap, day, message, edits.

    Of the messages only those that name somebody are kept.
    """
    at = 0
    people: dict[tuple[str, str], Identity] = {}  # one value for each: a history is written by few
    while at < len(pieces):
        if not SHA.fullmatch(pieces[at]):
            at += 1
            continue
        sha, parents, name, email, day, message = pieces[at : at + 6]
        message = SPACES.sub(" ", readable(message[:MESSAGE])) if NAMING.search(message) else ""
        edits, at = _edits(pieces, at + 6)
        author = people.get((name, email))
        if author is None:
            author = people[name, email] = Identity(" ".join(readable(name).split()), email.strip())
        yield Commit(sha, tuple(parents.split()), author, day, message, tuple(edits))


def _edits(pieces: Sequence[str], at: int) -> tuple[list[Edit], int]:
    """Return the edits of one commit to pages of text, and where the next commit begins."""
    edits: list[Edit] = []
    while at < len(pieces):
        piece = pieces[at].lstrip("\n")
        if not piece.startswith(":"):
            if SHA.fullmatch(piece):
                break
            at += 1
            continue
        old_mode, new_mode, _old, blob, status = piece[1:].split()
        names = pieces[at + 1 : at + 3] if status[0] in "RC" else pieces[at + 1 : at + 2]
        at += 1 + len(names)
        old = names[0] if status[0] in "MDRT" and _regular(old_mode, names[0]) else ""
        new = names[-1] if status[0] in "MARCT" and _regular(new_mode, names[-1]) else ""
        if old or new:
            edits.append(Edit(old, new, blob if new else ""))
    return edits, at


def _regular(mode: str, path: str) -> bool:
    return mode.startswith("100") and path.lower().endswith(PROSE)


def _mailmap(root: Path, commits: Sequence[Commit]) -> tuple[tuple[Identity, Identity], ...]:
    """Return what .mailmap makes of the identities in trailers, where it makes anything of them."""
    lines = {line for commit in commits for line in TRAILER.findall(commit.message)}
    rows = [row for line in lines for row in NAMED.findall(line[:MOST_OF_A_LINE])]
    found = {Identity(BEFORE.sub("", name).strip().strip("\"'“”"), email) for name, email in rows}
    asked = sorted((one for one in found if one.name and one.email), key=lambda one: (one.name, one.email))
    answers = log.check_mailmap(root, [f"{one.name} <{one.email}>" for one in asked])
    pairs = []
    for one, answer in zip(asked, answers, strict=True):
        name, _, email = answer.rpartition(" <")
        mapped = Identity(name, email.rstrip(">"))
        if mapped != one:
            pairs.append((one, mapped))
    return tuple(pairs)


def _ignored(top: Path) -> frozenset[str]:
    """Return the commits that the repository says changed nothing but the look of the text."""
    path = top / ".git-blame-ignore-revs"
    if path.is_symlink() or not path.is_file():
        return frozenset()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(word for word in (line.partition("#")[0].strip() for line in lines) if SHA.fullmatch(word))
