"""The exceptions for problems that stop a command."""

from __future__ import annotations


class OerbookError(Exception):
    """A problem that stops the command, with a hint on how to solve it.

    A problem *in the book* is a `Finding` instead, so that all of them can be reported.

    >>> raise OerbookError("there is no book here", hint="Run oerbook in the folder that holds chapters/.")
    Traceback (most recent call last):
    oerbook.errors.OerbookError: there is no book here
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class MachineError(OerbookError):
    """A problem of the user's machine, such as a full disk: neither the book nor oerbook is at fault.

    `number` is the system's error number (`errno`).
    """

    def __init__(self, message: str, *, hint: str = "", number: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.number = number
