"""Check git file modes: no symbolic links, submodules or executables."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Submission


def check(submission: Submission) -> Iterator[Finding]:
    """Report symbolic links, submodules and executable files that a submission adds."""
    for change in submission.changes:
        place = Place(change.path)
        if change.kind == "removed" or (change.mode == change.old_mode and change.kind != "renamed"):
            continue
        if change.mode == "120000":
            message = "this is a symbolic link"
            yield Finding("file-symlink", message, place, Severity.ERROR, "Replace it with a copy of the file.")
        elif change.mode == "160000":
            message = "this is a git submodule"
            yield Finding("submodule", message, place, Severity.ERROR, "Copy the files themselves to chapters/.")
        elif change.mode != "100644":
            message = "this file is executable"
            hint = "Remove the permission: git update-index --chmod=-x FILE"
            yield Finding("file-executable", message, place, Severity.ERROR, hint)
