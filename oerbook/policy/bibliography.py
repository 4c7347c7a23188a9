"""Protect the shared bibliography: submissions add entries, but change none."""

from __future__ import annotations

from collections.abc import Iterator

from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.submission import BibliographyEntry, Submission

ENTRY_HINT = "Restore it, or give yours another key. An editor can accept it with --allow {code}."


def check(submission: Submission) -> Iterator[Finding]:
    """Report entries that would be removed or changed, and entries that get more fields."""
    before, after = submission.bibliographies
    new_entries: dict[str, BibliographyEntry] = {}
    for entry in after:
        new_entries.setdefault(entry.key, entry)
    for entry in {entry.key: entry for entry in reversed(before)}.values():
        new_entry = new_entries.get(entry.key)
        if new_entry is None:
            message = f"the entry {entry.key} would be removed from the bibliography"
            place, hint = _current_file(entry, submission), ENTRY_HINT.format(code="bibliography-entry-removed")
            yield Finding("bibliography-entry-removed", message, place, Severity.ERROR, hint)
            continue
        old_fields, new_fields = dict(entry.fields), dict(new_entry.fields)
        changed = [name for name, value in entry.fields if new_fields.get(name) != value]
        added = [name for name in new_fields if name not in old_fields]
        if changed:
            message = f"fields of the entry {entry.key} would change: {', '.join(changed)}"
            yield Finding(
                "bibliography-entry-changed",
                message,
                new_entry.place,
                Severity.ERROR,
                ENTRY_HINT.format(code="bibliography-entry-changed"),
            )
        elif added:
            message = f"the entry {entry.key} gets more fields: {', '.join(added)}"
            yield Finding("bibliography-entry-changed", message, new_entry.place, Severity.INFO)


def _current_file(entry: BibliographyEntry, submission: Submission) -> Place:
    """Return the file of an old entry, by its new name if it is renamed."""
    moved = {c.old_path: c.path for c in submission.changes if c.kind == "renamed"}
    return Place(moved.get(entry.place.path, entry.place.path))
