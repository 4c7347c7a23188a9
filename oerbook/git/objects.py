"""What git keeps of a book at a commit, read from its objects: nothing is checked out, no filter and no hook runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from oerbook.errors import OerbookError
from oerbook.git.process import SECONDS, TooMuchError, run, run_within
from oerbook.model.submission import Change
from oerbook.storage.archive import LAST_MOMENT

LINK, SUBMODULE, NOTHING = "120000", "160000", "000000"
MOST_TOLD = 30_000_000  # bytes of a list of files: some three hundred thousand files
MOST_AT_ONCE = 100_000_000  # bytes of objects in memory
MOST_PATHS = 500  # on a command line
MOST_SAID = 50_000  # letters of a commit's message that are read
MOST_LOOKED_AT = 60  # files in merges; of further ones it is taken that somebody changed them
BLANKS = re.compile(r"[ \t]{2,}")
BY = "by%x00%h%x00%an%x00%ae%x00"
DIFFERENCE = ("--raw", "-M50%", "-l1000", "--no-ext-diff", "--no-textconv")
HELPERS = "%(trailers:key=Co-authored-by,valueonly,separator=%x02)"
SIGNERS = "%(trailers:key=Signed-off-by,valueonly,separator=%x02)"
KINDS = {"A": "added", "M": "changed", "T": "changed", "D": "removed", "R": "renamed", "C": "added"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a commit: its path from the repository's root, its mode, its object and its size in bytes."""

    path: str
    mode: str
    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a file between two commits, as a `Change` tells of it, and how it is kept in the second."""

    kind: str
    old_path: str
    old_mode: str
    kept: Kept

    @property
    def change(self) -> Change:
        """Return what a submission does that makes this difference."""
        return Change(self.kind, self.kept.path, self.old_path, self.kept.mode, self.old_mode, self.kept.size)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as people see it; addresses serve to tell people apart and are never shown.

    `name` and `mail` are the author's, `known_as` the same by the book's .mailmap, `helpers` those whom it says to be
    co-authors, `signed` whether the author signed it off, `own` the files that a merge changes and takes from no side.
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
        """Yield the names and addresses that it brings together."""
        yield from _variants((self.name, self.mail), self.known_as)
        yield from self.helpers

    @property
    def joins(self) -> bool:
        """Say whether it joins histories and does nothing else."""
        return self.merge and not self.own


def commit_of(root: Path, name: str) -> str:
    """Return the commit that a branch, tag or id names. Raises OerbookError when there is none."""
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except OerbookError as error:
        hint = "Name a branch, a tag or a commit, for example --base main."
        raise OerbookError(f"git knows no commit {name}", hint=hint) from error


def meeting(root: Path, one: str, other: str) -> str:
    """Return the last commit that two histories have in common, "" where they share none."""
    return run(root, "merge-base", one, other, fine=(0, 1)).decode().strip()


def prefix(root: Path) -> str:
    """Return where the book lies in its repository, with a slash at the end; "" at the top."""
    return run(root, "rev-parse", "--show-prefix").decode(errors="surrogateescape").strip()


def tree_of(root: Path, commit: str) -> str:
    """Return the id of a commit's tree, the same for the same content."""
    return run(root, "rev-parse", f"{commit}^{{tree}}").decode().strip()


