"""Merge submissions one by one, each reviewed against the book as it is then.

All work happens in git objects. The book's branch moves from one complete merge to the next, so that an interrupted run
leaves it at one of them, and the next run continues from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.attribution.identity import display_name, is_placeholder_email
from oerbook.errors import MachineError, OerbookError
from oerbook.git import commit_graph, merge_tree, objects, process, refs, switch_branch
from oerbook.git import commits as git_commits
from oerbook.git.refs import Branch
from oerbook.model.findings import Finding, Place, Severity
from oerbook.storage.machine_errors import find_machine_error
from oerbook.tasks.check.check import downgrade_to_notes
from oerbook.tasks.progress import Progress
from oerbook.tasks.submissions.branches import (
    find_newer_copies,
    select_branches,
    short_name,
    submission_authors,
    target_branch,
)
from oerbook.tasks.submissions.check_records import record_checks
from oerbook.tasks.submissions.commit_range import CommitRange, find_commits
from oerbook.tasks.submissions.conflicts import merge_bibliographies, report_conflicts
from oerbook.tasks.submissions.review import BaseUnreadableError, Review, review_commits, unrelated_history
from oerbook.tasks.submissions.worker_session import ReviewWorker, open_worker
from oerbook.text.characters import escape_control, strip_control

BRANCHES_PER_COMMIT_GRAPH = 25  # branches between two updates of the commit graph
MAX_MERGE_ATTEMPTS = 4  # merges of one branch, when the book's branch is moved by others meanwhile
ReviewFunction = Callable[[CommitRange, Progress, ReviewWorker], Review]


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """Options of a merge.

    `names` are names or patterns of branches, `onto` is the book's branch, `reviewers` are named in each merge, and
    findings with a code in `allow` refuse no branch.
    """

    names: tuple[str, ...] = ()
    onto: str = ""
    reviewers: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    strict: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class BranchResult:
    """The result for one branch, with its authors and findings.

    `state` is "merged", "refused", "unrelated", "there" (the book has its commits already) or "older": then
    `newer_branch` has the newer copy. `existing` are findings that existed in the book.
    """

    branch: str
    state: str
    people: tuple[str, ...] = ()
    commit: str = ""
    findings: tuple[Finding, ...] = ()
    existing: tuple[Finding, ...] = ()
    newer_branch: str = ""
    base: str = ""  # the commit of the book that it was reviewed against


@dataclass(frozen=True, slots=True)
class MergeReport:
    """The results for all branches, and the branch `onto` which they were merged.

    `outdated_head` is the commit of a work tree that is not the branch's newest, else "", and `outdated_reason` why it
    was left there. `updated_folder`: the work tree was updated. `stopped_by` is why further branches were not tried.
    """

    onto: str
    results: tuple[BranchResult, ...]
    outdated_head: str = ""
    dry_run: bool = False
    outdated_reason: str = ""
    updated_folder: bool = False
    stopped_by: OerbookError | None = None

    def with_state(self, state: str) -> list[BranchResult]:
        """Return the results with this state."""
        return [result for result in self.results if result.state == state]


@dataclass(frozen=True, slots=True)
class MergeContext:
    """What every merge of a run needs.

    `onto` is the full name of the book's branch, `scratch` the repository in which commits are merged, `committer`
    the environment that names the committer.
    """

    root: Path
    onto: str
    options: MergeOptions
    worker: ReviewWorker
    scratch: merge_tree.ScratchRepository
    committer: Mapping[str, str]
    run_review: ReviewFunction


class SilentProgress:
    """Progress that shows nothing: the merge has one bar for all branches."""

    def stage(self, name: str, total: int | None) -> nullcontext[Callable[..., None]]:  # noqa: ARG002 - the signature of Progress
        """Open a stage without showing it."""
        return nullcontext(lambda *_: None)


def merge(
    root: Path, out: Path, options: MergeOptions, progress: Progress, run_review: ReviewFunction = review_commits
) -> MergeReport:
    """Merge the submissions that pass the review, oldest first.

    A work tree without uncommitted changes that showed the branch is updated to its new commit; any other work tree,
    and its index, stay as they are. Raises OerbookError when there is no branch to merge into, when a named
    branch does not exist, when the history is shallow, or when another merge is running.
    """
    root = root.resolve()
    onto = target_branch(root, options.onto)
    with refs.merge_lock(root):
        selected = select_branches(refs.list_branches(root), options.names, onto)
        newer = find_newer_copies(root, selected)
        results = [BranchResult(b.name, "older", newer_branch=newer[b.ref]) for b in selected if newer[b.ref]]
        waiting = [b for b in selected if not newer[b.ref]]
        with ExitStack() as stack:
            worker = stack.enter_context(open_worker(out))
            graph_folder = worker.folder / "graph"
            scratch = stack.enter_context(merge_tree.scratch_repository(root, commit_graph.graph_env(graph_folder)))
            advance = stack.enter_context(progress.stage("merging", len(waiting)))
            context = MergeContext(root, onto, options, worker, scratch, process.committer_env(root), run_review)
            merged, stopped_by = _merge_all(context, waiting, graph_folder, advance)
        results += [result for result in merged.values() if result.state != "unrelated" or options.names]
        if stopped_by and not merged:
            raise stopped_by
        report = MergeReport(short_name(onto), tuple(results), dry_run=options.dry_run, stopped_by=stopped_by)
        try:
            for branch, result in merged.items():
                if result.state in ("merged", "refused") and branch.tip and result.base:
                    record_checks(out, result.base, {branch.tip: result.findings})
            return report if options.dry_run else _update_folder(root, onto, report)
        except (OSError, OerbookError) as error:  # what was merged must be reported, even on a full disk
            cause = error if isinstance(error, OerbookError) else OerbookError(str(error))
            return replace(report, stopped_by=find_machine_error(error, access=True) or cause)


def _merge_all(
    context: MergeContext, waiting: Sequence[Branch], graph_folder: Path, advance: Callable[..., None]
) -> tuple[dict[Branch, BranchResult], OerbookError | None]:
    """Merge branches one by one; return the results, and why the rest was not tried or None."""
    results: dict[Branch, BranchResult] = {}
    tip = objects.resolve_commit(context.root, context.onto)
    for index, branch in enumerate(waiting):
        try:
            if index % BRANCHES_PER_COMMIT_GRAPH == 0:
                commit_graph.write_graph(context.root, graph_folder, tip)
            results[branch], tip = _merge_with_retries(context, tip, branch)
        except BaseUnreadableError as error:
            return results, error
        except (OSError, MachineError) as error:
            machine_error = find_machine_error(error, access=True)
            if machine_error is None:
                raise
            return results, machine_error
        advance()
    return results, None


def _update_folder(root: Path, onto: str, report: MergeReport) -> MergeReport:
    """Update the work tree that the merge left at an older commit of the branch, if it is clean."""
    head = refs.outdated_head(root, onto)
    if head is None:
        return report
    reason = switch_branch.return_to_branch(root, onto)
    if not reason:
        return replace(report, updated_folder=True)
    outdated_head = head if head != objects.resolve_commit(root, onto) else ""
    return replace(report, outdated_head=outdated_head, outdated_reason=reason)


def _merge_with_retries(context: MergeContext, tip: str, branch: Branch) -> tuple[BranchResult, str]:
    """Merge one branch; return the result, and the new tip of the book's branch.

    When somebody else moves the book's branch meanwhile, the merge is repeated onto its new commit.
    """
    root, onto = context.root, context.onto
    for _ in range(MAX_MERGE_ATTEMPTS):
        result = replace(_merge_or_refuse(context, tip, branch), base=tip)
        if result.state != "merged":
            return result, tip
        if context.options.dry_run:
            return result, result.commit
        try:
            refs.update_ref(root, onto, result.commit, tip, f"oerbook merge {escape_control(branch.name)}")
            return result, result.commit
        except MachineError:
            raise
        except OerbookError as error:
            current = objects.resolve_commit(root, onto)
            if current == tip:
                message = f"the merge is ready, but the branch {short_name(onto)} cannot be updated: {error.message}"
                hint = "Check whether another program is using the repository, and merge again."
                finding = _error("merge-failed", message, hint)
                return BranchResult(branch.name, "refused", result.people, findings=(finding,)), tip
            tip = current
    message = f"the branch {short_name(onto)} was updated by somebody else {MAX_MERGE_ATTEMPTS} times during this merge"
    finding = _error("merge-failed", message, "Merge again when the other updates have ended.")
    return BranchResult(branch.name, "refused", result.people, findings=(finding,)), tip


def _merge_or_refuse(context: MergeContext, tip: str, branch: Branch) -> BranchResult:
    """Merge one branch onto a commit; a branch that git cannot read is refused, and costs nobody else."""
    if branch.problem:
        error = OerbookError(branch.problem, hint=objects.DAMAGED_HINT)
        return BranchResult(branch.name, "refused", findings=(_cannot_merge(error),))
    try:
        return _merge_branch(context, tip, branch)
    except (MachineError, BaseUnreadableError):
        raise
    except OerbookError as error:
        return BranchResult(branch.name, "refused", findings=(_cannot_merge(error),))


def _merge_branch(context: MergeContext, tip: str, branch: Branch) -> BranchResult:
    """Merge one branch onto a commit, in git objects, and review the result."""
    root, options, scratch = context.root, context.options, context.scratch
    try:
        # First the size: git would take forever to merge, or later to read, a few objects that name billions of files.
        objects.check_submission_limits(root, tip, branch.tip, scratch.graph_env)
        commits = git_commits.submission_commits(root, tip, branch.tip, scratch.graph_env)
    except process.LimitExceededError as error:
        return BranchResult(branch.name, "refused", findings=(_cannot_merge(error),))
    if not commits:
        return BranchResult(branch.name, "there")
    authors = submission_authors(commits)
    names = tuple(dict.fromkeys(display_name(name) for name, _mail in authors))
    try:
        outcome = merge_bibliographies(scratch, merge_tree.merge_trees(scratch, tip, branch.tip))
    except MachineError:
        raise
    except OerbookError as error:
        if not objects.merge_base(root, tip, branch.tip):
            return BranchResult(branch.name, "unrelated", findings=(unrelated_history(branch.name),))
        return BranchResult(branch.name, "refused", names, findings=(_cannot_merge(error),))
    if outcome.conflicts or outcome.messages:
        conflicts = tuple(report_conflicts(scratch, tip, branch, outcome))
        return BranchResult(branch.name, "refused", names, findings=(*conflicts, *_review_alone(context, tip, branch)))
    if outcome.tree == context.worker.tree_id(root, tip):
        return BranchResult(branch.name, "there", names)
    text = merge_message(branch, authors, options.reviewers)
    commit = refs.create_commit(root, outcome.tree, (tip, branch.tip), text, context.committer)
    submission = CommitRange(root, base=tip, start=tip, head=commit, last=branch.tip, commits=tuple(commits))
    reviewed = context.run_review(submission, SilentProgress(), context.worker)
    findings = downgrade_to_notes(reviewed.new, options.allow)
    refusing = {Severity.ERROR, Severity.WARNING} if options.strict else {Severity.ERROR}
    if any(finding.severity in refusing for finding in findings):
        return BranchResult(branch.name, "refused", names, "", findings, reviewed.existing)
    return BranchResult(branch.name, "merged", names, commit, findings, reviewed.existing)


def _review_alone(context: MergeContext, tip: str, branch: Branch) -> tuple[Finding, ...]:
    """Return what else is wrong with a branch that cannot be merged, so that its authors learn all of it at once."""
    try:
        submission = find_commits(context.root, tip, branch.tip)
        reviewed = context.run_review(submission, SilentProgress(), context.worker) if submission else Review((), ())
    except (MachineError, BaseUnreadableError):
        raise
    except OerbookError:
        return ()
    return downgrade_to_notes(reviewed.new, context.options.allow)


def _cannot_merge(error: OerbookError) -> Finding:
    return _error("submission-unreadable", f"this submission cannot be merged: {error.message}", error.hint)


def merge_message(branch: Branch, people: Sequence[tuple[str, str]], reviewers: Sequence[str]) -> str:
    """Return the message of a merge commit, with all authors and reviewers."""
    rows: dict[str, str] = {}
    for name, mail in people:
        person = name if is_placeholder_email(mail) else mail.casefold()
        rows.setdefault(person, f"Co-authored-by: {strip_control(name)} <{strip_control(mail)}>")
    reviewed = [f"Reviewed-by: {' '.join(reviewer.split())}" for reviewer in reviewers]
    return f"Merge {escape_control(branch.name)}\n\n" + "\n".join([*rows.values(), *reviewed]) + "\n"


def _error(code: str, text: str, hint: str) -> Finding:
    return Finding(code, text, Place("chapters"), Severity.ERROR, hint)
