"""Building the book: read it, understand it once, make every format that was asked for."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from filelock import FileLock, Timeout

from oerbook.document.context.plain_messages import FIRST_HEADING, NAMELESS
from oerbook.document.session import Order, Understood, understand
from oerbook.errors import OerbookError
from oerbook.formats import FORMATS
from oerbook.git import process
from oerbook.manuscript.manuscript import Manuscript
from oerbook.model.artifacts import Artifact
from oerbook.model.book import Book
from oerbook.model.findings import Finding, Place, Severity
from oerbook.source.book import read_book
from oerbook.source.notebook_locations import in_cells
from oerbook.storage.archive import FIRST_MOMENT, holdable
from oerbook.storage.cache import Shelf, digest
from oerbook.storage.code_digest import code_digest
from oerbook.storage.files import write_atomically
from oerbook.tasks.build.cache_owner import trusted
from oerbook.tasks.build.downloads import Takeaway, offer
from oerbook.tasks.credits.authorship import Authorship, authorship, declared
from oerbook.tasks.credits.report import passages, report
from oerbook.tasks.progress import Progress

# The packages whose code decides what a finished file looks like.
FORMATTING = ("formats", "manuscript", "metadata", "model", "storage", "theming", "tools")
TARGETS = {"html": "html", "epub": "epub", "pdf": "typst", "print": "typst", "docx": "docx"}


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was made, and everything there is to say about the book."""

    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]


def build(root: Path, formats: Sequence[str], out: Path, progress: Progress, epoch: int | None = None) -> BuildReport:
    """Make the book at `root` in `formats` (html, epub, pdf, docx) below `out`.

    `epoch` is the moment the book is dated, in seconds; by default the last commit's.
    Raises OerbookError when there is no book, or when another build is at work in `out`.
    """
    out = out.resolve()
    with alone(out):
        book, findings = read_book(root)
        with progress.stage("credits", None):
            book, found = credited(book, out)
        wanted = [name for name in TARGETS if name in formats]
        order = Order(
            targets=tuple(dict.fromkeys(TARGETS[name] for name in wanted)),
            work=out / ".cache",
            epoch=moment(book) if epoch is None else holdable(epoch),
            downloads=tuple(
                (name, file_name(book, name)) for name in (*wanted, "site") if name not in ("html", "print")
            ),
        )
        understood = understand(book, order, progress.stage)
        artifacts = [_make(name, book, understood, out, progress) for name in wanted if name != "html"]
        if understood.site:
            with progress.stage("placing html", None):
                takeaway = Takeaway(file_name(book, "site"), order.epoch, order.work)
                artifacts.insert(0, place(understood.site, out, artifacts, passages(book, found, order.work), takeaway))
    everything = [
        *findings,
        *found.findings,
        *conf_not_run(book),
        *understood.findings,
        *(f for a in artifacts for f in a.findings),
    ]
    return BuildReport(tuple(artifacts), settled(in_cells(everything, book.root)))


def credited(book: Book, out: Path) -> tuple[Book, Authorship]:
    """Return the book with its credits, and write them down; a history that is cut short credits nobody falsely."""
    try:
        found = authorship(book, out / ".cache")
    except OerbookError as error:
        place = Place("chapters/index.md")
        finding = Finding(
            "history-incomplete", f"no credit from history: {error.message}", place, Severity.ERROR, error.hint
        )
        found = replace(declared(book), findings=(finding,))
    pages = (book.index, *book.chapters)
    text = json.dumps(report(book, found, pages, words=False), indent=1, ensure_ascii=False)
    write_atomically(out / "credits.json", text.encode())
    return replace(book, credits=found.credits), found


def conf_not_run(book: Book) -> list[Finding]:
    """Say when a book's conf.py holds more than the one line that plain Sphinx needs: a build does not run it."""
    path = book.root / "conf.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (SyntaxError, ValueError, RecursionError):
        tree = None
    lines = [node.lineno for node in tree.body if not _expected(node)] if tree else []
    if not lines:
        return []
    hint = "Facts belong into chapters/index.md. For extensions of Sphinx use sphinx-build -c . chapters out."
    return [
        Finding("conf-not-run", "oerbook build does not run conf.py", Place("conf.py", lines[0]), Severity.INFO, hint)
    ]


def _expected(node: ast.stmt) -> bool:
    """Say whether a statement is the docstring or `extensions = ["oerbook"]`."""
    return ast.unparse(node) == "extensions = ['oerbook']" or isinstance(node, ast.Expr)


