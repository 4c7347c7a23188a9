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
from oerbook.document.reading.generated.pages import page_features
from oerbook.document.resolving.page_digest import linked_page_files
from oerbook.document.session import BuildRequest, run_sphinx
from oerbook.model.book import Book, Chapter
from oerbook.model.check_input import CheckInput
from oerbook.model.findings import Finding, Severity, to_row
from oerbook.model.people import Contributor
from oerbook.policy import POLICY_RULES
from oerbook.policy.commit_identities import skeletons_of_identity_claims
from oerbook.source import front_matter
from oerbook.source.book import read_book
from oerbook.source.notebook import locate_in_cells
from oerbook.source.page import INDEX_PATH
from oerbook.source.schema import BOOK_KEYS
from oerbook.source.templates import starter_book
from oerbook.source.text import load_page_text
from oerbook.source.values import as_text_list
from oerbook.source.yaml_lines import YamlData
from oerbook.storage.cache import Cache, memoized_repr
from oerbook.storage.code_digest import code_digest
from oerbook.storage.file_cache import assume_unchanged, file_digest, invalidate, list_files
from oerbook.tasks.build.build import timestamp_of_book_date
from oerbook.tasks.build.build_report import dedupe_findings
from oerbook.tasks.check import run_checks
from oerbook.tasks.check.run_checks import blame_copies_on_new_page, run_cached_checks
from oerbook.tasks.submissions.review_job import SubmissionFacts, read_job
from oerbook.tasks.submissions.submission import build_submission, check_dangerous_files
from oerbook.theming.theme import bundled_themes_folder
from oerbook.tools import pandoc

# Findings that are oddities in one's own book, and likely attacks in a submission.
CODES_RAISED_TO_ERRORS = frozenset(
    [
        "html-script",
        "svg-script",
        "link-scheme",
        "bidi-character",
        "control-character",
        "mixed-script",
        "file-outside-book",
    ]
)

_prepared: dict[str, Chapter | Contributor] = {}  # by file, the value whose derived data is in memory
_base_books: dict[Path, Book] = {}  # by folder


def preload() -> None:
    """Import the program and fill its caches by reading a small built-in book.

    Called once in the worker.
    """
    gc.set_threshold(*session.GC_THRESHOLDS)  # as in a run, and for everything before and after it
    session.preload_modules()
    code_digest(*run_checks.CHECKING_PACKAGES)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for path, text in starter_book.starter_files("A book", "Ada Lee", "CC-BY-4.0", "en").items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_text(text, encoding="utf-8")
        book, _findings = read_book(Path(name))
        _read_and_check(book, Path(name) / "work", 0, [page.slug for page in book.chapters], {})


def readable_folders() -> tuple[Path, ...]:
    """Return the folders outside the program's own that a review reads: the themes."""
    return (bundled_themes_folder(),)


def programs() -> tuple[Path, ...]:
    """Return the programs that a review starts: pandoc, for formulas."""
    return (Path(pandoc.pandoc_executable()),)


def prepare(job_file: str) -> None:
    """Load cached results and the files of the base, before a fork runs the job.

    All of these were read in a fork before. Files of the submission itself are left to the fork.
    """
    job = read_job(Path(job_file))
    invalidate(list(job.touched_files))
    for path in job.touched_files:
        _prepared.pop(path, None)
    assume_unchanged(Path(job.tree), *([Path(job.submission.base)] if job.submission else []))
    cache = Cache(Path(job.cache_folder))
    cache.preload("said", "checked-page")
    if job.submission is None or not (Path(job.submission.base) / "chapters").is_dir():
        return
    base = _read_base(Path(job.submission.base), refresh=True)
    changed = {change.path for change in job.submission.changes}
    run_checks.preload_cached_checks(cache, _prepare_sources(base, job.tree, changed))
    for doctree in list_files(Path(job.cache_folder) / "doctrees"):
        file_digest(doctree)


def _prepare_sources(base: Book, tree: str, changed: set[str]) -> list[str]:
    """Compute what is derived from unchanged files of the base; return new texts."""
    sources: list[tuple[str, Chapter | Contributor]] = [(page.path, page) for page in (base.index, *base.chapters)]
    sources += [(person.place.path, person) for person in base.people]
    texts = []
    for path, value in sources:
        file = f"{tree}/{path}"
        if path in changed or _prepared.get(file) is value:
            continue
        text, problem = load_page_text(file, tree)
        if not problem:
            texts.append(text)
            file_digest(file)
            linked_page_files(text)
            page_features(text)
        if isinstance(value, Chapter):
            memoized_repr(value)
        else:
            skeletons_of_identity_claims(value)
        _prepared[file] = value
    return texts


def _read_base(folder: Path, *, refresh: bool = False) -> Book:
    """Return the book before the submission, as the worker read it before forking."""
    if refresh or folder not in _base_books:
        _base_books[folder] = read_book(folder)[0]
    return _base_books[folder]


