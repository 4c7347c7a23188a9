"""Read files, differences and authors of commits from git's object store: no checkout, filter or hook."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git.process import SECONDS, TooMuchError, run, run_within
from oerbook.model.submission import Change
from oerbook.storage.archive import LAST_MOMENT

LINK, SUBMODULE, NOTHING = "120000", "160000", "000000"
MOST_TOLD = 30_000_000  # bytes of a list of files: about 300,000 files
MOST_AT_ONCE = 100_000_000  # bytes of objects in memory
MAX_BATCH_OBJECTS = 200
MOST_PATHS = 500  # on a command line
MOST_SAID = 50_000  # characters of a commit message that are read
MOST_LOOKED_AT = 60  # files in merges that are compared; further ones count as changed by the merge
BLANKS = re.compile(r"[ \t]{2,}")
BY = "by%x00%h%x00%an%x00%ae%x00"
DIFFERENCE = ("--raw", "-M50%", "-l1000", "--no-ext-diff", "--no-textconv")
HELPERS = "%(trailers:key=Co-authored-by,valueonly,separator=%x02)"
SIGNERS = "%(trailers:key=Signed-off-by,valueonly,separator=%x02)"
KINDS = {"A": "added", "M": "changed", "T": "changed", "D": "removed", "R": "renamed", "C": "added"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a commit: path from the repository's root, mode, object id and size in bytes."""

    path: str
    mode: str
    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How a file differs between two commits (see `Change`), and its entry in the second."""

    kind: str
    old_path: str
    old_mode: str
    kept: Kept

    @property
    def change(self) -> Change:
        """The same as a `Change` of a submission."""
        return Change(self.kind, self.kept.path, self.old_path, self.kept.mode, self.old_mode, self.kept.size)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a submission; e-mail addresses identify people and are never shown.

    `name` and `mail` are the author's, `known_as` the same resolved through the book's .mailmap, `helpers` the co-authors
    in trailers, `signed` whether the author signed it off, `own` the files in a merge that equal neither parent's.
    """

    short: str
    name: str
    mail: str
    known_as: tuple[str, str]
    helpers: tuple[tuple[str, str], ...]
    signed: bool
    merge: bool
    message: str
    own: tuple[str, ...] = ()

    @property
    def people(self) -> Iterator[tuple[str, str]]:
        """Yield all pairs of name and address in it."""
        yield from _variants((self.name, self.mail), self.known_as)
        yield from self.helpers

    @property
    def joins(self) -> bool:
        """Whether it is a merge without changes of its own."""
        return self.merge and not self.own


def commit_of(root: Path, name: str) -> str:
    """Return the id of the commit that a branch, tag or id names. Raises OerbookError if there is none."""
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except OerbookError as error:
        hint = "Name a branch, a tag or a commit, for example --base main."
        raise OerbookError(f"there is no commit {name}", hint=hint) from error


def meeting(root: Path, first_commit: str, second_commit: str) -> str:
    """Return the last common ancestor of two commits, "" if there is none."""
    return run(root, "merge-base", first_commit, second_commit, fine=(0, 1)).decode().strip()


def prefix(root: Path) -> str:
    """Return the book's path in its repository with a slash at the end; "" at the top."""
    return run(root, "rev-parse", "--show-prefix").decode(errors="surrogateescape").strip()


def tree_of(root: Path, commit: str) -> str:
    """Return the id of a commit's tree."""
    return run(root, "rev-parse", f"{commit}^{{tree}}").decode().strip()


