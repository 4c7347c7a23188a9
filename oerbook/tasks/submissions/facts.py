"""Collect what git knows of a submission and its authors, for the rules that judge it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from oerbook.git import commits as git_commits
from oerbook.model.findings import Pairs
from oerbook.model.submission import FileChange
from oerbook.tasks.submissions.commit_range import CommitRange, path_in_book
from oerbook.tasks.submissions.file_list import SOURCE_SUFFIXES
from oerbook.tasks.submissions.known_names import collect_credited_people, collect_identities
from oerbook.tasks.submissions.review_job import SubmissionFacts
from oerbook.tasks.submissions.worker_session import ReviewWorker

PeopleByPath = dict[str, list[tuple[str, str]]]  # names and addresses


def collect_submission_facts(
    submission: CommitRange, changes: Sequence[FileChange], worker: ReviewWorker
) -> SubmissionFacts:
    """Return what git knows of a submission whose base is checked out in the worker's folder."""
    root, prefix = submission.root, worker.book_prefix(submission.root)
    by_people = [commit for commit in submission.commits if not commit.is_plain_merge]
    mails = {commit.email for commit in by_people} - {""}  # an empty address identifies nobody
    names = worker.name_index(root, submission.start)
    identities = collect_identities(submission.commits, names)
    return SubmissionFacts(
        base=str(worker.base_checkout.folder),
        changes=_with_other_authors(submission, changes, worker),
        files=tuple(path_in_book(path, prefix) for path in worker.file_list(root, submission.head).files),
        authors=_commit_counts([commit.name for commit in by_people]),
        unsigned_commits=tuple(commit.short_id for commit in by_people if not commit.signed_off),
        reserved_names=tuple(names.names_without(mails)) if _changes_existing_files(changes) else (),
        commit_identities=identities,
        known_names=tuple(names.related(identity.name for identity in identities)),
        credited=collect_credited_people(submission.commits),
    )


def _commit_counts(names: Sequence[str]) -> Pairs:
    """Return each name with the number of its commits, as text."""
    return tuple((name, f"{n} commit" + "s" * (n > 1)) for name, n in sorted(Counter(names).items()))


def _changes_existing_files(changes: Sequence[FileChange]) -> bool:
    """Say whether files of people, or any existing files, are changed."""
    return any("contributors/" in c.path or c.kind in ("changed", "renamed") for c in changes)


def _with_other_authors(
    submission: CommitRange, changes: Sequence[FileChange], worker: ReviewWorker
) -> tuple[FileChange, ...]:
    """Add to each change of a file the authors who had not added that file.

    When no commit is seen to make the change, as when a merge reverts a file, all authors of the submission count.
    """
    prefix = worker.book_prefix(submission.root)
    existing = {prefix + (c.old_path or c.path) for c in changes if c.kind in ("changed", "renamed")}
    if not existing:
        return tuple(changes)
    adders = _adders(submission, existing)
    editors = _editors(submission, {prefix + path for c in changes for path in (c.path, c.old_path) if path})
    everybody = [(commit.name, commit.email) for commit in submission.commits]
    old_paths = [prefix + (change.old_path or change.path) for change in changes]
    candidates = []
    for change, old_path in zip(changes, old_paths, strict=True):
        adder_mails = {mail for _name, mail in adders.get(old_path, ()) if mail}
        authors = [who for path in (change.path, change.old_path) for who in editors.get(prefix + path, ())]
        candidates.append(tuple(dict.fromkeys(w for w in authors or everybody if w[1] not in adder_mails)))
    unresolved = [path for path, people in zip(old_paths, candidates, strict=True) if people]
    first_mail = _first_authors(submission, unresolved, worker)
    return tuple(
        replace(change, other_authors=tuple(who for who in people if who[1] != first_mail.get(path)))
        for change, path, people in zip(changes, old_paths, candidates, strict=True)
    )


def _adders(submission: CommitRange, paths: Collection[str]) -> PeopleByPath:
    """Return who added files to the book, by path.

    Merges are searched only for files that no other commit added.
    """
    root, start = submission.root, submission.start
    adders = git_commits.authors_by_path(root, "", start, paths, git_commits.ADDED_FILES_OPTIONS)
    missing = set(paths) - adders.keys()
    if missing:
        adders |= git_commits.authors_by_path(root, "", start, missing, git_commits.ADDED_BY_MERGES_OPTIONS)
    return adders


def _editors(submission: CommitRange, paths: Collection[str]) -> PeopleByPath:
    """Return who changed files in the submission, by path."""
    editors = git_commits.authors_by_path(submission.root, submission.start, submission.last, paths)
    for commit in submission.commits:
        for path in commit.own_changes:
            editors.setdefault(path, []).append((commit.name, commit.email))
    return editors


def _first_authors(submission: CommitRange, paths: Collection[str], worker: ReviewWorker) -> dict[str, str]:
    """Return the first author of the content of binary files, by path.

    Unlike the log of a path, this finds the author of a file that others have moved since.
    """
    files = worker.file_list(submission.root, submission.start).files
    oids = {path: files[path].oid for path in paths if path in files and not path.endswith(SOURCE_SUFFIXES)}
    authors = git_commits.first_author_by_object(submission.root, submission.start, set(oids.values())) if oids else {}
    return {path: authors[oid] for path, oid in oids.items() if authors.get(oid)}
