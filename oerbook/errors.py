"""The one exception that means "we cannot go on"."""

from __future__ import annotations


class OerbookError(Exception):
    """Say why the work cannot go on, and what to do about it.

    A problem *in the book* is not an error but a `Finding`, so that all of them can be reported.

    >>> raise OerbookError("there is no book here", hint="Run oerbook in the folder that holds chapters/.")
    Traceback (most recent call last):
    oerbook.errors.OerbookError: there is no book here
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
