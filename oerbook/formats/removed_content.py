"""Report what the last check of a finished file removed from it."""

from __future__ import annotations

from collections.abc import Iterable

from oerbook.model.findings import Finding, Place

REPORT_BUG_HINT = "Nothing should be left to remove here: please report this with the chapter that the name comes from."


def removed_content_findings(file: str, names: Iterable[str]) -> tuple[Finding, ...]:
    """Return a finding that names what was removed from a finished file, none if nothing was."""
    listed = ", ".join(dict.fromkeys(names))
    if not listed:
        return ()
    message = f"active content was removed from {file} ({listed[:80]})"
    return (Finding("html-script", message, Place("chapters/index.md"), hint=REPORT_BUG_HINT),)
