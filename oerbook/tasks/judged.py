"""What runs in the bounded process: reading a book that a stranger sent, and looking for what it oversteps."""

from __future__ import annotations

import gc
import json
import re
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from oerbook.checks.copied import SHINGLE, WORD
from oerbook.checks.policy import POLICY
from oerbook.checks.policy.signatures import known_as
from oerbook.document import session
from oerbook.document.drawings import active_drawing
from oerbook.document.fingerprint import linked
from oerbook.document.generated import signs_of
from oerbook.document.session import Order, understand
from oerbook.document.shelf import Shelf, said_of
from oerbook.evidence import Change, Entry, Proof, Signature, Submission
from oerbook.model import Book, Chapter, Contributor, Finding, Pairs, Place, Severity
from oerbook.source import first_book, frontmatter
from oerbook.source.book import read_book
from oerbook.source.entries import entries
from oerbook.source.files import below, digest_of, forget, rest
from oerbook.source.page import INDEX
from oerbook.source.schema import BOOK
from oerbook.source.text import load
from oerbook.source.values import as_texts
from oerbook.tasks import looking
from oerbook.tasks.build import day, settled
from oerbook.tasks.cells import in_cells
from oerbook.tasks.looking import look, turned
from oerbook.tasks.rows import row

# What only looks odd in a book of one's own is an attack when a stranger sends it.
GRAVE = frozenset(
    ["html-active", "image-active", "link-active", "hidden-sign", "sign-control", "sign-lookalike", "outside-book"]
)
ARCHIVES = (".docx", ".odt", ".xlsx", ".ods", ".pptx", ".odp")
QUOTED = re.compile("“.*?”")
MOST_UNPACKED = 200_000_000
MOST_TIMES = 200
MOST_OF_A_BIBLIOGRAPHY = 20_000_000
WORDED = (".md", ".ipynb", ".svg", ".csv", ".tsv", ".txt", ".json", ".tex")


def warm() -> None:
    """Load all of the program that reading takes: a book of our own is read for that, and no other."""
    gc.set_threshold(*session.COLLECT)  # as in a run, and for all that comes before and after it
    session.load()
    looking.program()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for path, text in first_book.files("A book", "Ada Lee", "CC-BY-4.0").items():
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
    texts = []
    sources += [(person.place.path, person) for person in before.people]
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
        said_of(made) if isinstance(made, Chapter) else known_as(made)
        _at_hand[whole] = made
    looking.recall(shelf, texts)
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
        submission = _submission(asked, before, book, facts, policy)
        found = [finding for rule in POLICY.values() for finding in rule(submission)]
        found += _contents(tree, submission.changes)
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
    return {} if problem else frontmatter.read(text, INDEX, BOOK).values


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


def _submission(asked: Mapping[str, Any], before: Book, after: Book, facts: tuple[str, ...], policy: Any) -> Submission:
    changes = [Change(**{**row, "strangers": _pairs(row["strangers"])}) for row in asked["changes"]]
    signed_by = tuple(Signature(name, mail, role, tuple(of)) for name, mail, role, of in asked["signed"])
    pages = [page.path for page in (after.index, *after.chapters)] if any(c.kind != "added" for c in changes) else []
    shown = "\n".join(_text(after.root, path) for path in pages)
    brought = {change.path for change in changes} & set(pages)  # where text that leaves one page may turn up
    runs = {run for path in brought for run in _runs(_text(after.root, path))}
    known = tuple(_known(change, before, after, runs, shown) for change in changes)
    signed = isinstance(policy, dict) and policy.get("sign_off") is True
    return Submission(
        before, after, known, tuple(asked["files"]), _pairs(asked["authors"]),
        tuple(asked["unsigned"]) if signed else (), facts, tuple(asked["taken"]), _entries(before, after, changes),
        signed_by, _pairs(asked["met"]),
    )  # fmt: skip


def _pairs(rows: Iterable[Sequence[str]]) -> Pairs:
    return tuple((one, other) for one, other in rows)


def _known(change: Change, before: Book, after: Book, runs: set[int], shown: str) -> Change:
    """Say of a change how much of the earlier text is lost, and whether the text still names a file that is touched."""
    path = change.old_path or change.path
    if change.kind in ("changed", "renamed") and path.endswith(WORDED):
        earlier = _runs(_text(before.root, path))
        kept = set(
            _runs(_text(after.root, change.path))
        )  # the book need not show it: a page may stand beside its contents
        moved: set[int] = runs if path.endswith((".md", ".ipynb")) else set()
        gone = sum(1 for run in earlier if run not in kept and run not in moved)
        change = replace(change, lost=gone / len(earlier) if earlier else 0.0)
    elif change.kind == "changed":
        change = replace(change, lost=1.0)
    name = path.rpartition("/")[2]
    used = bool(name) and name in shown and re.search(rf"(?<![\w-]){re.escape(name)}", shown) is not None
    return replace(change, used=used)


