"""Read the book of a submission, and apply policy rules and checks.

This module runs in the worker process, which imports it by the name that `ReviewWorker` holds in a string.
"""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from oerbook.document import session
from oerbook.document.reading.generated_pages import signs_of
from oerbook.document.resolving.page_digest import linked
from oerbook.document.session import Order, understand
from oerbook.model.book import Book, Chapter
from oerbook.model.finding_rows import ReviewJob, row
from oerbook.model.findings import Finding, Severity
from oerbook.model.people import Contributor
from oerbook.model.proof import Proof
from oerbook.policy import POLICY
from oerbook.policy.commit_identities import known_as
from oerbook.source import front_matter
from oerbook.source.book import read_book
from oerbook.source.notebook_locations import in_cells
from oerbook.source.page import INDEX
from oerbook.source.schema import BOOK
from oerbook.source.templates import starter_book
from oerbook.source.text import load
from oerbook.source.values import as_texts
from oerbook.storage.cache import Shelf, said_of
from oerbook.storage.code_digest import code_digest
from oerbook.storage.file_cache import below, digest_of, forget, rest
from oerbook.tasks.build.build import day, settled
from oerbook.tasks.check import run_checks
from oerbook.tasks.check.run_checks import look, turned
from oerbook.tasks.submissions.submission import contents, submission

# Findings that are oddities in one's own book, and likely attacks in a submission.
GRAVE = frozenset(
    ["html-active", "image-active", "link-active", "hidden-sign", "sign-control", "sign-lookalike", "outside-book"]
)

_prepared: dict[str, Chapter | Contributor] = {}  # by file, the value whose derived data is in memory
_base_books: dict[Path, Book] = {}  # by folder


def warm() -> None:
    """Import the program and fill its caches by reading a small built-in book.

    Called once in the worker.
    """
    gc.set_threshold(*session.COLLECT)  # as in a run, and for everything before and after it
    session.load()
    code_digest(*run_checks.CHECKING)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for path, text in starter_book.files("A book", "Ada Lee", "CC-BY-4.0").items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_text(text, encoding="utf-8")
        book, _findings = read_book(Path(name))
        _read_and_check(book, Path(name) / "work", 0, [page.slug for page in book.chapters], {})


def recall(job_file: str) -> None:
    """Load cached results and the files of the base, before a fork runs the job.

    All of these were read in a fork before. Files of the submission itself are left to the fork.
    """
    job: ReviewJob = json.loads(Path(job_file).read_text(encoding="utf-8"))
    forget(job["touched_files"])
    for path in job["touched_files"]:
        _prepared.pop(path, None)
    rest(Path(job["tree"]), *([Path(job["before"])] if "before" in job else []))
    cache = Shelf(Path(job["cache_folder"]))
    cache.recall("said", "needs", "proof")
    if "before" not in job or not (Path(job["before"]) / "chapters").is_dir():
        return
    base = _read_base(Path(job["before"]), refresh=True)
    changed = {change["path"] for change in job["changes"]}
    run_checks.recall(cache, _prepare_sources(base, job["tree"], changed))
    for doctree in below(Path(job["cache_folder"]) / "doctrees"):
        digest_of(doctree)


def _prepare_sources(base: Book, tree: str, changed: set[str]) -> list[str]:
    """Compute what is derived from unchanged files of the base; return new texts."""
    sources: list[tuple[str, Chapter | Contributor]] = [(page.path, page) for page in (base.index, *base.chapters)]
    sources += [(person.place.path, person) for person in base.people]
    texts = []
    for path, value in sources:
        file = f"{tree}/{path}"
        if path in changed or _prepared.get(file) is value:
            continue
        text, problem = load(file, tree)
        if not problem:
            texts.append(text)
            digest_of(file)
            linked(text)
            signs_of(text)
        if isinstance(value, Chapter):
            said_of(value)
        else:
            known_as(value)
        _prepared[file] = value
    return texts


def _read_base(folder: Path, *, refresh: bool = False) -> Book:
    """Return the book before the submission, as the worker read it before forking."""
    if refresh or folder not in _base_books:
        _base_books[folder] = read_book(folder)[0]
    return _base_books[folder]


