"""What runs in the bounded process: reading a book that a stranger sent, and looking for what it oversteps."""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from oerbook.document import session
from oerbook.document.reading.generated_pages import signs_of
from oerbook.document.resolving.page_digest import linked
from oerbook.document.session import Order, understand
from oerbook.model.book import Book, Chapter
from oerbook.model.finding_rows import row
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

# What only looks odd in a book of one's own is an attack when a stranger sends it.
GRAVE = frozenset(
    ["html-active", "image-active", "link-active", "hidden-sign", "sign-control", "sign-lookalike", "outside-book"]
)


def warm() -> None:
    """Load all of the program that reading takes: a book of our own is read for that, and no other."""
    gc.set_threshold(*session.COLLECT)  # as in a run, and for all that comes before and after it
    session.load()
    code_digest(*run_checks.CHECKING)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for path, text in starter_book.files("A book", "Ada Lee", "CC-BY-4.0").items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_text(text, encoding="utf-8")
        book, _said = read_book(Path(name))
        _read(book, Path(name) / "work", 0, [page.slug for page in book.chapters], {})


def recall(job: str) -> None:
    """Take into memory what tasks before this one have worked out, and read what the base holds.

    All of it went through a task of its own first. What the submission brings is left to the task.
    """
    asked: dict[str, Any] = json.loads(Path(job).read_text(encoding="utf-8"))
    work = Path(asked["work"])
    forget(asked["touched"])
    for path in asked["touched"]:
        _at_hand.pop(path, None)
    rest(Path(asked["tree"]), *([Path(asked["before"])] if "before" in asked else []))
    shelf = Shelf(work)
    shelf.recall("said", "needs", "proof")
    if "before" not in asked or not (Path(asked["before"]) / "chapters").is_dir():
        return
    tree, brought = asked["tree"], {row["path"] for row in asked["changes"]}
    before = _before(Path(asked["before"]), anew=True)
    sources: list[tuple[str, Chapter | Contributor]] = [(page.path, page) for page in (before.index, *before.chapters)]
    sources += [(person.place.path, person) for person in before.people]
    texts = []
    for path, made in sources:
        whole = f"{tree}/{path}"
        if path in brought or _at_hand.get(whole) is made:
            continue
        text, problem = load(whole, tree)
        if not problem:
            texts.append(text)
            digest_of(whole)
            linked(text)
            signs_of(text)
        if isinstance(made, Chapter):
            said_of(made)
        else:
            known_as(made)
        _at_hand[whole] = made
    run_checks.recall(shelf, texts)
    for tree_of_a_page in below(work / "doctrees"):
        digest_of(tree_of_a_page)


_at_hand: dict[str, Chapter | Contributor] = {}  # by file, what it says: of all files that have been looked at
_recalled: dict[Path, Book] = {}


def _before(folder: Path, *, anew: bool = False) -> Book:
    """Return the book as it was, which the waiting process has read for the task."""
    if anew or folder not in _recalled:
        _recalled[folder] = read_book(folder)[0]
    return _recalled[folder]


def main(job: str) -> None:
    """Read what the job says and write the findings where it says: first what can be said without Sphinx, then all."""
    asked: dict[str, Any] = json.loads(Path(job).read_text(encoding="utf-8"))
    tree, answer = Path(asked["tree"]), Path(asked["answer"])
    (tree / "chapters").mkdir(parents=True, exist_ok=True)
    found: list[Finding] = []
    facts: tuple[str, ...] = ()
    stands = False
    allow: frozenset[str] = frozenset()
    if "before" in asked:
        touched = any(INDEX in (row["path"], row["old_path"]) for row in asked["changes"])
        facts, stands = _settle_index(Path(asked["before"]), tree, touched)
        before = _before(Path(asked["before"]))
        policy = _matter(Path(asked["before"])).get("submissions")
        allow = frozenset(as_texts(policy.get("allow"))) if isinstance(policy, dict) else allow
        book, said = read_book(tree)
        told = submission(asked, before, book, facts, policy)
        found = [finding for rule in POLICY.values() for finding in rule(told)]
        found += contents(tree, told.changes)
    else:
        book, said = read_book(tree)
    _answer(answer, [*found, *said], allow, tree)
    brought = {row["path"]: row["kind"] for row in asked.get("changes", ()) if row["kind"] != "removed"}
    tried = [page.slug for page in (book.index, *book.chapters) if page.path in brought]
    said = (*said, *_read(book, Path(asked["work"]), float(asked["patience"]), tried, brought))
    if "before" in asked and not stands:  # the book as it would be; else the base's title page stood in
        _answer(answer.with_suffix(".base.json"), list(said), frozenset(), tree)
    _answer(answer, [*found, *said], allow, tree)


def _answer(path: Path, found: list[Finding], allow: frozenset[str], tree: Path) -> None:
    graded = settled([_graded(f, allow) for f in in_cells(found, tree)])
    path.write_text(json.dumps([row(finding) for finding in graded]), encoding="utf-8")


def _graded(finding: Finding, allow: frozenset[str]) -> Finding:
    if finding.code in allow:
        return replace(finding, severity=Severity.INFO)
    return replace(finding, severity=Severity.ERROR) if finding.code in GRAVE else finding


def _read(book: Book, work: Path, patience: float, tried: Sequence[str], brought: Mapping[str, str]) -> list[Finding]:
    """Read a book without running its code, set the pages that are to be tried, and check it."""
    book = replace(book, settings=replace(book.settings, execute=False))
    order = Order((), work, day(book), proof=True, patience=patience, tried=tried)
    understood = understand(book, order, lambda *_: nullcontext(lambda *_: None))
    proof = understood.proof or Proof()
    return [*understood.findings, *turned(book, proof, look(book, proof, Shelf(work)), brought)]


def _matter(root: Path) -> Mapping[str, Any]:
    text, problem = load(root / INDEX, root) if (root / INDEX).exists() else ("", "missing")
    return {} if problem else front_matter.read(text, INDEX, BOOK).values


def _settle_index(before: Path, tree: Path, touched: bool) -> tuple[tuple[str, ...], bool]:
    """Return the facts of the title page that differ, and whether the base's page stands: if there are any but the contents.

    What the base alone has changed since the submission left it is no doing of the submission's.
    """
    old, new = _matter(before), _matter(tree)
    differ = tuple(sorted(k for k in {*old, *new} if old.get(k) != new.get(k)))
    stands = bool(set(differ) - {"toc"})
    if stands and (before / INDEX).is_file():
        (tree / "chapters").mkdir(parents=True, exist_ok=True)
        (tree / INDEX).write_bytes((before / INDEX).read_bytes())
        forget([str(tree / INDEX)])
    return differ if touched else (), stands