def listing(root: Path, commit: str) -> dict[str, Kept]:
    """Return all files of a commit by path."""
    entries = {}
    for row in run_within(root, MOST_TOLD, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        if row:
            fields, _tab, raw_path = row.partition(b"\t")
            mode, _type, oid, size = fields.decode().split()
            path = text(raw_path)
            entries[path] = Kept(path, mode, oid, int(size) if size.isdigit() else 0)
    return entries


def countable(root: Path, base: str, head: str, shortcut: Mapping[str, str] | None = None) -> None:
    """Check the number of files in a commit and in the changes of a submission, and the dates of its commits.

    Raises TooMuchError if there are too many files: a few objects can describe billions, and once merged they would slow
    down every later command. Also raises it for a commit with an invalid date, since git may not terminate on such a
    history (git 2.39 does not when it writes a commit graph). For `shortcut` see `graph`.
    """
    run_within(root, MOST_TOLD, "ls-tree", "-r", "-z", "--full-tree", head)
    options = ("-z", "--raw", "--no-renames", "--diff-merges=first-parent", "--format=at%x00%h%x00%ct%x00")
    fields = iter(run_within(root, MOST_TOLD, "log", *options, f"{base}..{head}", "--", extra=shortcut).split(b"\0"))
    for field in fields:
        if field == b"at":
            short, timestamp = next(fields).decode(), next(fields)
            if not timestamp.isdigit() or int(timestamp) > LAST_MOMENT:
                hint = "Set your computer's clock, then: git commit --amend --reset-author --date=now"
                raise TooMuchError(f"the commit {short} has an invalid date", hint=hint)
        elif field.lstrip(b"\n").startswith(b":"):
            next(fields)  # a path, which may look like anything


def differences(root: Path, base: str, head: str) -> list[Difference]:
    """Return the differences between two commits; a moved file with at least half its text unchanged is a rename."""
    fields = iter(run_within(root, MOST_TOLD, "diff-tree", "-r", "-z", *DIFFERENCE, base, head).split(b"\0"))
    rows = []
    for field in fields:
        if not field:
            continue
        old_mode, mode, _old_oid, oid, status = field.decode().lstrip(":").split(" ")
        path = old_path = text(next(fields))
        if status[0] in "RC":
            path = text(next(fields))
        kind = KINDS.get(status[0], "changed")
        rows.append((kind, old_path if kind == "renamed" else "", "" if kind == "added" else old_mode, path, mode, oid))
    sizes = _sizes(root, {oid for *_, mode, oid in rows if mode not in (SUBMODULE, NOTHING)})
    return [
        Difference(kind, old_path, old_mode, Kept(path, mode, oid, sizes.get(oid, 0)))
        for kind, old_path, old_mode, path, mode, oid in rows
    ]


def _sizes(root: Path, oids: Collection[str]) -> dict[str, int]:
    """Return the sizes of objects in bytes by id."""
    request = "".join(f"{oid}\n" for oid in sorted(oids)).encode()
    output = run(root, "cat-file", "--batch-check=%(objectname) %(objectsize)", source=request) if oids else b""
    return {oid: int(size) for oid, size in (row.split(" ") for row in output.decode().splitlines()) if size.isdigit()}


def blobs(root: Path, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """Yield ids and contents of objects in batches; `sizes` are their sizes in bytes by id."""
    for batch in _batches(sizes):
        output = run(root, "cat-file", "--batch", source="\n".join(batch).encode() + b"\n")
        start = 0
        for oid in batch:
            header_end = output.index(b"\n", start)
            size = int(output[start:header_end].split(b" ")[2])
            yield oid, output[header_end + 1 : header_end + 1 + size]
            start = header_end + 2 + size


def _batches(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Divide objects into batches that fit into memory."""
    batch: list[str] = []
    batch_bytes = 0
    for oid, size in sizes.items():
        if batch and (len(batch) == MAX_BATCH_OBJECTS or batch_bytes + size > MOST_AT_ONCE):
            yield batch
            batch, batch_bytes = [], 0
        batch.append(oid)
        batch_bytes += size
    if batch:
        yield batch


def writers(
    root: Path, base: str, head: str, paths: Collection[str], *, only: str = "ACDMRT", merges: bool = False
) -> dict[str, list[tuple[str, str]]]:
    """Return the authors of commits that change files: lists of (name, e-mail address) by path.

    `only` are git's status letters of the changes that count. With `merges`, only merges count, and only changes that
    equal neither parent. Addresses are never shown.
    """
    options = ("--merges", "--diff-merges=combined") if merges else ("--no-merges",)
    options = (*options, "--no-renames", "-z", "--raw", f"--diff-filter={only}", f"--format={BY}")
    pathspecs = [f":(top,literal){path}" for path in sorted(paths)] if len(paths) <= MOST_PATHS else []
    cpu_limit = 0 if base else SECONDS  # the book's own history is trusted, however long it is
    output = run_within(root, MOST_TOLD, "log", *options, _range(base, head), "--", *pathspecs, work=cpu_limit)
    authors: dict[str, list[tuple[str, str]]] = {}
    for (_short, name, mail), path, _oid in _changes_by_author(output):
        if path in paths:
            authors.setdefault(path, []).append((name, mail.casefold()))
    return authors


def first(root: Path, head: str, oids: Collection[str]) -> dict[str, str]:
    """Return the e-mail address (never shown) of whoever first added an object to a history, by object id."""
    options = ("--no-merges", "--no-renames", "-z", "--raw", "--no-abbrev", "--diff-filter=A", f"--format={BY}")
    filters = [f"--find-object={oid}" for oid in sorted(oids)] if len(oids) <= MOST_PATHS else []
    output = run_within(root, MOST_TOLD, "log", "--reverse", *options, *filters, head, "--", work=SECONDS)
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


def smuggled(root: Path, base: str, head: str) -> dict[str, list[str]]:
    """Return the files that merges changed by hand, not automatically from both parents, by the merge's short id."""
    options = ("--merges", "--diff-merges=combined", "--no-renames", "--raw", "-z", f"--format={BY}")
    changes = list(_changes_by_author(run_within(root, MOST_TOLD, "log", *options, _range(base, head), "--")))
    files: dict[str, list[str]] = {}
    for index, ((short, _name, _mail), path, _oid) in enumerate(changes):
        if index >= MOST_LOOKED_AT or _is_changed_by_merge(root, short, path):
            files.setdefault(short, []).append(path)
    return files


def _is_changed_by_merge(root: Path, merge: str, path: str) -> bool:
    options = ("--cc", "-p", "-U0", "--no-commit-id", "--no-ext-diff", "--no-textconv", "--no-renames")
    try:
        return bool(run_within(root, MOST_TOLD, "diff-tree", *options, merge, "--", f":(top,literal){path}"))
    except TooMuchError:
        return True


def names(root: Path, *revisions: str) -> dict[str, set[str]]:
    """Return the people of a history: for each name, the e-mail addresses used with it, which are never shown.

    Names and addresses to which the last revision's .mailmap maps them are included.
    """
    row_format = f"--format=%an%x00%ae%x00%aN%x00%aE%x00{HELPERS}"
    output = run(root, *_mailmap_options(revisions[-1]), "log", "-z", row_format, *revisions, "--")
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


def commits(root: Path, base: str, head: str, shortcut: Mapping[str, str] | None = None) -> list[Commit]:
    """Return the commits of a submission, newest first; for `shortcut` see `graph`."""
    placeholders = ("%h", "%P", "%an", "%ae", "%aN", "%aE", HELPERS, SIGNERS, "%B")
    row_format = f"--format={'%x00'.join(placeholders)}"
    mailmap = _mailmap_options(base or head)
    output = run(root, *mailmap, "log", "-z", row_format, _range(base, head), "--", extra=shortcut)
    fields = output.decode(errors="replace").split("\0")[:-1]  # no part of a commit can contain NUL
    width = len(placeholders)
    parsed = [_commit(fields[start : start + width]) for start in range(0, len(fields), width)]
    if not any(commit.merge for commit in parsed):
        return parsed
    files = smuggled(root, base, head)
    return [replace(commit, own=tuple(files.get(commit.short, ()))) for commit in parsed]


def _commit(fields: Sequence[str]) -> Commit:
    short, parents, name, mail, mapped, mapped_mail, coauthors, signers, body = fields
    mail = mail.casefold()
    return Commit(
        short=short,
        name=name,
        mail=mail,
        known_as=(mapped, mapped_mail),
        helpers=_coauthors(coauthors),
        signed=bool(mail) and mail in re.split(r"[\s<>]+", signers.casefold()),
        merge=" " in parents,
        message=BLANKS.sub(" ", body[:MOST_SAID]),  # long runs of blanks slow regular expressions down
    )


def text(raw: bytes) -> str:
    """Decode a path; bytes that are not UTF-8 are shown as escapes."""
    return raw.decode(errors="backslashreplace")
