"""The bibliography, which all chapters share: a submission adds entries and leaves those of others as they are."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import Entry, Submission

ASK = "Put it back, or give yours another key; an editor can take it in with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report entries that would be gone or say something else than before, and those that say more."""
    before, after = submission.entries
    now: dict[str, Entry] = {}
    for entry in after:
        now.setdefault(entry.key, entry)
    for entry in {entry.key: entry for entry in reversed(before)}.values():
        later = now.get(entry.key)
        if later is None:
            words = f"the entry {entry.key} would no longer be in the bibliography"
            yield Finding(
                "entry-removed", words, _place(entry, submission), Severity.ERROR, ASK.format(code="entry-removed")
            )
            continue
        known, said = dict(entry.fields), dict(later.fields)
        other = [name for name, value in entry.fields if said.get(name) != value]
        more = [name for name in said if name not in known]
        if other:
            words = f"the entry {entry.key} would say something else than before: {', '.join(other)}"
            yield Finding("entry-changed", words, later.place, Severity.ERROR, ASK.format(code="entry-changed"))
        elif more:
            words = f"the entry {entry.key} says more than before: {', '.join(more)}"
            yield Finding("entry-changed", words, later.place, Severity.INFO)


def _place(entry: Entry, submission: Submission) -> Place:
    """Return the file that an entry stood in, under the name that it has now."""
    moved = {c.old_path: c.path for c in submission.changes if c.kind == "renamed"}
    return Place(moved.get(entry.place.path, entry.place.path))
