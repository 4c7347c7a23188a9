"""What readers of a live preview see: the site as it was last built, and the pages that are ahead of it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from oerbook.document.resolving.live_page import PageSet
from oerbook.model.findings import Finding, Severity
from oerbook.reports.json_report import row
from oerbook.tasks.build.build import settled
from oerbook.tasks.preview.site import Whole

ALIVE = 15  # seconds after which a silent stream says that it lives
MOST_TOLD = 100  # findings in a page
SAME = frozenset({"searchindex.js", "objects.inv"})  # what a page does not show


class Shown:
    """The site, the pages ahead of it, and the findings in both."""

    def __init__(self) -> None:
        self.whole: Whole | None = None
        self.trouble = ""
        self.working = False
        self._ahead: dict[str, tuple[bytes, int]] = {}  # by address: a file and when it was set
        self._said: dict[str, tuple[PageSet, int]] = {}  # by source: a page set ahead, for what was found in it
        self._looks = ""
        self._turn = 0
        self._changed = threading.Condition()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Change what is shown, and wake those who wait for it."""
        with self._changed:
            self._turn += 1
            yield
            self._changed.notify_all()

    def now(self) -> int:
        """Return the count of changes so far, by which what was set before is told from what was set after."""
        return self._turn

    def put(self, path: str, page: PageSet) -> None:
        """Show a page ahead of the book."""
        with self.change():
            self._ahead |= {address: (body, self._turn) for address, body in page.files.items()}
            self._said[path] = (page, self._turn)
            self.trouble = ""

    def settle(self, whole: Whole, begun: int) -> None:
        """Show the whole book; pages that were set after it began stay ahead of it."""
        looks = _looks(whole.site)
        with self.change():
            self.whole, self.trouble, self._looks = whole, "", looks
            self._ahead = {address: kept for address, kept in self._ahead.items() if kept[1] > begun}
            self._said = {path: kept for path, kept in self._said.items() if kept[1] > begun}

    def findings(self) -> tuple[Finding, ...]:
        """Return all there is to say of the book as it is shown."""
        kept = [f for f in (self.whole.findings if self.whole else ()) if f.place.path not in self._said]
        return settled([*kept, *(finding for page, _turn in self._said.values() for finding in page.findings)])

    def advice(self) -> tuple[Finding, ...]:
        """Return what the checks say; of a page set ahead, what can be said before the book has followed."""
        kept = [f for f in (self.whole.advice if self.whole else ()) if f.place.path not in self._said]
        return settled([*kept, *(finding for page, _turn in self._said.values() for finding in page.advice)])

    def read(self, address: str) -> tuple[bytes, str] | None:
        """Return a file of the site and its digest; None when there is none, or when it is not for readers."""
        parts = PurePosixPath(address).parts
        if self.whole is None or any(part.startswith(".") or part == "/" for part in parts) or "\0" in address:
            return None
        body = self._ahead[address][0] if address in self._ahead else _read(self.whole.site, address)
        return None if body is None else (body, hashlib.sha256(body).hexdigest()[:16])

    def news(self, address: str) -> Iterator[Mapping[str, Any] | None]:
        """Yield what the reader of a page should know, whenever it changes."""
        told, turn = None, -1
        while True:
            with self._changed:
                self._changed.wait_for(lambda turn=turn: self._turn != turn, ALIVE)  # type: ignore[misc]
                turn = self._turn
            found = self.read(address)
            news = {
                "page": found[1] if found else "",
                "looks": self._looks,
                "trouble": self.trouble,
                "working": self.working,
                **self._told(address),
            }
            yield news if news != told else None
            told = news

    def _told(self, address: str) -> Mapping[str, Any]:
        """Return the findings for the reader of a page: its own first, the advice of the checks after what is wrong."""
        addresses = self.whole.addresses if self.whole else {}
        known = set(self.findings())
        said = [*self.findings(), *(f for f in self.advice() if f not in known)]
        found = [f for f in said if f.severity is not Severity.INFO]
        rows = [{**row(f), "href": addresses.get(f.place.path, ""), "here": addresses.get(f.place.path) == address} for f in found]  # fmt: skip
        rows.sort(key=lambda told: not told["here"])
        return {"findings": rows[:MOST_TOLD], "count": len(rows)}


def _read(site: Path, address: str) -> bytes | None:
    """Return a file of the site; the moment in which a new site takes the place of the old one is waited for."""
    for _ in range(3):
        with suppress(OSError, ValueError):
            path = (site / address).resolve(strict=True)
            return path.read_bytes() if path.is_relative_to(site.resolve()) and path.is_file() else None
        if site.is_dir():
            return None
        threading.Event().wait(0.02)
    return None


def _looks(site: Path) -> str:
    """Return a digest of what the pages of a site share: styles, scripts, pictures."""
    sha = hashlib.sha256()
    for path in sorted(p for p in site.rglob("*") if p.is_file() and p.suffix not in (".html", ".json")):
        if path.name not in SAME and not path.name.endswith(".who.js"):
            sha.update(path.relative_to(site).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()