def run(job_file: str) -> None:
    """Run a job and write its findings: first those without Sphinx, then all.

    If the process is killed while Sphinx runs, the caller still has the first ones.
    """
    job = read_job(Path(job_file))
    tree, answer = Path(job.tree), Path(job.answer)
    (tree / "chapters").mkdir(parents=True, exist_ok=True)
    policy = _submission_policy(Path(job.submission.base)) if job.submission else {}
    allow = frozenset(as_text_list(policy.get("allow")))
    changed_keys = _changed_index_keys(Path(job.submission.base), tree) if job.submission else ()
    index_replaced = bool(set(changed_keys) - {"toc"})
    if job.submission and index_replaced:
        _restore_index(Path(job.submission.base), tree)
    book, read_findings = read_book(tree)
    policy_findings = _policy_findings(job.submission, book, changed_keys, policy) if job.submission else []
    _write_findings(answer, [*policy_findings, *read_findings], allow, tree)
    changes = job.submission.changes if job.submission else ()
    kinds = {change.path: change.kind for change in changes if change.kind != "removed"}
    changed_pages = [page.slug for page in (book.index, *book.chapters) if page.path in kinds]
    checked = _read_and_check(book, Path(job.cache_folder), job.page_timeout_s, changed_pages, kinds)
    book_findings = [*read_findings, *checked]
    if job.submission and not index_replaced:  # these are the findings of the merged book
        _write_findings(answer.with_suffix(".base.json"), book_findings, frozenset(), tree)
    _write_findings(answer, [*policy_findings, *book_findings], allow, tree)


def _policy_findings(
    facts: SubmissionFacts, book: Book, changed_keys: tuple[str, ...], policy: Mapping[str, object]
) -> list[Finding]:
    """Return what the policy rules report about a submission."""
    # A key that only the base has changed since the submission was started is not a change of the submission.
    index_touched = any(INDEX_PATH in (change.path, change.old_path) for change in facts.changes)
    reported_keys = changed_keys if index_touched else ()
    submission = build_submission(facts, _read_base(Path(facts.base)), book, reported_keys, policy)
    findings = [finding for rule in POLICY_RULES.values() for finding in rule(submission)]
    return [*findings, *check_dangerous_files(book.root, submission.changes)]


def _write_findings(path: Path, findings: Iterable[Finding], allow: frozenset[str], tree: Path) -> None:
    graded = dedupe_findings([_graded(f, allow) for f in locate_in_cells(findings, tree)])
    path.write_text(json.dumps([to_row(finding) for finding in graded]), encoding="utf-8")


def _graded(finding: Finding, allow: frozenset[str]) -> Finding:
    if finding.code in allow:
        return replace(finding, severity=Severity.INFO)
    return replace(finding, severity=Severity.ERROR) if finding.code in CODES_RAISED_TO_ERRORS else finding


def _read_and_check(
    book: Book, cache_folder: Path, page_timeout_s: float, pages_to_test: Sequence[str], kinds: Mapping[str, str]
) -> list[Finding]:
    """Read a book without running code, render the pages `pages_to_test`, run all checks."""
    book = replace(book, settings=replace(book.settings, execute=False))
    request = BuildRequest(
        (),
        cache_folder,
        timestamp_of_book_date(book),
        with_check_input=True,
        page_timeout_s=page_timeout_s,
        pages_to_test_render=pages_to_test,
    )
    result = run_sphinx(book, request, lambda *_: nullcontext(lambda *_: None))
    check_input = result.check_input or CheckInput()
    return [
        *result.findings,
        *blame_copies_on_new_page(book, check_input, run_cached_checks(book, check_input, Cache(cache_folder)), kinds),
    ]


def _index_matter(root: Path) -> Mapping[str, object]:
    text, problem = load_page_text(root / INDEX_PATH, root) if (root / INDEX_PATH).exists() else ("", "missing")
    return {} if problem else front_matter.read_front_matter(text, INDEX_PATH, BOOK_KEYS).values


def _submission_policy(root: Path) -> Mapping[str, YamlData]:
    """Return `submissions:` of a book's title page."""
    policy = _index_matter(root).get("submissions")
    return policy if isinstance(policy, dict) else {}


def _changed_index_keys(before: Path, tree: Path) -> tuple[str, ...]:
    """Return the keys of the title page's front matter that differ."""
    old, new = _index_matter(before), _index_matter(tree)
    return tuple(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))


def _restore_index(before: Path, tree: Path) -> None:
    """Replace the title page by the base's, so that the base's settings apply."""
    if (before / INDEX_PATH).is_file():
        (tree / "chapters").mkdir(parents=True, exist_ok=True)
        (tree / INDEX_PATH).write_bytes((before / INDEX_PATH).read_bytes())
        invalidate([str(tree / INDEX_PATH)])
