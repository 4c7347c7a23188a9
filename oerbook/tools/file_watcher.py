"""Watching a book's files for changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import DefaultFilter, watch

QUIET = 20  # milliseconds without a change after which those before are told
MOST = 400  # milliseconds after which they are told all the same

Stamp = tuple[int, int]


class _Files(DefaultFilter):
    """What editors write beside a file is no change of the book, nor is what we write ourselves."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, "_build", ".ipynb_checkpoints")
    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"^\.#", r"^#.*#$", r"^4913$", r"\.tmp$")


def changes(folders: Sequence[Path], before: Mapping[Path, Stamp], ended: Event) -> Iterator[frozenset[Path]]:
    """Yield the files below some folders that changed together since they were as in `before`, until `ended` is set.

    Nothing is yielded at least three times a second, so that whoever waits can be interrupted.
    """
    told = watch(
        *folders, watch_filter=_Files(), debounce=MOST, step=QUIET, stop_event=ended, rust_timeout=300,
        yield_on_timeout=True, raise_interrupt=True,
    )  # fmt: skip
    for turn, batch in enumerate(told):
        files = frozenset(Path(path) for _change, path in batch)
        if not turn:  # what changed while nobody watched yet
            now = stamps(folders)
            files |= {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        yield files


def stamps(folders: Sequence[Path]) -> dict[Path, Stamp]:
    """Return the times (in nanoseconds) and sizes of the files below some folders."""
    found = {}
    for path in (path for folder in folders for path in folder.rglob("*")):
        with suppress(OSError):
            known = path.stat()
            found[path] = (known.st_mtime_ns, known.st_size)
    return found
