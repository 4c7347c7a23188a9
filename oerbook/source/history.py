"""From git to the `History`: who committed what, in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from oerbook.adapters import git
from oerbook.errors import OerbookError
from oerbook.model import Commit, Edit, History, Identity

PROSE = (".md", ".markdown", ".ipynb", ".rst", ".txt", ".mdx", ".qmd", ".rmd", ".myst")  # where chapters come from
MOST = 50_000_000  # bytes of a revision that is read: what a notebook may have
MESSAGE = 50_000  # letters of a commit's message that are read
SPACES = re.compile(r"[ \t]{2,}")
SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
TRAILER = re.compile(r"^[ \t>*-]*[A-Za-z][A-Za-z-]*-[Bb][Yy][ \t]*:(.*>)", re.MULTILINE)
NAMED = re.compile(r"[\s,;&]*(?:and\b)?\s*([^<>]*?)\s*<([^<>\n]*)>")


def read_history(root: Path, since: str = "") -> History | None:
    """Return the history of the book at `root`, or None where there is none.

    Edits are told only of what came after the commit `since`; of everything when that is no part of the history.
    Raises OerbookError for a shallow clone: its oldest commit would get the credit of all that came before.
    """
    where = git.whereabouts(root)
    if where is None:
        return None
    shallow, prefix, top, head = where
    if shallow:
        hint = "Fetch the rest: git fetch --unshallow. On GitHub Actions: actions/checkout with fetch-depth: 0."
        raise OerbookError("this copy of the repository has only a part of the history", hint=hint)
    if not head:
        return None
    commits = tuple(_commits(git.log(root, head, edits=not since)))
    if since and all(commit.sha != since for commit in commits):
        return read_history(root)
    if since:
        edits = {commit.sha: commit for commit in _commits(git.log(root, head, f"^{since}"))}
        commits = tuple(edits.get(commit.sha, commit) for commit in commits)
    mailmap = _mailmap(root, commits) if (top / ".mailmap").is_file() else ()
    return History(commits, head, prefix, mailmap, _ignored(top))


def _commits(pieces: Sequence[str]) -> Iterator[Commit]:
    """Yield the commits of `git.log`: id, parents, name and address by .mailmap and as committed, day, message, edits."""
    at = 0
    while at < len(pieces):
        if not SHA.fullmatch(pieces[at]):
            at += 1
            continue
        sha, parents, name, email, raw_name, raw_email, day, message = pieces[at : at + 8]
        message = SPACES.sub(" ", message[:MESSAGE])
        edits, at = _edits(pieces, at + 8)
        author, raw = Identity(name.strip(), email.strip()), Identity(raw_name.strip(), raw_email.strip())
        yield Commit(sha, tuple(parents.split()), author, raw, day, message, tuple(edits))


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
    found = {Identity(*match) for line in lines for match in NAMED.findall(line)}
    asked = sorted((one for one in found if one.name and one.email), key=lambda one: (one.name, one.email))
    answers = git.check_mailmap(root, [f"{one.name} <{one.email}>" for one in asked])
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
