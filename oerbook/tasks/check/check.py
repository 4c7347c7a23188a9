"""Checking the book: everything that a machine can say of it before a person reads it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from oerbook.checks import CHECKS
from oerbook.document.session import PATIENCE, Order, understand
from oerbook.errors import OerbookError
from oerbook.model.findings import Finding, Severity
from oerbook.model.proof import Answer, Proof
from oerbook.source.book import read_book
from oerbook.source.notebook_locations import in_cells
from oerbook.storage.files import write_atomically
from oerbook.tasks.build.build import alone, conf_not_run, moment, settled
from oerbook.tasks.progress import Progress
from oerbook.tools import link_checker

KEPT = 7 * 86400  # seconds that a good answer of the web stands
OTHERS = (".md", ".txt", ".html", ".htm", ".ipynb", ".tex", ".rst")
MOST_OF_OTHERS = 20_000_000  # bytes of one text to compare with


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of a check: the web too (with the time now, in seconds), texts to compare with, patience a page."""

    links: bool = False
    now: int = 0
    against: Path | None = None
    manners: link_checker.Manners = field(default_factory=link_checker.Manners)
    patience: float = PATIENCE


def check(root: Path, out: Path, wishes: Wishes, progress: Progress) -> tuple[Finding, ...]:
    """Return all findings in the book at `root`; what is worked out is kept below `out`, as a build keeps it.

    Raises OerbookError when there is no book, or when a build is at work in `out`.
    """
    book, findings = read_book(root)
    if wishes.against is not None and not wishes.against.is_dir():
        raise OerbookError(f"{wishes.against} is not a folder", hint="--against takes a folder of texts.")
    book = replace(book, settings=replace(book.settings, execute=False))  # looking runs nothing
    with alone(out.resolve()):
        work = out.resolve() / ".cache"
        order = Order((), work, moment(book), proof=True, patience=wishes.patience)
        understood = understand(book, order, progress.stage)
        proof = replace(understood.proof or Proof(), others=tuple(_others(wishes.against)))
        if wishes.links:
            proof = replace(proof, answers=_asked(proof, work / "links.json", wishes, progress))
        with progress.stage("checking", len(CHECKS)) as advance:
            looked = []
            for look in CHECKS.values():
                looked += list(look(book, proof))
                advance()
    return settled(in_cells([*findings, *conf_not_run(book), *understood.findings, *looked], root))


def _others(folder: Path | None) -> Iterable[tuple[str, str]]:
    """Yield the texts of a folder, each as words without its mark-up."""
    import re

    for path in sorted(folder.rglob("*")) if folder else []:
        if path.suffix.lower() not in OTHERS or not path.is_file() or path.stat().st_size > MOST_OF_OTHERS:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix.lower() in (".html", ".htm"):
            text = re.sub(r"(?is)<(script|style).*?</\1>|<[^>]*>", " ", text)
        yield f"{path.relative_to(folder or path).as_posix()}", text


def _asked(proof: Proof, cache: Path, wishes: Wishes, progress: Progress) -> tuple[Answer, ...]:
    """Ask the web for every address of the book that no good answer is kept of."""
    links = (link.target.partition("#")[0] for page in proof.pages for link in page.links)
    urls = [url for url in dict.fromkeys(links) if url.startswith(("http://", "https://"))]
    kept = {url: found for url, found in _kept(cache).items() if wishes.now - found[1] < KEPT}
    fresh = [url for url in urls if url not in kept]
    with progress.stage("asking the web", len(fresh)) as advance:
        answers = link_checker.ask(fresh, wishes.manners, advance)
    kept |= {answer.url: (answer, wishes.now) for answer in answers if 200 <= answer.status < 400}
    rows = [{**asdict(answer), "when": when} for answer, when in kept.values()]
    write_atomically(cache, json.dumps(rows, indent=1).encode())
    found = {url: answer for url, (answer, _when) in kept.items()} | {answer.url: answer for answer in answers}
    return tuple(found[url] for url in urls)


def _kept(cache: Path) -> dict[str, tuple[Answer, int]]:
    try:
        rows = json.loads(cache.read_bytes())
        return {row["url"]: (Answer(row["url"], row["status"], row["moved"]), row["when"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def within(findings: Iterable[Finding], paths: Sequence[Path], root: Path) -> tuple[Finding, ...]:
    """Return the findings in some files or folders of the book; all when none is named.

    Raises OerbookError when a path is not there.
    """
    wanted = []
    for path in paths:
        full = path.resolve() if path.exists() else (root / path).resolve()
        if not full.exists() or not full.is_relative_to(root.resolve()):
            raise OerbookError(f"{path} is not in the book", hint=_meant(path, root))
        wanted.append(PurePosixPath(full.relative_to(root.resolve()).as_posix()))
    return tuple(
        f for f in findings if not wanted or any(PurePosixPath(f.place.path).is_relative_to(w) for w in wanted)
    )


def _meant(path: Path, root: Path) -> str:
    """Return which file was probably meant by a path that is not there."""
    folders = [root / name for name in ("chapters", "contributors")]
    known = [found.relative_to(root).as_posix() for folder in folders for found in folder.rglob("*")]
    close = difflib.get_close_matches(path.as_posix(), known, 1, 0.8)
    return f"Did you mean {close[0]}?" if close else "Name files or folders such as chapters/03-soil.md."


def allowed(findings: Iterable[Finding], codes: Iterable[str]) -> tuple[Finding, ...]:
    """Return findings with those of some codes turned into remarks."""
    listed = frozenset(codes)
    return tuple(replace(f, severity=Severity.INFO) if f.code in listed else f for f in findings)
