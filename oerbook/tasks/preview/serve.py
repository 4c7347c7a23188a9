"""A live preview: a page is shown anew as soon as its file is saved, and the rest of the book follows."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from oerbook.errors import OerbookError
from oerbook.model.findings import Finding
from oerbook.sandbox.forkserver import Failure, Warm
from oerbook.source.book import read_book
from oerbook.tasks.preview import site
from oerbook.tasks.preview.site import Job
from oerbook.tasks.preview.state import Shown
from oerbook.tasks.progress import Progress
from oerbook.tools.file_watcher import changes, stamps
from oerbook.tools.preview_server import serving

WATCHED = ("chapters", "contributors", "themes")
CALM = 0.5  # seconds without a change before the whole book follows
AT_ONCE = 5  # pages set at once after one change; of more, the book follows as a whole


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say that was not said before, what need not be said any more, and all there is to say now."""

    fresh: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    now: tuple[Finding, ...]


class Audience(Progress, Protocol):
    """Whoever watches the preview from the terminal."""

    def ready(self, title: str, address: str) -> None:
        """Hear where the preview is."""
        ...

    def saved(self, path: str) -> None:
        """Hear that a file was saved, before anything is done."""
        ...

    def shown(self, path: str, news: News) -> None:
        """Hear that a page is shown anew."""
        ...

    def settled(self, news: News) -> None:
        """Hear that the whole book has followed."""
        ...

    def trouble(self, error: OerbookError) -> None:
        """Hear that the last change cannot be shown; what was shown before still is."""
        ...


def serve(root: Path, out: Path, audience: Audience, port: int, *, fixed: bool) -> None:
    """Show the book at `root` on this machine until the process is interrupted; what is kept lies in `out`.

    Raises OerbookError when there is no book, when no port is free, or when another preview is at work in `out`.
    """
    book, _findings = read_book(root)
    shown, ended = Shown(), threading.Event()
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / ".preview.lock")
    work = _Work(shown, Job(book.root, out.resolve()), audience, ended)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        hint = "Use that one, end it, or choose another folder with --out."
        raise OerbookError(f"another preview is at work in {out}", hint=hint) from error
    try:
        folders = [folder for name in WATCHED if (folder := book.root / name).is_dir()]
        before = stamps(folders)
        work.first()
        follower = threading.Thread(target=work.follow, daemon=True)
        follower.start()
        with serving(shown, port, fixed=fixed) as address:
            audience.ready(book.title, address)
            for batch in changes(folders, before, ended):
                if batch:
                    work.change(batch)
    finally:
        ended.set()
        work.end()
        lock.release()


class _Work:
    """Keeps the preview up to date: the page in hand at once, the whole book when there is calm."""

    def __init__(self, shown: Shown, job: Job, audience: Audience, ended: threading.Event) -> None:
        self.shown, self.job, self.audience, self.ended = shown, job, audience, ended
        self.wanted = threading.Event()
        self.asking = threading.Lock()
        self.warm, self.coming = Warm(site.whole), Warm(site.whole)
        self.digests: dict[Path, str] = {}
        self.said: tuple[Finding, ...] = ()

    def first(self) -> None:
        """Build the book for the first time, and show how it goes."""
        bars = _Bars(self.audience)
        answer = self.warm.begin(self.job, bars.told)
        bars.end()
        self._must(answer)
        self.shown.settle(answer, 0)
        self.audience.settled(self._news())

    def change(self, files: frozenset[Path]) -> None:
        """Show the pages whose files changed, and let the book follow."""
        fresh = sorted(path for path in files if self._differs(path))
        if not fresh:
            return
        pages = [path.relative_to(self.job.root).as_posix() for path in fresh if path.is_file()]
        known = self.shown.whole.addresses if self.shown.whole else {}
        ahead = [path for path in pages if path in known]
        for path in ahead if len(ahead) <= AT_ONCE else ():
            self.audience.saved(path)
            self.job = replace(self.job, likely=path)
            with self.asking:
                answer = self.warm.ask(path)
                if answer is not None and not isinstance(answer, Failure):
                    self.shown.put(path, answer)
                    self.audience.shown(path, self._news())
        self.wanted.set()

    def follow(self) -> None:
        """Build the whole book whenever something changed and there was calm, until the preview ends."""
        while not self.ended.is_set():
            self.wanted.wait()
            while self.wanted.is_set() and not self.ended.is_set():
                self.wanted.clear()
                self.ended.wait(CALM)
            if not self.ended.is_set():
                self._whole()

    def _whole(self) -> None:
        begun = self.shown.now()
        with self.shown.change():
            self.shown.working = True
        answer = self.coming.begin(self.job, lambda _told: None)
        if self.ended.is_set():
            return
        if isinstance(answer, Failure):
            self._failed(answer)
            return
        with self.asking:
            self.warm, self.coming = self.coming, self.warm
            self.shown.working = False
            self.shown.settle(answer, begun)
            self.audience.settled(self._news())
        self.coming.end()
        self.coming = Warm(site.whole)

    def _news(self) -> News:
        """Return what has changed in the findings since it was asked last; a line that only moved is none of it."""
        before, now = self.said, self.shown.findings()
        known, here = Counter(map(_what, before)), Counter(map(_what, now))
        self.said = now
        fresh = tuple(f for f in now if here[_what(f)] > known[_what(f)])
        return News(fresh, tuple(f for f in before if known[_what(f)] > here[_what(f)]), now)

    def _failed(self, failure: Failure) -> None:
        error = failure.trouble or OerbookError(
            "the book cannot be set as it is now", hint=failure.reason.strip().splitlines()[-1]
        )
        self.coming.end()
        with self.shown.change():
            self.shown.trouble, self.shown.working = error.message, False
        self.audience.trouble(error)

    def _must(self, answer: Any) -> None:
        if isinstance(answer, Failure):
            raise answer.trouble or RuntimeError(answer.reason)

    def _differs(self, path: Path) -> bool:
        """Say whether a file has other words than when it was last looked at; saving it alone is no change."""
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        except OSError:
            digest = ""
        before = self.digests.get(path)
        self.digests[path] = digest
        return digest != before

    def end(self) -> None:
        """End what runs."""
        self.wanted.set()
        self.coming.end()
        self.warm.end()


def _what(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.place.path, finding.message


class _Bars:
    """Shows the stages that a process tells of."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage: Any = None
        self._step: Any = None

    def told(self, what: tuple[Any, ...]) -> None:
        """Begin a stage, or go a step on."""
        if what[0] == "stage":
            self.end()
            self._stage = self._progress.stage(what[1], what[2])
            self._step = self._stage.__enter__()
        elif self._step:
            self._step()

    def end(self) -> None:
        """End the stage that goes on."""
        if self._stage is not None:
            self._stage.__exit__(None, None, None)
        self._stage = self._step = None
