"""Watch a book's files for changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import DefaultFilter, watch

QUIET_PERIOD_MS = 20  # milliseconds without a change after which earlier changes are reported
MAX_DELAY_MS = 400  # milliseconds after which they are reported in any case
MAX_WAIT_MS = 300

ModificationStamp = tuple[int, int]  # modification time in ns, size in bytes


class _Files(DefaultFilter):
    """Ignores temporary files of editors and our own output."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, "_build", ".ipynb_checkpoints")
    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"^\.#", r"^#.*#$", r"^4913$", r"\.tmp$")


def watch_changes(
    folders: Sequence[Path], before: Mapping[Path, ModificationStamp], ended: Event
) -> Iterator[frozenset[Path]]:
    """Yield sets of files in `folders` that changed together, until `ended` is set.

    `before` is a result of `take_snapshot`.
    An empty set is yielded at least three times a second, so that the caller can be interrupted.
    """
    batches = watch(
        *folders, watch_filter=_Files(), debounce=MAX_DELAY_MS, step=QUIET_PERIOD_MS, stop_event=ended,
        rust_timeout=MAX_WAIT_MS,
        yield_on_timeout=True, raise_interrupt=True,
    )  # fmt: skip
    for number, batch in enumerate(batches):
        files = frozenset(Path(path) for _change, path in batch)
        if number == 0:  # add what changed before watching began
            now = take_snapshot(folders)
            files |= {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        yield files


def take_snapshot(folders: Sequence[Path]) -> dict[Path, ModificationStamp]:
    """Return modification times (in nanoseconds) and sizes of all files in `folders`."""
    result = {}
    for path in (path for folder in folders for path in folder.rglob("*")):
        with suppress(OSError):
            status = path.stat()
            result[path] = (status.st_mtime_ns, status.st_size)
    return result