def settled(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, each said once: the same code on the same line is one problem."""
    seen: set[tuple[str, str, int, str]] = set()
    named = {f.place.path for f in findings if f.code == "footnote-missing" and f.message != NAMELESS}
    kept = []
    for finding in sorted(findings, key=lambda f: f.sort_key):
        once = finding.code in {"heading-skip", "duplicate-label", "footnote-unreferenced"}
        line = 0 if finding.message == FIRST_HEADING else finding.place.line  # said of every heading, true of the first
        key = (finding.code, finding.place.path, line, "" if once else finding.message)
        if key not in seen and not (finding.message == NAMELESS and finding.place.path in named):
            seen.add(key)
            kept.append(finding)
    return tuple(kept)


def moment(book: Book) -> int:
    """Return the book's moment, in seconds since 1970: of its last commit, else of its date.

    A commit has the moment that whoever made it says; one that no format could hold is none.
    """
    committed = process.commit_time(book.root) or 0
    return committed if committed == holdable(committed) else day(book)


def day(book: Book) -> int:
    """Return when the day of the book's date began, in seconds since 1970; without one, the first that a zip file can hold."""
    return holdable(int(datetime.combine(book.date, time(), UTC).timestamp())) if book.date else FIRST_MOMENT


def file_name(book: Book, suffix: str) -> str:
    """Return the file name of a format: the book's title as a slug.

    >>> from oerbook.model.book import Chapter
    >>> file_name(Book(Path("."), "Soil & Water", Chapter("index", "chapters/index.md", "")), "epub")
    'soil-water.epub'
    """
    slug = re.sub(r"[^\w]+", "-", book.title.lower(), flags=re.UNICODE).strip("-_")
    ending = {"print": "-print.pdf", "site": "-site.zip"}.get(suffix, f".{suffix}")
    return f"{slug[:80].strip('-') or 'book'}{ending}"


def _make(name: str, book: Book, understood: Understood, out: Path, progress: Progress) -> Artifact:
    manuscript, path = understood.manuscripts[TARGETS[name]], out / file_name(book, name)
    shelf, key = Shelf(manuscript.work), _key(name, manuscript)
    with progress.stage(f"making {name}", None):
        kept: tuple[str, Artifact] | None = shelf.get("state", name)
        if kept and kept[0] == key and path.is_file() and kept[1].digest == _sha256(path):
            return replace(kept[1], path=path)
        made = FORMATS[name].build(manuscript, path)
        shelf.put("state", name, (key, made))
        return made


def _key(name: str, manuscript: Manuscript) -> str:
    """Return a digest of all that a finished file is made of: the text, the book's facts, the theme, this program."""
    files = [p for p in sorted(manuscript.theme.rglob("*")) if p.is_file()]
    book = manuscript.book
    files += [book.root / extra for extra in (book.settings.cover, book.settings.logo) if extra]
    files += sorted(p for p in (book.root / "chapters" / "_fonts").glob("*") if p.is_file())
    text = json.dumps([section.blocks for section in manuscript.sections], sort_keys=True)
    kinds = repr([(section.slug, section.kind) for section in manuscript.sections])
    facts = repr(replace(book, root=Path()))
    return digest(
        code_digest(*FORMATTING),
        name,
        text,
        kinds,
        facts,
        str(manuscript.epoch),
        *(p.read_bytes() for p in files if p.is_file()),
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def place(
    site: Path, out: Path, others: Sequence[Artifact], beside: Mapping[str, bytes], takeaway: Takeaway | None = None
) -> Artifact:
    """Put the finished site in place of the last one; a crash leaves one or the other, never a mixture."""
    fresh, old, place = out / ".html-new", out / ".html-old", out / "html"
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(site, fresh, ignore=shutil.ignore_patterns(".buildinfo", "_sources"))
    for name, data in beside.items():
        write_atomically(fresh / name, data)
    offer(fresh, place, others, takeaway)
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    return Artifact("html", place, tree_digest(place))


def tree_digest(folder: Path) -> str:
    """Return the SHA-256 of a folder's sorted listing of names and file digests."""
    sha = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        sha.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return sha.hexdigest()


@contextmanager
def alone(out: Path):  # type: ignore[no-untyped-def]
    """Hold the output folder, so that two builds never write into one another."""
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OerbookError(
            f"another build is at work in {out}", hint="Wait for it to end, or choose another folder with --out."
        ) from error
    try:
        trusted(out / ".cache")  # under the lock: two that begin at once would each take the other's for a stranger's
        yield
    finally:
        lock.release()
