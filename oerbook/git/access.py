"""Recognise git's messages that it refuses to read a repository, or that the machine has a problem."""

from __future__ import annotations

import os
import re
from shlex import quote

from oerbook.errors import OerbookError
from oerbook.storage.machine_errors import MACHINE_ERRNOS, raise_machine_error

DUBIOUS_OWNERSHIP_MESSAGE = re.compile(r"dubious ownership in repository at '(.+)'")
MISSING_GIT_DIR = re.compile(r"not a git repository: (.+)")  # without "(or any of the parent directories)"


MACHINE_MESSAGES = {number: os.strerror(number) for number in MACHINE_ERRNOS}


class UnreadableRepositoryError(OerbookError):
    """There is a repository, but git refuses to read it: that is not the same as a folder without history."""


def raise_if_unreadable(errors: str) -> None:
    """Raise UnreadableRepositoryError if git's messages say that it refuses to read a repository.

    Raises MachineError if one of them ends with an error of the system such as a full disk.
    """
    for number, text in MACHINE_MESSAGES.items():
        if any(line.endswith(f": {text}") for line in errors.splitlines()):
            raise_machine_error(OSError(number, text))
    untrusted = DUBIOUS_OWNERSHIP_MESSAGE.search(errors)
    if untrusted:
        folder = untrusted[1].removesuffix("/.git")
        message = f"git does not read the repository {folder}, because the folder belongs to another user"
        raise UnreadableRepositoryError(message, hint=f"Run git config --global --add safe.directory {quote(folder)}")
    missing = MISSING_GIT_DIR.search(errors)
    if missing and missing[1] != ".git":
        message = f"the file .git names the folder {missing[1]}, which is not a git repository"
        hint = "Clone the book again, or make that folder available here: it holds the history."
        raise UnreadableRepositoryError(message, hint=hint)
