"""Bring the changes that a taken chapter has had at its source since, as a three-way merge."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oerbook.errors import MachineError, OerbookError
from oerbook.git import merge_tree, objects, process, refs, switch_branch
from oerbook.git import publish as git_publish
from oerbook.model.book import Chapter
from oerbook.source.book import read_book
from oerbook.source.text import load_page_text
from oerbook.tasks.adopt.clone import MACHINE_NAME
from oerbook.tasks.credits.report import select_pages
from oerbook.tasks.progress import Progress
from oerbook.tasks.submissions.branches import target_branch
from oerbook.tasks.take import source_book
from oerbook.tasks.take.page_record import TakenRecord, taken_record
from oerbook.tasks.take.source_book import SourceBook
from oerbook.tasks.take.take import (
    TakeRun,
    bibliography_file,
    citation_keys,
    commit_moved_page,
    import_history,
    people_files,
    rename_page_files,
    text_with_record,
)


@dataclass(frozen=True, slots=True)
class PageUpdate:
    """What changed in a taken page: lines of a unified diff, () if nothing; `problem` is why it was not merged."""

    path: str
    title: str
    changes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """The updates of all pages, and why the folder was not updated ("" if it was)."""

    pages: tuple[PageUpdate, ...]
    outdated_reason: str = ""


def update_taken(root: Path, names: Sequence[str], source: str, progress: Progress, *, dry_run: bool) -> UpdateResult:
    """Merge what changed at the source of taken pages, each by one commit; `source` replaces the recorded address.

    A page with changes on both sides to the same passage is left as it is. Raises OerbookError if no page was taken,
    the book has uncommitted changes, or a source cannot be read.
    """
    root = root.resolve()
    branch = target_branch(root, "")
    if git_publish.book_has_uncommitted_changes(root):
        raise OerbookError("the book has uncommitted changes", hint="Commit them first: git add -A, then git commit.")
    book, _findings = read_book(root)
    pages = [(page, record) for page in select_pages(book, names) if (record := _record_of(root, page))]
    if not pages:
        hint = "oerbook take SOURCE CHAPTER brings one, and records where it is from."
        raise OerbookError("no chapter of the book was taken from another one", hint=hint)
    updates: list[PageUpdate] = []
    keys = citation_keys(book)
    start = tip = objects.resolve_commit(root, branch)
    with tempfile.TemporaryDirectory(prefix="oerbook-take-") as name, refs.merge_lock(root):
        sources: dict[str, tuple[SourceBook, str]] = {}
        for page, record in pages:
            address = source or record.address
            if not address:
                hint = "Name it: oerbook take --update --from FOLDER"
                raise OerbookError(f"the source of “{page.title}” is not recorded", hint=hint)
            if address not in sources:
                with progress.stage("copying history", None):
                    opened = source_book.open_source(address, Path(name) / f"book-{len(sources)}")
                    sources[address] = (opened, import_history(root, opened))
            with merge_tree.scratch_repository(root, {}) as scratch:
                run = TakeRun(scratch, book, sources[address][0], keys, sources[address][1])
                update, commit = _update_or_explain(run, tip, page)
            updates.append(update)
            tip = commit if not dry_run else tip
        if tip != start:
            refs.update_ref(root, branch, tip, start, "oerbook take --update")
    outdated = refs.outdated_head(root, branch) is not None
    reason = switch_branch.return_to_branch(root, branch) if outdated and not dry_run else ""
    return UpdateResult(tuple(updates), reason)


def _record_of(root: Path, page: Chapter) -> TakenRecord | None:
    return taken_record(load_page_text(root / page.path, root)[0])


def _update_or_explain(run: TakeRun, tip: str, page: Chapter) -> tuple[PageUpdate, str]:
    """Merge the changes of one page onto a commit; return them, and the new commit, `tip` if there is none."""
    update = PageUpdate(page.path, page.title)
    try:
        return _update_page(run, tip, update)
    except MachineError:
        raise
    except OerbookError as error:
        return replace(update, problem=f"{error.message}. {error.hint}" if error.hint else error.message), tip


def _update_page(run: TakeRun, tip: str, update: PageUpdate) -> tuple[PageUpdate, str]:
    """Merge the changes of one page; raise OerbookError if that cannot be done."""
    scratch, source = run.scratch, run.source
    root, prefix = scratch.root, objects.book_prefix(scratch.root)
    record = taken_record(load_page_text(root / update.path, root)[0])
    assert record
    theirs = next((p for p in (source.book.index, *source.book.chapters) if p.path == record.file), None)
    if theirs is None:
        raise OerbookError(f"the source has no {record.file} any more")
    path = f"{prefix}{update.path}"
    before = _committed_by_machine(root, tip, path)
    base_text = process.run_git(root, "cat-file", "blob", f"{before}:{path}").decode(errors="replace")
    new_text, files = rename_page_files(source, theirs, update.path, text_with_record(source, theirs))
    files = _changed_files(root, tip, {f"{prefix}{name}": data for name, data in files.items()})
    added = {**people_files(run.book, source, theirs), **bibliography_file(run, tip, theirs, update.path)}
    files |= {f"{prefix}{name}": data for name, data in added.items()}
    changes = (*_diff(base_text, new_text), *(f"+{name}" for name in files))
    update = replace(update, changes=changes)
    if not changes:
        return update, tip
    message = f"Move {theirs.path} of “{source.book.title}” to {update.path}\n"
    moved = commit_moved_page(scratch, (run.history, before), {path: new_text.encode()}, message)
    outcome = merge_tree.merge_trees(scratch, tip, moved)
    if outcome.conflicts or outcome.messages:
        problem = f"both books have changed the same passages; to resolve it by hand: git merge {moved}"
        return replace(update, problem=problem), tip
    tree = merge_tree.replace_files(scratch, outcome.tree, files) if files else outcome.tree
    message = f"Update “{update.title}” from “{source.book.title}”\n\n{source.address} {source.revision}\n"
    return update, refs.create_commit(root, tree, (tip, moved), message, process.committer_env(root))


def _changed_files(root: Path, tip: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that are new or differ. Raises OerbookError if this book has changed one of them, too."""
    changed = {}
    for path, data in files.items():
        if not merge_tree.commit_has_file(root, tip, path):
            changed[path] = data
        elif process.run_git(root, "cat-file", "blob", f"{tip}:{path}") != data:
            subject = process.run_git(root, "log", "--first-parent", "-1", "--format=%s", tip, "--", f":(top){path}")
            if not subject.decode(errors="replace").startswith(("Take “", "Update “")):
                raise OerbookError(f"both books have changed {path}", hint="Rename one of the two.")
            changed[path] = data
    return changed


def _committed_by_machine(root: Path, branch: str, path: str) -> str:
    """Return the last commit of oerbook that moved a page into the book."""
    options = ("--full-history", "--fixed-strings", f"--author={MACHINE_NAME}", "--format=%H")
    rows = process.output_lines(root, ["log", *options, branch, "--", f":(top){path}"])
    if not rows:
        hint = "Take it again under its present name; its words keep their authors."
        raise OerbookError(f"{path} was renamed since it was taken, so it cannot be updated", hint=hint)
    return rows[0]


def _diff(old: str, new: str) -> list[str]:
    """Return the changed lines of the text, without those of the record of the source."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    changed = [line for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]
    return [line for line in changed if not line[1:].strip().startswith(("revision:", "retrieved:"))]
