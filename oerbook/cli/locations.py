"""Further places of a finding, as text."""

from __future__ import annotations

from dataclasses import replace

from oerbook.model.findings import Finding, Place

MAX_SAME_FINDINGS_PER_LINE = 5  # findings of one kind that are printed one by one
MAX_LISTED_PLACES = 12  # places listed for one finding


def describe_other_places(first: Place, others: list[Place]) -> str:
    """Return the other places of a finding as a sentence, page by page; of very many, only the first ones.

    >>> describe_other_places(Place("a.md", 2), [Place("a.md", 5), Place("a.md", 9), Place("b.md", 1)])
    'Also in lines 5 and 9; in b.md:1'
    """
    listed = others[:MAX_LISTED_PLACES] if len(others) > MAX_LISTED_PLACES + 2 else others
    pages: dict[str, list[str]] = {}
    for place in listed:
        position = place.cell or (str(place.line) if place.line else "")
        is_bare = place.path == first.path or not position.isdigit()
        pages.setdefault(place.path, []).append(position if is_bare else f":{position}")
    parts = [_on_page(path, positions, same_page=path == first.path) for path, positions in pages.items()]
    rest = f"; and in {len(others) - len(listed)} more places" if len(listed) < len(others) else ""
    return f"Also in {'; '.join(parts).removeprefix('in ')}{rest}"


def _on_page(path: str, positions: list[str], *, same_page: bool) -> str:
    first = positions[0]
    if same_page:
        noun = "line " if len(positions) == 1 else "lines "
        return (noun if first.isdigit() else "") + _enumerate(positions)
    if first.startswith(":"):
        return f"in {path}{_enumerate(positions)}"
    return f"in {path}" + (f" ({_enumerate(positions)})" if first else "")


def _enumerate(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def collapse_findings_of_line(items: list[Finding]) -> list[Finding]:
    """Return findings; of many of one kind in one line only the first, which says how many there are."""
    lines: dict[tuple[str, str, int], list[Finding]] = {}
    for finding in items:
        lines.setdefault((finding.code, finding.place.path, finding.place.line), []).append(finding)
    result = []
    for (_code, _path, line), found in lines.items():
        message = f"{found[0].message} (and {len(found) - 1} more of this kind in this line)"
        result += [replace(found[0], message=message)] if line and len(found) > MAX_SAME_FINDINGS_PER_LINE else found
    return result