def _entries(before: Book, after: Book, changes: Sequence[Change]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return the entries of the bibliography as they were and as they would be, if it is touched at all."""
    if not any(
        path.endswith(".bib") for change in changes if change.kind != "added" for path in (change.path, change.old_path)
    ):
        return (), ()
    return tuple(_all_entries(before.root)), tuple(_all_entries(after.root))


def _all_entries(root: Path) -> Iterator[Entry]:
    for path in sorted(root.glob("chapters/**/*.bib")):
        if path.is_file() and path.stat().st_size <= MOST_OF_A_BIBLIOGRAPHY:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            yield from entries(text, path.relative_to(root).as_posix())


def _text(root: Path, path: str) -> str:
    text, problem = load(root / path, root) if (root / path).is_file() else ("", "missing")
    return "" if problem else text


def _runs(text: str) -> list[int]:
    """Return a text as fingerprints of its runs of words; a short text counts word by word."""
    words = [word.casefold() for word in WORD.findall(text)]
    length = SHINGLE // 2 if len(words) >= SHINGLE else 1
    return [zlib.crc32(" ".join(words[n : n + length]).encode()) for n in range(len(words) - length + 1)]


def _contents(tree: Path, changes: Iterable[Change]) -> Iterator[Finding]:
    """Report drawings and archives that a submission brings and that are not what they seem, shown by a page or not."""
    for change in changes:
        path = tree / change.path
        if change.kind == "removed" or not path.is_file() or ".." in Path(change.path).parts:
            continue
        place = Place(change.path)
        if path.suffix.lower() == ".svg" and (problem := active_drawing(path)):
            yield Finding("image-active", problem, place, Severity.ERROR, "Save it as plain SVG.")
        if path.suffix.lower() in ARCHIVES and (problem := _bomb(path)):
            yield Finding("archive-bomb", problem, place, Severity.ERROR, "Save the document anew.")


def _bomb(path: Path) -> str:
    """Return what is wrong with a document that is an archive, by what its own list of contents says."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return "this is no document of the kind that its name says"
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    nested = any(m.filename.lower().endswith((".zip", *ARCHIVES)) for m in members) and len(members) > 1000
    outside = [m.filename for m in members if m.filename.startswith(("/", "\\")) or ".." in m.filename.split("/")]
    if outside:
        return "this document would write files outside its own folder"
    if unpacked > MOST_UNPACKED or (unpacked > 10_000_000 and unpacked > MOST_TIMES * max(packed, 1)) or nested:
        return f"this document unpacks to {unpacked / 1e6:.0f} million bytes"
    return ""


def split(
    before: Sequence[Finding], after: Sequence[Finding], renamed: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Divide findings into those that a submission brings and those that were there, wherever their lines are now.

    A finding that left one page and turned up in another, as when a chapter is divided, was there before; so was a
    passage that is copied still, if it was changed in part.
    """
    moved = {
        f: replace(f, place=replace(f.place, path=renamed[f.place.path])) for f in before if f.place.path in renamed
    }
    there = [moved.get(f, f) for f in before] if moved else before
    left, brought = list(there), list(after)
    old: list[Finding] = []
    ways: tuple[Callable[[Finding], Any], ...] = (id, _in_place, _elsewhere, _in_part)  # most are the very same
    for alike in ways:
        had: dict[Any, list[Finding]] = defaultdict(list)
        for finding in left:
            had[alike(finding)].append(finding)
        fresh: list[Finding] = []
        for finding in brought:
            known = had[alike(finding)]
            (old if known else fresh).append(finding)
            known[:1] = []
        left, brought = [finding for known in had.values() for finding in known], fresh
    return tuple(brought), tuple(sorted(old, key=lambda f: f.sort_key))


def _in_place(finding: Finding) -> tuple[str, ...]:
    return finding.code, finding.place.path, _bare(finding)


def _elsewhere(finding: Finding) -> tuple[str, ...]:
    return finding.code, _bare(finding)


def _in_part(finding: Finding) -> tuple[str, ...]:
    words = _bare(finding)
    return finding.code, finding.place.path, QUOTED.sub("", words) if finding.code == "text-copied" else words


def _bare(finding: Finding) -> str:
    return _without_numbers(finding.message)


@lru_cache(maxsize=5000)
def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text)
