"""The editor's queue: submissions are merged one after the other, each judged against the book as it then stands.

Everything happens in git's objects. A branch of the book moves only by whole merges, from one commit to the next, so that
a run that is killed leaves it before or after one, and the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from oerbook.attribution.identity import is_shared, shown
from oerbook.attribution.trailers import trailers
from oerbook.errors import OerbookError
from oerbook.git import commit_graph, merge_tree, objects, process, refs
from oerbook.git.objects import Commit
from oerbook.git.refs import Branch
from oerbook.model.findings import Finding, Place, Severity
from oerbook.tasks.check.check import allowed
from oerbook.tasks.progress import Progress
from oerbook.tasks.submissions.conflicts import conflicts, reconciled
from oerbook.tasks.submissions.review import Asked, judge, unrelated
from oerbook.tasks.submissions.worker_session import Reader, reader
from oerbook.text.characters import readable, safe

NOT_SUBMITTED = ("gh-pages",)  # branches that hold a published site
DRAWN = 25  # branches after which the graph of the history is brought up to date
PULLED = "Fetch the pull requests first: git fetch origin '+refs/pull/*/head:refs/pull/*/head'"
TRIES = 4  # times that a merge is made anew because somebody moved the book's branch meanwhile


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the editor asks: which branches (names or patterns), into which, who reviewed, what is let pass."""

    names: tuple[str, ...] = ()
    onto: str = ""
    reviewers: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    strict: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a branch, by whom, and why.

    It was "merged", "refused" or "unrelated"; was "there" in the book already; or was an "older" copy of another
    branch, which was taken `instead`.
    """

    branch: str
    state: str
    people: tuple[str, ...] = ()
    commit: str = ""
    findings: tuple[Finding, ...] = ()
    before: tuple[Finding, ...] = ()
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """What became of all branches, into which branch they went, and the earlier commit of it that the folder shows.

    In a dry run, "merged" is what would be.
    """

    onto: str
    verdicts: tuple[Verdict, ...]
    behind: str = ""
    dry_run: bool = False

    def of(self, state: str) -> list[Verdict]:
        """Return the branches of which the same became."""
        return [verdict for verdict in self.verdicts if verdict.state == state]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the editor works: the repository, what is kept, the book's branch, the wishes, who reads submissions.

    `bench` is where commits are merged, and `who` is named as the one who merges.
    """

    root: Path
    out: Path
    onto: str
    wishes: Wishes
    reading: Reader
    bench: merge_tree.Aside
    who: Mapping[str, str]


class Silent:
    """Shows nothing: the queue has a bar of its own."""

    def stage(self, name: str, total: int | None) -> nullcontext[Callable[..., None]]:
        """Begin a stage of which nothing is shown."""
        return nullcontext(lambda *_: None)


def merge(root: Path, out: Path, wishes: Wishes, progress: Progress) -> Queue:
    """Merge what passes of the submissions to the book at `root`, oldest first; `out` keeps what was worked out.

    Neither the folder nor the index is touched. Raises OerbookError when there is no branch to merge into, a branch is
    not there, the history is cut short, or another merge is at work.
    """
    root = root.resolve()
    onto = _onto(root, wishes.onto)
    with refs.queue(root):
        waiting = select(refs.branches(root), wishes.names, onto)
        copies: dict[str, list[Branch]] = {}
        for branch in waiting:
            copies.setdefault(_last(branch), []).append(branch)
        newer = {b.ref: _newer_copy(root, b, copies[_last(b)]) or _remade(root, b, copies[_last(b)]) for b in waiting}
        verdicts = [Verdict(b.name, "older", instead=newer[b.ref]) for b in waiting if newer[b.ref]]
        waiting = [b for b in waiting if not newer[b.ref]]
        tip = objects.commit_of(root, onto)
        with ExitStack() as open_:
            reading = open_.enter_context(reader(out))
            drawn = reading.folder / "graph"
            bench = open_.enter_context(merge_tree.aside(root, commit_graph.shortcut(drawn)))
            advance = open_.enter_context(progress.stage("merging", len(waiting)))
            desk = Desk(root, out, onto, wishes, reading, bench, process.identity(root))
            for place, branch in enumerate(waiting):
                if place % DRAWN == 0:
                    commit_graph.draw(root, drawn, tip)
                verdict, tip = _settled(desk, tip, branch)
                if verdict.state != "unrelated" or wishes.names:
                    verdicts.append(verdict)
                advance()
    shown = refs.behind(root, onto) or ""
    shown = shown if shown != objects.commit_of(root, onto) else ""
    return Queue(_short(onto), tuple(verdicts), shown, wishes.dry_run)


