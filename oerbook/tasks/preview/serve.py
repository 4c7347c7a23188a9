"""Live preview: render saved pages at once, rebuild the book in the background."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from oerbook.errors import OerbookError
from oerbook.model.findings import Finding
from oerbook.sandbox.forkserver import Failure, ForkServer
from oerbook.source.book import read_book
from oerbook.storage.locks import lock_file
from oerbook.tasks.preview import site
from oerbook.tasks.preview.site import PreviewJob, ProgressMessage
from oerbook.tasks.preview.state import PreviewState
from oerbook.tasks.progress import Progress
from oerbook.tools.file_watcher import take_snapshot, watch_changes
from oerbook.tools.preview_server import ListenAddress, serve_preview

WATCHED_FOLDERS = ("chapters", "contributors", "themes")
QUIET_PERIOD_S = 0.5  # seconds without a change before the book is rebuilt
MAX_PAGES_AT_ONCE = 5  # pages rendered immediately after a change; if more changed, only the book is rebuilt


@dataclass(frozen=True, slots=True)
class FindingsDiff:
    """How the findings changed: new ones, fixed ones, and all current ones."""

    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    current: tuple[Finding, ...]


class PreviewListener(Progress, Protocol):
    """Receives the events of a preview, to print them."""

    def on_ready(self, title: str, address: str) -> None:
        """Called when the preview is available at an address."""
        ...

    def on_file_saved(self, path: str) -> None:
        """Called when a file was saved, before the page is rendered."""
        ...

    def on_page_rendered(self, path: str, diff: FindingsDiff) -> None:
        """Called when a page was rendered again."""
        ...

    def on_book_rebuilt(self, diff: FindingsDiff) -> None:
        """Called when the whole book was rebuilt."""
        ...

    def on_problem(self, error: OerbookError) -> None:
        """Called when the book cannot be rebuilt; the last good state stays visible."""
        ...


def serve(root: Path, out: Path, listener: PreviewListener, where: ListenAddress) -> None:
    """Serve a preview of the book on this machine until interrupted.

    Site and cache are in `out`.
    Raises OerbookError when there is no book, no free port, or when another preview is using `out`.
    """
    book, _findings = read_book(root)
    state, stopped = PreviewState(), threading.Event()
    out.mkdir(parents=True, exist_ok=True)
    lock = lock_file(out / ".preview.lock")
    builder = _Builder(state, PreviewJob(book.root, out.resolve()), listener, stopped)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        hint = "Use that one, stop it, or choose another folder with --out."
        raise OerbookError(f"another preview is using {out}", hint=hint) from error
    try:
        folders = [folder for name in WATCHED_FOLDERS if (folder := book.root / name).is_dir()]
        before = take_snapshot(folders)
        builder.build_first()
        rebuilder = threading.Thread(target=builder.rebuild_on_change, daemon=True)
        rebuilder.start()
        with serve_preview(state, where) as address:
            listener.on_ready(book.title, address)
            for changed_files in watch_changes(folders, before, stopped):
                if changed_files:
                    builder.handle_change(changed_files)
    finally:
        stopped.set()
        builder.stop()
        lock.release()


class _Builder:
    """Renders changed pages at once, and rebuilds the book after a pause.

    Two processes take turns: `current` renders pages of the last build, `next` runs the next build.
    """

    def __init__(
        self, state: PreviewState, job: PreviewJob, audience: PreviewListener, stopped: threading.Event
    ) -> None:
        self.state, self.job, self.audience, self.stopped = state, job, audience, stopped
        self.rebuild_needed = threading.Event()
        self.current_in_use = threading.Lock()
        self.current, self.next = ForkServer(site.build_site), ForkServer(site.build_site)
        self.digests: dict[Path, str] = {}
        self.reported: tuple[Finding, ...] = ()

    def build_first(self) -> None:
        """Build the book for the first time, with progress."""
        stages = _StageRelay(self.audience)
        answer = self.current.start(self.job, stages.receive)
        stages.close()
        if isinstance(answer, Failure):
            raise answer.error or RuntimeError(answer.reason)
        self.state.show_site(answer, 0)
        self.audience.on_book_rebuilt(self._findings_diff())

    def handle_change(self, files: frozenset[Path]) -> None:
        """Render the pages whose files changed, and request a rebuild of the book."""
        changed = sorted(path for path in files if self._has_new_content(path))
        if not changed:
            return
        names = [path.relative_to(self.job.root).as_posix() for path in changed if path.is_file()]
        addresses = self.state.site.page_addresses if self.state.site else {}
        pages = [name for name in names if name in addresses]
        for page in pages if len(pages) <= MAX_PAGES_AT_ONCE else ():
            self.audience.on_file_saved(page)
            self.job = replace(self.job, likely_page=page)
            with self.current_in_use:
                answer = self.current.ask(page)
                if answer is not None and not isinstance(answer, Failure):
                    self.state.show_page(page, answer)
                    self.audience.on_page_rendered(page, self._findings_diff())
        self.rebuild_needed.set()

    def rebuild_on_change(self) -> None:
        """Rebuild the book after each pause in changes, until the preview stops."""
        while not self.stopped.is_set():
            self.rebuild_needed.wait()
            while self.rebuild_needed.is_set() and not self.stopped.is_set():
                self.rebuild_needed.clear()
                self.stopped.wait(QUIET_PERIOD_S)
            if not self.stopped.is_set():
                self._rebuild()

    def _rebuild(self) -> None:
        revision = self.state.revision()
        with self.state.notify_of_change():
            self.state.building = True
        answer = self.next.start(self.job, lambda _message: None)
        if self.stopped.is_set():
            return
        if isinstance(answer, Failure):
            self._report_failure(answer)
            return
        with self.current_in_use:
            self.current, self.next = self.next, self.current
            self.state.building = False
            self.state.show_site(answer, revision)
            self.audience.on_book_rebuilt(self._findings_diff())
        self.next.stop()
        self.next = ForkServer(site.build_site)

    def _findings_diff(self) -> FindingsDiff:
        """Return how the findings changed since the last call, ignoring line numbers."""
        before, now = self.reported, self.state.build_findings()
        count_before, count_now = Counter(map(_without_line, before)), Counter(map(_without_line, now))
        self.reported = now
        new = tuple(f for f in now if count_now[_without_line(f)] > count_before[_without_line(f)])
        fixed = tuple(f for f in before if count_before[_without_line(f)] > count_now[_without_line(f)])
        return FindingsDiff(new, fixed, now)

    def _report_failure(self, failure: Failure) -> None:
        reason = failure.reason.strip().splitlines()[-1]
        error = failure.error or OerbookError("the book cannot be built in its current state", hint=reason)
        self.next.stop()
        with self.state.notify_of_change():
            self.state.error, self.state.building = error.message, False
        self.audience.on_problem(error)

    def _has_new_content(self, path: Path) -> bool:
        """Say whether a file's content differs from that at the last call."""
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        except OSError:
            digest = ""
        before = self.digests.get(path)
        self.digests[path] = digest
        return digest != before

    def stop(self) -> None:
        """End both processes and the rebuilding thread."""
        self.rebuild_needed.set()
        self.next.stop()
        self.current.stop()


def _without_line(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.place.path, finding.message


class _StageRelay:
    """Shows the stages that the preview process reports in messages."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage: AbstractContextManager[Callable[..., None]] | None = None
        self._step: Callable[..., None] | None = None

    def receive(self, message: ProgressMessage) -> None:
        """Open a stage, or advance the open one by a step."""
        if len(message) == 3:
            self.close()
            self._stage = self._progress.stage(message[1], message[2])
            self._step = self._stage.__enter__()
        elif self._step:
            self._step()

    def close(self) -> None:
        """Close the open stage."""
        if self._stage is not None:
            self._stage.__exit__(None, None, None)
        self._stage = self._step = None
