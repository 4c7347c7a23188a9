"""Commits of a submission: who made them, which files they touch, and whom they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from oerbook.git.objects import MAX_OUTPUT_BYTES, decode_path
from oerbook.git.process import GIT_TIMEOUT_S, LimitExceededError, run_git, run_git_limited

MAX_PATH_ARGUMENTS = 500  # on a command line
MAX_MESSAGE_CHARS = 50_000  # characters of a commit message that are read
MAX_FILES_INSPECTED_IN_MERGES = 60  # files in merges that are compared; further ones count as changed by the merge
SPACE_RUN = re.compile(r"[ \t]{2,}")
AUTHOR_FORMAT = "by%x00%h%x00%an%x00%ae%x00"
# Options for `authors_by_path`: git's status letters of changes; of merges, changes that equal neither parent.
ANY_CHANGE_OPTIONS = ("--no-merges", "--diff-filter=ACDMRT")
ADDED_FILES_OPTIONS = ("--no-merges", "--diff-filter=A")
ADDED_BY_MERGES_OPTIONS = ("--merges", "--diff-merges=combined", "--diff-filter=A")
COAUTHOR_TRAILERS = "%(trailers:key=Co-authored-by,valueonly,separator=%x02)"
SIGN_OFF_TRAILERS = "%(trailers:key=Signed-off-by,valueonly,separator=%x02)"


@dataclass(frozen=True, slots=True)
class SubmittedCommit:
    """A commit of a submission; e-mail addresses identify people and are never shown.

    `name` and `email` are the author's, `mailmapped` the same resolved through the book's .mailmap, `coauthors` those
    in trailers, `signed_off` whether the author signed it off, `own_changes` the files in a merge that equal neither
    parent's.
    """

    short_id: str
    name: str
    email: str
    mailmapped: tuple[str, str]
    coauthors: tuple[tuple[str, str], ...]
    signed_off: bool
    is_merge: bool
    message: str
    own_changes: tuple[str, ...] = ()

    @property
    def identities(self) -> Iterator[tuple[str, str]]:
        """Yield all pairs of name and address in it."""
        yield from _variants((self.name, self.email), self.mailmapped)
        yield from self.coauthors

    @property
    def is_plain_merge(self) -> bool:
        """Whether it is a merge without changes of its own."""
        return self.is_merge and not self.own_changes


def authors_by_path(
    root: Path, base: str, head: str, paths: Collection[str], changes: Sequence[str] = ANY_CHANGE_OPTIONS
) -> dict[str, list[tuple[str, str]]]:
    """Return the authors of commits that change files: lists of (name, e-mail address) by path.

    `changes` are git's options for the commits and changes that count. Addresses are never shown.
    """
    options = (*changes, "--no-renames", "-z", "--raw", f"--format={AUTHOR_FORMAT}")
    pathspecs = [f":(top,literal){path}" for path in sorted(paths)] if len(paths) <= MAX_PATH_ARGUMENTS else []
    cpu_limit = 0 if base else GIT_TIMEOUT_S  # the book's own history is trusted, however long it is
    output = run_git_limited(
        root, MAX_OUTPUT_BYTES, "log", *options, _range(base, head), "--", *pathspecs, cpu_s=cpu_limit
    )
    authors: dict[str, list[tuple[str, str]]] = {}
    for (_short, name, mail), path, _oid in _changes_by_author(output):
        if path in paths:
            authors.setdefault(path, []).append((name, mail.casefold()))
    return authors


def first_author_by_object(root: Path, head: str, oids: Collection[str]) -> dict[str, str]:
    """Return the e-mail address (never shown) of the author who first added each object, by object id."""
    options = (
        "--no-merges",
        "--no-renames",
        "-z",
        "--raw",
        "--no-abbrev",
        "--diff-filter=A",
        f"--format={AUTHOR_FORMAT}",
    )
    filters = [f"--find-object={oid}" for oid in sorted(oids)] if len(oids) <= MAX_PATH_ARGUMENTS else []
    output = run_git_limited(
        root, MAX_OUTPUT_BYTES, "log", "--reverse", *options, *filters, head, "--", cpu_s=GIT_TIMEOUT_S
    )
    addresses: dict[str, str] = {}
    for (_short, _name, mail), _path, oid in _changes_by_author(output):
        if oid in oids:
            addresses.setdefault(oid, mail.casefold())
    return addresses


def _range(base: str, head: str) -> str:
    return f"{base}..{head}" if base else head


def _changes_by_author(output: bytes) -> Iterator[tuple[tuple[str, str, str], str, str]]:
    """Yield ((short id, name, address), path, object id) for each changed file in git's output.

    Names, addresses and paths are identified by position only, since their authors can choose any text.
    """
    fields = iter(output.decode(errors="backslashreplace").split("\0"))
    author = ("", "", "")
    for field in fields:
        if field == "by":
            author = (next(fields), next(fields), next(fields))
        elif field.lstrip("\n").startswith(":"):
            yield author, next(fields), field.split(" ")[-2]


def files_changed_in_commit(root: Path, commit: str) -> frozenset[str]:
    """Return the files below a folder that a commit changed, relative to that folder; none for a merge."""
    options = ("-r", "-z", "--root", "--no-commit-id", "--name-only", "--no-renames", "--relative")
    output = run_git_limited(root, MAX_OUTPUT_BYTES, "diff-tree", *options, commit)
    return frozenset(decode_path(name) for name in output.split(b"\0") if name)


def files_changed_in_merges(root: Path, base: str, head: str) -> dict[str, list[str]]:
    """Return the files that merges changed by hand, not automatically from both parents, by the merge's short id."""
    options = ("--merges", "--diff-merges=combined", "--no-renames", "--raw", "-z", f"--format={AUTHOR_FORMAT}")
    changes = list(
        _changes_by_author(run_git_limited(root, MAX_OUTPUT_BYTES, "log", *options, _range(base, head), "--"))
    )
    files: dict[str, list[str]] = {}
    for index, ((short, _name, _mail), path, _oid) in enumerate(changes):
        if index >= MAX_FILES_INSPECTED_IN_MERGES or _is_changed_by_merge(root, short, path):
            files.setdefault(short, []).append(path)
    return files