def listing(root: Path, commit: str) -> dict[str, Kept]:
    """Return every file of a commit by its path."""
    found = {}
    for row in run_within(root, MOST_TOLD, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        if row:
            head, _tab, path = row.partition(b"\t")
            mode, _kind, oid, size = head.decode().split()
            name = text(path)
            found[name] = Kept(name, mode, oid, int(size) if size.isdigit() else 0)
    return found


def countable(root: Path, base: str, head: str, shortcut: Mapping[str, str] | None = None) -> None:
    """Go through the names of a commit's files, and of those that any commit of a submission changes; see `graph`.

    Raises TooMuchError when there are more than anybody could read: a few objects can name billions, and what comes in
    with a commit stays in the history, where every later look at it would meet them. So does a commit that says to be of
    no possible time: on top of such ones git may never end (2.39 does not, when it draws its graph of the history).
    """
    run_within(root, MOST_TOLD, "ls-tree", "-r", "-z", "--full-tree", head)
    shape = ("-z", "--raw", "--no-renames", "--diff-merges=first-parent", "--format=at%x00%h%x00%ct%x00")
    cells = iter(run_within(root, MOST_TOLD, "log", *shape, f"{base}..{head}", "--", extra=shortcut).split(b"\0"))
    for cell in cells:
        if cell == b"at":
            short, moment = next(cells).decode(), next(cells)
            if not moment.isdigit() or int(moment) > LAST_MOMENT:
                hint = "Set your computer's clock, then: git commit --amend --reset-author --date=now"
                raise TooMuchError(f"the commit {short} says to be of a time that no calendar has", hint=hint)
        elif cell.lstrip(b"\n").startswith(b":"):
            next(cells)  # a path, whatever it looks like


def differences(root: Path, base: str, head: str) -> list[Difference]:
    """Return what differs between two commits; a file that was moved and kept half its text counts as renamed."""
    told = run_within(root, MOST_TOLD, "diff-tree", "-r", "-z", *DIFFERENCE, base, head)
    rows = iter(told.split(b"\0"))
    found = []
    for row in rows:
        if not row:
            continue
        old_mode, mode, _old, oid, letter = row.decode().lstrip(":").split(" ")
        path = old = text(next(rows))
        if letter[0] in "RC":
            path = text(next(rows))
        kind = KINDS.get(letter[0], "changed")
        found.append((kind, old if kind == "renamed" else "", "" if kind == "added" else old_mode, path, mode, oid))
    known = _sizes(root, {oid for *_, mode, oid in found if mode not in (SUBMODULE, NOTHING)})
    return [
        Difference(kind, old, old_mode, Kept(path, mode, oid, known.get(oid, 0)))
        for kind, old, old_mode, path, mode, oid in found
    ]


def _sizes(root: Path, oids: Collection[str]) -> dict[str, int]:
    """Return how many bytes objects have, by their ids."""
    asked = "".join(f"{oid}\n" for oid in sorted(oids)).encode()
    told = run(root, "cat-file", "--batch-check=%(objectname) %(objectsize)", source=asked) if oids else b""
    return {oid: int(size) for oid, size in (row.split(" ") for row in told.decode().splitlines()) if size.isdigit()}


def blobs(root: Path, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """Yield the content of objects by their ids, whose sizes in bytes are known, some at a time."""
    for some in _portions(sizes):
        told = run(root, "cat-file", "--batch", source="\n".join(some).encode() + b"\n")
        place = 0
        for oid in some:
            end = told.index(b"\n", place)
            size = int(told[place:end].split(b" ")[2])
            yield oid, told[end + 1 : end + 1 + size]
            place = end + 2 + size


def _portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Divide objects into portions that fit into memory."""
    some: list[str] = []
    weight = 0
    for oid, size in sizes.items():
        if some and (len(some) == 200 or weight + size > MOST_AT_ONCE):
            yield some
            some, weight = [], 0
        some.append(oid)
        weight += size
    if some:
        yield some


def writers(
    root: Path, base: str, head: str, paths: Collection[str], *, only: str = "ACDMRT", merges: bool = False
) -> dict[str, list[tuple[str, str]]]:
    """Return who committed something to files: by path, names with addresses, which are never shown.

    `only` are the kinds of change that count, as git abbreviates them; with `merges`, merges alone and what they took
    from no side.
    """
    span = [f"{base}..{head}"] if base else [head]
    which = ("--merges", "--diff-merges=combined") if merges else ("--no-merges",)
    shape = (*which, "--no-renames", "-z", "--raw", f"--diff-filter={only}", f"--format={BY}")
    asked = [f":(top,literal){path}" for path in sorted(paths)] if len(paths) <= MOST_PATHS else []
    found: dict[str, list[tuple[str, str]]] = {}
    patience = 0 if base else SECONDS  # all of the book's own history is nobody's attack, however long it is
    told = run_within(root, MOST_TOLD, "log", *shape, *span, "--", *asked, work=patience)
    for (_short, name, mail), path, _oid in _told_by(told):
        if path in paths:
            found.setdefault(path, []).append((name, mail.casefold()))
    return found


def first(root: Path, head: str, oids: Collection[str]) -> dict[str, str]:
    """Return the addresses, which are never shown, of those who brought objects into a history, wherever they lay then."""
    shape = ("--no-merges", "--no-renames", "-z", "--raw", "--no-abbrev", "--diff-filter=A", f"--format={BY}")
    asked = [f"--find-object={oid}" for oid in sorted(oids)] if len(oids) <= MOST_PATHS else []
    told = run_within(root, MOST_TOLD, "log", "--reverse", *shape, *asked, head, "--", work=SECONDS)
    found: dict[str, str] = {}
    for (_short, _name, mail), _path, oid in _told_by(told):
        if oid in oids:
            found.setdefault(oid, mail.casefold())
    return found


def _told_by(told: bytes) -> Iterator[tuple[tuple[str, str, str], str, str]]:
    """Yield commits as `BY` tells of them with every path that they change, and the object that they put there.

    What people chose (names, addresses, paths) is taken by its place, whatever it looks like.
    """
    cells = iter(told.decode(errors="backslashreplace").split("\0"))
    who = ("", "", "")
    for cell in cells:
        if cell == "by":
            who = (next(cells), next(cells), next(cells))
        elif cell.lstrip("\n").startswith(":"):
            yield who, next(cells), cell.split(" ")[-2]


def smuggled(root: Path, base: str, head: str) -> dict[str, list[str]]:
    """Return what merges between two commits changed themselves and took from no side: files by the merge's short id.

    What git joins on its own in a file that both sides changed is no change of the one who merged.
    """
    shape = ("--merges", "--diff-merges=combined", "--no-renames", "--raw", "-z", f"--format={BY}")
    span = [f"{base}..{head}"] if base else [head]
    differ = list(_told_by(run_within(root, MOST_TOLD, "log", *shape, *span, "--")))
    found: dict[str, list[str]] = {}
    for place, ((short, _name, _mail), path, _oid) in enumerate(differ):
        if place >= MOST_LOOKED_AT or _own(root, short, path):
            found.setdefault(short, []).append(path)
    return found


def _own(root: Path, merge: str, path: str) -> bool:
    shape = ("--cc", "-p", "-U0", "--no-commit-id", "--no-ext-diff", "--no-textconv", "--no-renames")
    try:
        return bool(run_within(root, MOST_TOLD, "diff-tree", *shape, merge, "--", f":(top,literal){path}"))
    except TooMuchError:
        return True


def names(root: Path, *which: str) -> dict[str, set[str]]:
    """Return the people of a history: names, each with the addresses that went with it, which are never shown.

    What its last commit's .mailmap makes of a name or an address goes with it as well.
    """
    form = f"--format=%an%x00%ae%x00%aN%x00%aE%x00{HELPERS}"
    told = run(root, *_mailmap_of(which[-1]), "log", "-z", form, *which, "--")
    cells = told.decode(errors="replace").split("\0")
    found: dict[str, set[str]] = {}
    for name, mail, mapped, mapped_mail, others in zip(*(cells[n::5] for n in range(5)), strict=False):
        for who, address in (*_variants((name, mail), (mapped, mapped_mail)), *_helpers(others)):
            found.setdefault(who, set()).add(address)
    return found


def _variants(plain: tuple[str, str], mapped: tuple[str, str]) -> Iterator[tuple[str, str]]:
    return product({plain[0], mapped[0]}, {plain[1].casefold(), mapped[1].casefold()})


def _mailmap_of(commit: str) -> tuple[str, ...]:
    """Return the settings with which a commit's .mailmap counts, and none that a user has set up."""
    return ("-c", "mailmap.file=", "-c", f"mailmap.blob={commit}:.mailmap")


def _helpers(told: str) -> tuple[tuple[str, str], ...]:
    cells = (one.rstrip(">").partition("<") for one in told.split("\x02"))
    return tuple((name.strip(), mail.casefold()) for name, open_, mail in cells if open_)


def commits(root: Path, base: str, head: str, shortcut: Mapping[str, str] | None = None) -> list[Commit]:
    """Return the commits of a submission, the last first; for `shortcut` see `graph`."""
    fields = ("%h", "%P", "%an", "%ae", "%aN", "%aE", HELPERS, SIGNERS, "%B")
    span = [f"{base}..{head}"] if base else [head]
    form = f"--format={'%x00'.join(fields)}"
    told = run(root, *_mailmap_of(base or head), "log", "-z", form, *span, "--", extra=shortcut)
    cells = told.decode(errors="replace").split("\0")[:-1]  # of what a commit says, nothing can be a NUL
    found = [_commit(*cells[place : place + len(fields)]) for place in range(0, len(cells), len(fields))]
    if not any(one.merge for one in found):
        return found
    own = smuggled(root, base, head)
    return [replace(one, own=tuple(own.get(one.short, ()))) for one in found]


def _commit(
    short: str, above: str, name: str, mail: str, mapped: str, mapped_mail: str, helpers: str, signers: str, body: str
) -> Commit:
    mail = mail.casefold()
    signed = bool(mail) and mail in re.split(r"[\s<>]+", signers.casefold())
    message = BLANKS.sub(" ", body[:MOST_SAID])  # long runs of blanks only cost time
    return Commit(short, name, mail, (mapped, mapped_mail), _helpers(helpers), signed, " " in above, message)


def text(raw: bytes) -> str:
    """Return a path as text; bytes that are none stay visible as such."""
    return raw.decode(errors="backslashreplace")