def main(job_file: str) -> None:
    """Run a job and write its findings: first those without Sphinx, then all.

    If the process is killed while Sphinx runs, the caller still has the first ones.
    """
    job: ReviewJob = json.loads(Path(job_file).read_text(encoding="utf-8"))
    tree, answer = Path(job["tree"]), Path(job["answer"])
    (tree / "chapters").mkdir(parents=True, exist_ok=True)
    policy_findings: list[Finding] = []
    index_replaced = False
    allow: frozenset[str] = frozenset()
    if "before" in job:
        before = Path(job["before"])
        changed_keys = _changed_index_keys(before, tree)
        index_replaced = bool(set(changed_keys) - {"toc"})
        if index_replaced:
            _restore_index(before, tree)
        policy = _submission_policy(before)
        allow = frozenset(as_texts(policy.get("allow")))
        book, read_findings = read_book(tree)
        policy_findings = _policy_findings(job, book, changed_keys, policy)
    else:
        book, read_findings = read_book(tree)
    _write_findings(answer, [*policy_findings, *read_findings], allow, tree)
    kinds = {change["path"]: change["kind"] for change in job.get("changes", ()) if change["kind"] != "removed"}
    changed_pages = [page.slug for page in (book.index, *book.chapters) if page.path in kinds]
    book_findings = [
        *read_findings,
        *_read_and_check(book, Path(job["cache_folder"]), float(job["page_timeout_s"]), changed_pages, kinds),
    ]
    if "before" in job and not index_replaced:  # these are the findings of the merged book
        _write_findings(answer.with_suffix(".base.json"), book_findings, frozenset(), tree)
    _write_findings(answer, [*policy_findings, *book_findings], allow, tree)


def _policy_findings(
    job: ReviewJob, book: Book, changed_keys: tuple[str, ...], policy: Mapping[str, object]
) -> list[Finding]:
    """Return what the policy rules report about a submission."""
    # A key that only the base has changed since the submission was started is not a change of the submission.
    index_touched = any(INDEX in (change["path"], change["old_path"]) for change in job["changes"])
    reported_keys = changed_keys if index_touched else ()
    reviewed = submission(job, _read_base(Path(job["before"])), book, reported_keys, policy)
    findings = [finding for rule in POLICY.values() for finding in rule(reviewed)]
    return [*findings, *contents(Path(job["tree"]), reviewed.changes)]


def _write_findings(path: Path, findings: Iterable[Finding], allow: frozenset[str], tree: Path) -> None:
    graded = settled([_graded(f, allow) for f in in_cells(findings, tree)])
    path.write_text(json.dumps([row(finding) for finding in graded]), encoding="utf-8")


def _graded(finding: Finding, allow: frozenset[str]) -> Finding:
    if finding.code in allow:
        return replace(finding, severity=Severity.INFO)
    return replace(finding, severity=Severity.ERROR) if finding.code in GRAVE else finding


def _read_and_check(
    book: Book, cache_folder: Path, page_timeout_s: float, tried: Sequence[str], kinds: Mapping[str, str]
) -> list[Finding]:
    """Read a book without running code, render the pages `tried`, run all checks."""
    book = replace(book, settings=replace(book.settings, execute=False))
    request = Order((), cache_folder, day(book), proof=True, patience=page_timeout_s, tried=tried)
    result = understand(book, request, lambda *_: nullcontext(lambda *_: None))
    proof = result.proof or Proof()
    return [*result.findings, *turned(book, proof, look(book, proof, Shelf(cache_folder)), kinds)]


def _index_matter(root: Path) -> Mapping[str, object]:
    text, problem = load(root / INDEX, root) if (root / INDEX).exists() else ("", "missing")
    return {} if problem else front_matter.read(text, INDEX, BOOK).values


def _submission_policy(root: Path) -> Mapping[str, object]:
    """Return `submissions:` of a book's title page."""
    policy = _index_matter(root).get("submissions")
    return policy if isinstance(policy, dict) else {}


def _changed_index_keys(before: Path, tree: Path) -> tuple[str, ...]:
    """Return the keys of the title page's front matter that differ."""
    old, new = _index_matter(before), _index_matter(tree)
    return tuple(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))


def _restore_index(before: Path, tree: Path) -> None:
    """Replace the title page by the base's, so that the base's settings apply."""
    if (before / INDEX).is_file():
        (tree / "chapters").mkdir(parents=True, exist_ok=True)
        (tree / INDEX).write_bytes((before / INDEX).read_bytes())
        forget([str(tree / INDEX)])