def _is_changed_by_merge(root: Path, merge: str, path: str) -> bool:
    options = ("--cc", "-p", "-U0", "--no-commit-id", "--no-ext-diff", "--no-textconv", "--no-renames")
    try:
        return bool(
            run_git_limited(root, MAX_OUTPUT_BYTES, "diff-tree", *options, merge, "--", f":(top,literal){path}")
        )
    except LimitExceededError:
        return True


def emails_by_name(root: Path, *revisions: str) -> dict[str, set[str]]:
    """Return the people of a history: for each name, the e-mail addresses used with it, which are never shown.

    Names and addresses to which the last revision's .mailmap maps them are included.
    """
    row_format = f"--format=%an%x00%ae%x00%aN%x00%aE%x00{COAUTHOR_TRAILERS}"
    output = run_git(root, *_mailmap_options(revisions[-1]), "log", "-z", row_format, *revisions, "--")
    fields = output.decode(errors="replace").split("\0")
    addresses: dict[str, set[str]] = {}
    for name, mail, mapped, mapped_mail, others in zip(*(fields[n::5] for n in range(5)), strict=False):
        for who, address in (*_variants((name, mail), (mapped, mapped_mail)), *_coauthors(others)):
            addresses.setdefault(who, set()).add(address)
    return addresses


def _variants(plain: tuple[str, str], mapped: tuple[str, str]) -> Iterator[tuple[str, str]]:
    return product({plain[0], mapped[0]}, {plain[1].casefold(), mapped[1].casefold()})


def _mailmap_options(commit: str) -> tuple[str, ...]:
    """Return options that make git use the .mailmap of a commit and none from user configuration."""
    return ("-c", "mailmap.file=", "-c", f"mailmap.blob={commit}:.mailmap")


def _coauthors(trailers: str) -> tuple[tuple[str, str], ...]:
    parts = (trailer.rstrip(">").partition("<") for trailer in trailers.split("\x02"))
    return tuple((name.strip(), mail.casefold()) for name, bracket, mail in parts if bracket)


def submission_commits(
    root: Path, base: str, head: str, commit_graph_env: Mapping[str, str] | None = None
) -> list[SubmittedCommit]:
    """Return the commits of a submission, newest first; for `commit_graph_env` see `graph_env`."""
    placeholders = ("%h", "%P", "%an", "%ae", "%aN", "%aE", COAUTHOR_TRAILERS, SIGN_OFF_TRAILERS, "%B")
    row_format = f"--format={'%x00'.join(placeholders)}"
    mailmap = _mailmap_options(base or head)
    output = run_git(root, *mailmap, "log", "-z", row_format, _range(base, head), "--", extra_env=commit_graph_env)
    fields = output.decode(errors="replace").split("\0")[:-1]  # no part of a commit can contain NUL
    width = len(placeholders)
    parsed = [_commit(fields[start : start + width]) for start in range(0, len(fields), width)]
    if not any(commit.is_merge for commit in parsed):
        return parsed
    files = files_changed_in_merges(root, base, head)
    return [replace(commit, own_changes=tuple(files.get(commit.short_id, ()))) for commit in parsed]


def _commit(fields: Sequence[str]) -> SubmittedCommit:
    short, parents, name, mail, mapped, mapped_mail, coauthors, signers, body = fields
    mail = mail.casefold()
    return SubmittedCommit(
        short_id=short,
        name=name,
        email=mail,
        mailmapped=(mapped, mapped_mail),
        coauthors=_coauthors(coauthors),
        signed_off=bool(mail) and mail in re.split(r"[\s<>]+", signers.casefold()),
        is_merge=" " in parents,
        message=SPACE_RUN.sub(" ", body[:MAX_MESSAGE_CHARS]),  # long runs of blanks slow regular expressions down
    )