def _settled(desk: Desk, tip: str, branch: Branch) -> tuple[Verdict, str]:
    """Merge one branch; return what became of it, and the commit that the book's branch ends in afterwards.

    When somebody else moves the book's branch meanwhile, the merge is made anew, onto what the branch holds then.
    """
    root, onto = desk.root, desk.onto
    for _ in range(TRIES):
        verdict = _one(desk, tip, branch)
        if verdict.state != "merged":
            return verdict, tip
        if desk.wishes.dry_run:
            return verdict, verdict.commit
        try:
            refs.move(root, onto, verdict.commit, tip, f"oerbook merge {safe(branch.name)}")
            return verdict, verdict.commit
        except OerbookError as error:
            found = objects.commit_of(root, onto)
            if found == tip:
                words = f"the merge is ready, but the branch {_short(onto)} cannot be moved: {error.message}"
                hint = "See whether another program is at work in the repository, and merge again."
                finding = _error("merge-not-written", words, "chapters", 0, hint)
                return Verdict(branch.name, "refused", verdict.people, findings=(finding,)), tip
            tip = found
    words = f"the branch {_short(onto)} was moved by somebody else {TRIES} times while this was merged"
    finding = _error("merge-not-written", words, "chapters", 0, "Merge again when the others have ended.")
    return Verdict(branch.name, "refused", verdict.people, findings=(finding,)), tip


def _newer_copy(root: Path, branch: Branch, copies: Sequence[Branch]) -> str:
    """Return the name of that one of a branch's copies, here or remote, that holds all that this one does and more."""
    twins = [b for b in copies if b.tip != branch.tip]
    return next((twin.name for twin in twins if refs.is_in(root, branch.tip, twin.tip)), "")


def _remade(root: Path, branch: Branch, copies: Sequence[Branch]) -> str:
    """Return the name of the other side of a branch, here or remote, if its commits were made anew there since.

    Whoever mends a submission often makes its commits anew (git commit --amend, git rebase); then no side holds the other.
    """
    sides = [b for b in copies if (b.upstream == branch.ref or branch.upstream == b.ref) and b.tip != branch.tip]
    later = [b for b in sides if (b.when, b.ref) > (branch.when, branch.ref)]  # of the same moment, the remote one
    return next((b.name for b in later if not refs.is_in(root, b.tip, branch.tip)), "")


def _onto(root: Path, name: str) -> str:
    """Return the full name of the book's branch."""
    if not process.is_kept(root):
        raise OerbookError(f"{root.name} is not kept in git", hint="Merging needs the book's repository.")
    if process.is_shallow(root):
        words = "this copy has only a part of the history, so nobody could be credited rightly"
        raise OerbookError(words, hint="Fetch all of it: git fetch --unshallow")
    if not refs.able():
        raise OerbookError("this git is too old to merge without a work tree", hint="Install git 2.38 or later.")
    if not name:
        found = refs.current(root)
        if not found:
            raise OerbookError("no branch is checked out here", hint="Name the book's branch: --onto main")
        return found
    full = name if name.startswith("refs/heads/") else f"refs/heads/{name}"
    if full not in {branch.ref for branch in refs.branches(root)}:
        raise OerbookError(f"there is no branch {name} here", hint="git branch shows which there are.")
    return full


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def select(known: Sequence[Branch], names: Sequence[str], onto: str) -> list[Branch]:
    """Return the branches that are meant, oldest first; without names all but the book's own and published sites.

    Raises OerbookError when a name or a pattern fits none.
    """
    book = _short(onto)
    # What GitHub merges for trial is no submission; a remote copy of the book's branch is none either.
    others = [b for b in known if b.ref != onto and not (b.ref.startswith("refs/pull/") and b.ref.endswith("/merge"))]
    if not names:
        found = [b for b in others if not b.ref.startswith("refs/pull/") and _last(b) not in (book, *NOT_SUBMITTED)]
    else:
        if {book, onto} & set(names):
            hint = "Name the branches that are to go into it, or none for all; --onto names another to merge into."
            raise OerbookError(f"{book} is the branch that the others go into", hint=hint)
        found = [branch for name in names for branch in _fitting(others, name)]
    once = {branch.tip: branch for branch in reversed(found)}
    return sorted(once.values(), key=lambda b: (b.when, b.name))


