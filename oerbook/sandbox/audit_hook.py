"""Restrict file access to the book and the program while a page is read.

This is the second line of defence. The directives known to read files are checked one by one, with better messages;
extensions have others, and more with each release. The hook sees every file that Python opens
(https://peps.python.org/pep-0578/).
"""

from __future__ import annotations

import errno
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

IsAllowed = Callable[[Path], bool]

PROCESS_AND_NETWORK_EVENTS = frozenset(
    [
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "subprocess.Popen",
        "webbrowser.open",
        "socket.connect",
        "socket.sendto",
        "socket.getaddrinfo",
        "urllib.Request",
    ]
)
ReportRefusal = Callable[[str], None]
_restrictions: list[tuple[Path, IsAllowed, ReportRefusal]] = []
_threads: list[int] = []  # identifiers of the restricted threads; other threads are not restricted


@contextmanager
def restrict_file_access(book: Path, is_allowed: IsAllowed, report_refusal: ReportRefusal) -> Iterator[None]:
    """Restrict the block to files of the program and those that are allowed.

    `is_allowed` gets the real path of a file. Files in the folder of the `book` are never files of the program, even
    if Python imports modules from there. Processes and network connections are refused as well. For each refused
    access, `report_refusal` gets the name of the file, and the code that tried it gets a `PermissionError`.
    """
    _install()
    _threads.append(threading.get_ident())
    _restrictions.append((book, is_allowed, report_refusal))
    try:
        yield
    finally:
        _restrictions.pop()
        _threads.pop()


@cache
def _install() -> None:
    """Register the audit hook, once. It cannot be removed while the process lives."""
    sys.addaudithook(_audit)


@cache
def _program_folders(book: Path) -> tuple[str, ...]:
    """Return the folders of Python and the program, but none that holds the book.

    The working directory is left out: `python -m` adds it to sys.path, but it belongs to the user.
    """
    installed = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), str(Path(__file__).parents[1])}
    names = installed | (set(sys.path) - {str(Path.cwd())})
    folders = {Path(name).resolve() for name in names if name}
    return tuple(sorted(f"{folder}{os.sep}" for folder in folders if not book.is_relative_to(folder)))


def _audit(event: str, arguments: tuple[str | bytes | int | None, ...]) -> None:
    if (
        not _restrictions
        or not (event == "open" or event in PROCESS_AND_NETWORK_EVENTS)
        or threading.get_ident() not in _threads[-1:]
    ):
        return
    book, is_allowed, report_refusal = _restrictions[-1]
    if event != "open":
        _refuse(report_refusal, "another program")
    name = arguments[0]
    if isinstance(name, int) or name is None or name == os.devnull:
        return
    path = os.path.realpath(os.fsdecode(name))
    if not path.startswith(_program_folders(book)) and not is_allowed(Path(path)):
        _refuse(report_refusal, Path(path).name)


def _refuse(report_refusal: ReportRefusal, name: str) -> None:
    _restrictions.append((Path(), lambda _path: True, report_refusal))  # reporting may open files
    try:
        report_refusal(name)
    finally:
        _restrictions.pop()
    raise PermissionError(errno.EACCES, "not a file of the book", name)
