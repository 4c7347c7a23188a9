"""Recognise errors of the user's machine, such as a full disk, behind any exception."""

from __future__ import annotations

import errno
import re
import shutil

from oerbook.errors import MachineError

FULL_HINT = "Free some space and run the command again. What was complete before is unchanged."
READ_ONLY_HINT = "Make it writable, or choose another folder for output with --out."
# What is wrong with the machine, whatever oerbook was doing.
MACHINE_ERRNOS = {
    errno.ENOSPC: ("the disk is full", FULL_HINT),
    errno.EDQUOT: ("your quota on this disk is used up", FULL_HINT),
    errno.EROFS: ("the disk or folder is read-only", READ_ONLY_HINT),
    errno.EIO: ("the disk reports an error", "Check the disk, and that it is still connected."),
    errno.EMFILE: ("too many files are open", "Close other programs, or raise the limit: ulimit -n 4096"),
    errno.ENFILE: ("too many files are open on this machine", "Close other programs and run the command again."),
}
# These may also be what a page ran into; they are the machine's fault when they end a command.
ACCESS_ERRNOS = {
    errno.EACCES: ("permission denied", READ_ONLY_HINT),
    errno.EPERM: ("the system does not permit it", READ_ONLY_HINT),
    errno.EFBIG: ("a file is larger than you may write", "Raise the limit: ulimit -f unlimited"),
    errno.ENOMEM: ("the memory is full", "Close other programs and run the command again."),
}
SQLITE_CODES = {8: errno.EROFS, 10: errno.EIO, 13: errno.ENOSPC, 14: errno.EACCES}  # https://sqlite.org/rescode.html
COPY_ERROR = re.compile(r"\[Errno (\d+)\]")  # in the text of shutil.Error, which holds the errors of many files


def find_machine_error(error: BaseException, *, access: bool = False) -> MachineError | None:
    """Return the error of the machine that is behind an exception, or None.

    With `access`, missing permissions count too: text of a book may be refused a file, but nothing else should be.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        if isinstance(current, MachineError):
            return current
        seen.add(id(current))
        table = MACHINE_ERRNOS | ACCESS_ERRNOS if access else MACHINE_ERRNOS
        number = _errno(current)
        if number in table:
            message, hint = table[number]
            name = getattr(current, "filename", None) if hint == READ_ONLY_HINT else None
            return MachineError(f"{message}: {name}" if isinstance(name, str) else message, hint=hint, number=number)
        current = getattr(current, "orig_exc", None) or current.__cause__ or current.__context__
    return None


def raise_machine_error(error: BaseException) -> None:
    """Raise MachineError if the machine is behind an exception that would otherwise count against the book."""
    found = find_machine_error(error)
    if found is not None:
        raise found from error


def _errno(error: BaseException) -> int:
    """Return the number of the system's error, 0 if there is none."""
    if isinstance(error, shutil.Error):
        match = COPY_ERROR.search(str(error))
        return int(match[1]) if match else 0
    if isinstance(error, OSError):
        return error.errno or 0
    return SQLITE_CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, 0)
