"""The state of a live preview: the last built site, and pages rendered since."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from oerbook.document.resolving.live_page import RenderedPage
from oerbook.model.findings import Finding, Severity, to_row
from oerbook.tasks.build.build_report import dedupe_findings
from oerbook.tasks.preview.site import BuiltSite

KEEPALIVE_S = 15  # seconds after which an idle stream of events sends a sign of life
MAX_SHOWN_FINDINGS = 100  # findings listed in a page
UNWATCHED_FILES = frozenset({"searchindex.js", "objects.inv"})  # files that do not change how a page looks


class PreviewState:
    """The site, pages rendered since it was built, and the findings in both.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self.site: BuiltSite | None = None
        self.error = ""
        self.building = False
        self._newer_files: dict[str, tuple[bytes, int]] = {}  # by address: content and revision
        self._newer_pages: dict[str, tuple[RenderedPage, int]] = {}  # by source path: page and revision
        self._assets_digest = ""
        self._revision = 0
        self._changed = threading.Condition()

    @contextmanager
    def notify_of_change(self) -> Iterator[None]:
        """Change attributes, and wake the threads that wait for a change."""
        with self._changed:
            self._revision += 1
            yield
            self._changed.notify_all()

    def revision(self) -> int:
        """Return the revision: the number of changes so far."""
        return self._revision

    def show_page(self, path: str, page: RenderedPage) -> None:
        """Show a newly rendered page, by source path."""
        with self.notify_of_change():
            self._newer_files |= {address: (body, self._revision) for address, body in page.files.items()}
            self._newer_pages[path] = (page, self._revision)
            self.error = ""

    def show_site(self, site: BuiltSite, start_revision: int) -> None:
        """Show a newly built site, and pages that were rendered since.

        `start_revision` is the revision at which its build started.
        """
        assets_digest = _digest_of_assets(site.folder)
        with self.notify_of_change():
            self.site, self.error, self._assets_digest = site, "", assets_digest
            self._newer_files = {
                address: file for address, file in self._newer_files.items() if file[1] > start_revision
            }
            self._newer_pages = {path: page for path, page in self._newer_pages.items() if page[1] > start_revision}

    def build_findings(self) -> tuple[Finding, ...]:
        """Return the findings of the build for everything that is shown."""
        older = [f for f in (self.site.findings if self.site else ()) if f.place.path not in self._newer_pages]
        newer = (finding for page, _revision in self._newer_pages.values() for finding in page.findings)
        return dedupe_findings([*older, *newer])

    def check_findings(self) -> tuple[Finding, ...]:
        """Return the findings of the checks.

        For newly rendered pages, they are of those checks that need one page only.
        """
        older = [f for f in (self.site.check_findings if self.site else ()) if f.place.path not in self._newer_pages]
        newer = (finding for page, _revision in self._newer_pages.values() for finding in page.check_findings)
        return dedupe_findings([*older, *newer])

    def read_file(self, address: str) -> tuple[bytes, str] | None:
        """Return a file of the site and its digest; None if missing or hidden."""
        parts = PurePosixPath(address).parts
        if self.site is None or any(part.startswith(".") or part == "/" for part in parts) or "\0" in address:
            return None
        newer = self._newer_files.get(address)
        body = newer[0] if newer else _read_file(self.site.folder, address)
        return None if body is None else (body, hashlib.sha256(body).hexdigest()[:16])

    def wait_for_page_states(self, address: str) -> Iterator[Mapping[str, object] | None]:
        """Yield the state of a page as plain data on each change; None to keep alive."""
        sent, revision = None, -1
        while True:
            with self._changed:
                self._changed.wait_for(lambda seen=revision: self._revision != seen, KEEPALIVE_S)  # type: ignore[misc]
                revision = self._revision
            file = self.read_file(address)
            state = {
                "page": file[1] if file else "",
                "looks": self._assets_digest,
                "trouble": self.error,
                "working": self.building,
                **self._listed_findings(address),
            }
            yield state if state != sent else None
            sent = state

    def _listed_findings(self, address: str) -> Mapping[str, object]:
        """Return the findings to list in a page, those of the page itself first."""
        addresses = self.site.page_addresses if self.site else {}
        build_findings = self.build_findings()
        already_listed = set(build_findings)
        check_findings = [f for f in self.check_findings() if f not in already_listed]
        visible = [f for f in (*build_findings, *check_findings) if f.severity is not Severity.INFO]
        visible.sort(key=lambda f: addresses.get(f.place.path) != address)
        rows = []
        for finding in visible[:MAX_SHOWN_FINDINGS]:
            page = addresses.get(finding.place.path)
            rows.append({**to_row(finding), "href": page or "", "here": page == address})
        return {"findings": rows, "count": len(visible)}


def _read_file(site: Path, address: str) -> bytes | None:
    """Return a file of the site, waiting while the site is being replaced."""
    for _ in range(3):
        with suppress(OSError, ValueError):
            path = (site / address).resolve(strict=True)
            return path.read_bytes() if path.is_relative_to(site.resolve()) and path.is_file() else None
        if site.is_dir():
            return None
        threading.Event().wait(0.02)
    return None


def _digest_of_assets(site: Path) -> str:
    """Return a digest of the files that pages share: styles, scripts, images."""
    sha = hashlib.sha256()
    for path in sorted(p for p in site.rglob("*") if p.is_file() and p.suffix not in (".html", ".json")):
        if path.name not in UNWATCHED_FILES and not path.name.endswith(".who.js"):
            sha.update(path.relative_to(site).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()