def _last(branch: Branch) -> str:
    """Return a branch's name without that of its remote copy."""
    return branch.name.partition("/")[2] if branch.ref.startswith("refs/remotes/") else branch.name


def _fitting(known: Sequence[Branch], name: str) -> list[Branch]:
    """Return the branches that a name or a pattern means: here first, then in remote copies."""
    exact = [b for b in known if name in (b.ref, b.name)]
    fitting = exact or [b for b in known if fnmatchcase(b.ref, name) or fnmatchcase(b.name, name)]
    fitting = fitting or [b for b in known if fnmatchcase(_last(b), name)]
    if not fitting:
        pull = name.removeprefix("refs/").startswith("pull/")
        hint = PULLED if pull else "git branch --all shows which there are."
        raise OerbookError(f"there is no branch {name or '“”'} here", hint=hint)
    return fitting


def _one(desk: Desk, tip: str, branch: Branch) -> Verdict:
    """Merge one branch onto a commit, in git's objects, and judge what comes of it."""
    root, wishes = desk.root, desk.wishes
    try:
        objects.countable(
            root, tip, branch.tip, desk.bench.shortcut
        )  # over such a submission no merge, and no later look, would end
        commits = objects.commits(root, tip, branch.tip, desk.bench.shortcut)
    except process.TooMuchError as error:
        return Verdict(branch.name, "refused", findings=(_unreadable(error),))
    if not commits:
        return Verdict(branch.name, "there")
    people = written(commits)
    names = tuple(dict.fromkeys(shown(name) for name, _mail in people))
    try:
        mixed = reconciled(desk.bench, merge_tree.mix(desk.bench, tip, branch.tip))
    except OerbookError as error:
        if not objects.meeting(root, tip, branch.tip):
            return Verdict(branch.name, "unrelated", findings=(unrelated(branch.name),))
        return Verdict(branch.name, "refused", names, findings=(_unreadable(error),))
    if mixed.torn or mixed.said:
        return Verdict(branch.name, "refused", names, findings=tuple(conflicts(root, tip, branch, mixed)))
    if mixed.tree == desk.reading.tree_of(root, tip):
        return Verdict(branch.name, "there", names)
    words = message(branch, people, wishes.reviewers)
    commit = refs.record(root, mixed.tree, (tip, branch.tip), words, desk.who)
    asked = Asked(tip, commit, start=tip, commits=tuple(commits), last=branch.tip)
    judged = judge(root, desk.out, asked, Silent(), desk.reading)
    found = allowed(judged.brought, wishes.allow)
    grave = {Severity.ERROR, Severity.WARNING} if wishes.strict else {Severity.ERROR}
    refused = any(finding.severity in grave for finding in found)
    return Verdict(
        branch.name, "refused" if refused else "merged", names, "" if refused else commit, found, judged.before
    )


def _unreadable(error: OerbookError) -> Finding:
    words = f"this submission cannot be merged: {error.message}"
    return _error("submission-unreadable", words, "chapters", 0, error.hint)


def written(commits: Sequence[Commit]) -> tuple[tuple[str, str], ...]:
    """Return who wrote in some commits, oldest first, and then whom their messages name: names and addresses."""
    people = [commit.known_as for commit in reversed(commits) if not commit.joins]
    told = [who for commit in reversed(commits) for role, who in trailers(commit.message) if role == "author"]
    return tuple(dict.fromkeys([*people, *((who.name, who.email) for who in told)]))


def message(branch: Branch, people: Sequence[tuple[str, str]], reviewers: Sequence[str]) -> str:
    """Return the message of a merge: everybody who wrote in the branch, or is named in it, is named again."""
    rows: dict[str, str] = {}
    for name, mail in people:
        rows.setdefault(
            name if is_shared(mail) else mail.casefold(), f"Co-authored-by: {readable(name)} <{readable(mail)}>"
        )
    reviewed = [f"Reviewed-by: {' '.join(reviewer.split())}" for reviewer in reviewers]
    return f"Merge {safe(branch.name)}\n\n" + "\n".join([*rows.values(), *reviewed]) + "\n"


def _error(code: str, words: str, path: str, line: int, hint: str) -> Finding:
    return Finding(code, words, Place(path, line), Severity.ERROR, hint)
