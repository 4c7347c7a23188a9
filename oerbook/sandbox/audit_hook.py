"""A wall behind the guards: while a page is read, nothing is opened but what the book and the program own, whoever asks.

`guard` and `guarded` know the directives that read files, and say what is wrong with what they ask for. Packages that a book
is read with have more of them, and more with every edition: of whatever they open, Python tells before it happens
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
from typing import Any

Allowed = Callable[[Path], bool]

BEGINS = frozenset(
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
Tell = Callable[[str], None]
_standing: list[tuple[Path, Allowed, Tell]] = []
_behind: list[int] = []  # the thread that reads a page; others do as they like


@contextmanager
def wall(book: Path, allowed: Allowed, tell: Tell) -> Iterator[None]:
    """Let the block open files that are `allowed` (asked by their real paths) or the program's own, and nothing else.

    What lies in the folder of the `book` is none of the program's, wherever that looks for its modules.
    It starts no program either, and calls nobody. Of what it tried, `tell` hears the name; whoever tried gets a
    PermissionError.
    """
    _install()
    _behind.append(threading.get_ident())
    _standing.append((book, allowed, tell))
    try:
        yield
    finally:
        _standing.pop()
        _behind.pop()


@cache
def _install() -> None:
    """Have Python tell of everything, from now on until the process ends: such a hook cannot be taken away."""
    sys.addaudithook(_look)


@cache
def _program(book: Path) -> tuple[str, ...]:
    """Return the folders that Python loads the program from, but for those that hold the book itself.

    `python -m oerbook` would load from the folder that it is started in, which is the user's.
    """
    loaded = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), str(Path(__file__).parents[1])}
    known = loaded | (set(sys.path) - {str(Path.cwd())})
    folders = {Path(name).resolve() for name in known if name}
    return tuple(sorted(f"{folder}{os.sep}" for folder in folders if not book.is_relative_to(folder)))


def _look(event: str, arguments: Any) -> None:
    if not _standing or not (event == "open" or event in BEGINS) or threading.get_ident() not in _behind[-1:]:
        return
    book, allowed, tell = _standing[-1]
    if event != "open":
        _refuse(tell, "another program")
    name = arguments[0]
    if isinstance(name, int) or name is None or name == os.devnull:
        return
    path = os.path.realpath(os.fsdecode(name))
    if not path.startswith(_program(book)) and not allowed(Path(path)):
        _refuse(tell, Path(path).name)


def _refuse(tell: Tell, name: str) -> None:
    _standing.append((Path(), lambda _path: True, tell))  # whatever telling takes
    try:
        tell(name)
    finally:
        _standing.pop()
    raise PermissionError(errno.EACCES, "this is no file of the book", name)
