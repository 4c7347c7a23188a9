"""The exception for problems that stop a command."""

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
